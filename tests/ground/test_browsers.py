"""A browser is named as its owner would name it."""

import pytest

from hdh_portal.ground.browsers import words

pytestmark = pytest.mark.embedded
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        (PHONE, "Safari, iOS"),
        ("curl/8.5.0", "curl"),
        ("", "Navigateur inconnu"),
        ("<script>" * 25, "Navigateur inconnu"),
    ],
)
def test_browser_is_named(header, said):
    assert words(header) == said
