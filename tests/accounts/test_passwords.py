"""Passwords that only look long."""

import pytest
from django.core.exceptions import ValidationError

from hdh_portal.accounts.passwords import CommonCoreValidator

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse2020",
        "Azerty123456!",
        "passwordpassword",
        "123456789012",
        "qwerty-qwerty-1",
        "2020hopital2020",
        "1q2w3e4r5t6y",
    ],
)
def test_common_password_is_refused_with_figures_around_it(password):
    with pytest.raises(ValidationError) as refused:
        CommonCoreValidator().validate(password)
    assert refused.value.code == "password_too_common"


@pytest.mark.parametrize("password", ["quatre mots sans rapport", "x7Kq-94mZ-pw1v", "cheval agrafe pile"])
def test_uncommon_password_is_taken(password):
    assert CommonCoreValidator().validate(password) is None
