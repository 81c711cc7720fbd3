"""The list of pictures keeps up with the resolver: a page that is forgotten is named."""

from types import SimpleNamespace

import pytest

from bench import photographing, shown

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def all_routes(settings):
    """The routes of a demonstration, which are all that there are."""
    settings.ROOT_URLCONF = "tests.demo.urls"


def test_every_page_has_a_picture_or_a_reason():
    assert photographing.unaccounted(shown) == []


def test_what_is_forgotten_or_gone_is_named():
    pictures = [one for one in shown.PICTURES if one.route != "desk:contact"]
    told = SimpleNamespace(PICTURES=pictures, REASONS=shown.REASONS | {"desk:gone": "", "desk:home": ""})
    assert photographing.unaccounted(told) == [
        "desk:contact has neither a picture nor a reason",
        "desk:home has a picture and a reason",
        "desk:gone is no route that answers a GET",
    ]


def test_pictures_have_names_of_their_own():
    names = [one.name for one in shown.PICTURES]
    assert sorted(set(names)) == sorted(names)
