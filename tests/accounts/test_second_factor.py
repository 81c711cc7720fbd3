"""Whoever selects needs a second factor, and is sent to set one up from every page but those of accounts."""

from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from applications.models import CaseOfficer
from hdh_portal.accounts.adapters import MFAAdapter
from tests import factories
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.embedded

SETUP = "/comptes/second-facteur/"
POWERS = ("officer", "manager", "secretary")


def offices(user_id):
    """What the first stage says of a person."""
    return CaseOfficer.objects.in_office().filter(user=user_id)


@pytest.fixture(autouse=True)
def roles(settings):
    settings.HDH_SECOND_FACTOR_ROLES = ["tests.accounts.test_second_factor.offices"]


def code_of(secret):
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


@pytest.mark.parametrize("power", POWERS)
def test_officer_without_second_factor_is_sent_to_set_one_up(client, db, power):
    client.force_login(factories.make_officer(power=power, factor=False).user)
    for page in (reverse("desk:my_space"), reverse("desk:home")):
        response = client.get(page)
        assert (response.status_code, response.url) == (302, SETUP)
    assert client.get(SETUP).context["needed"] is True


def test_administrator_without_second_factor_is_sent_too(client, db):
    client.force_login(factories.make_user(is_superuser=True))
    assert client.get(reverse("desk:my_space")).url == SETUP


def test_candidate_needs_none(client, person):
    client.force_login(person)
    assert client.get(reverse("desk:my_space")).status_code == 200


def test_removed_officer_needs_none(client, db):
    officer = factories.make_officer(factor=False)
    officer.removed_at = officer.since
    officer.save()
    client.force_login(officer.user)
    assert client.get(reverse("desk:my_space")).status_code == 200


def test_pages_of_accounts_stay_open(client, db):
    client.force_login(factories.make_officer(factor=False).user)
    open_pages = [SETUP, reverse("account_logout"), reverse("mfa_index")]
    assert [client.get(page).status_code for page in open_pages] == [200] * 3


def test_part_of_a_page_is_refused_without_a_page_in_its_place(client, db):
    client.force_login(factories.make_officer(factor=False).user)
    assert client.get(reverse("desk:my_space"), headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize(("kind", "status"), [("totp", 200), ("webauthn", 200), ("recovery_codes", 302)])
def test_recovery_codes_alone_are_no_second_factor(client, db, kind, status):
    officer = factories.make_officer(factor=False)
    Authenticator.objects.create(user=officer.user, type=kind, data={})
    client.force_login(officer.user)
    assert client.get(reverse("desk:my_space")).status_code == status


@pytest.mark.parametrize(("demo", "status"), [(True, 200), (False, 302)])
def test_bar_of_the_demonstration_counts_only_there(client, db, settings, demo, status):
    settings.HDH_DEMO = demo
    client.force_login(factories.make_officer(factor=False).user)
    session = client.session
    session["demo_second_factor"] = True
    session.save()
    assert client.get(reverse("desk:my_space")).status_code == status


def test_officer_sets_up_an_application_and_signs_in_with_it(client, db, sign_in, mails):
    officer = factories.make_officer(factor=False)
    sign_in(officer.user.email)
    asked = client.get(reverse("mfa_activate_totp"))
    client.post(asked.url, {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    codes = client.get(done.url).context["unused_codes"]
    assert client.get(reverse("desk:my_space")).status_code == 200
    client.post(reverse("account_logout"))
    first = sign_in(officer.user.email)
    assert first.url == reverse("mfa_authenticate")
    assert client.get(reverse("desk:my_space")).status_code == 302
    wrong = client.post(first.url, {"code": "000000"})
    assert wrong.context["form"].errors["code"] == [
        "Ce code n’est pas exact\u00a0: attendez le suivant et saisissez-le."
    ]
    client.post(first.url, {"code": codes[0]})
    assert client.get(reverse("desk:my_space")).status_code == 200


def test_recovery_code_serves_once(client, db, sign_in):
    officer = factories.make_officer(factor=False)
    TOTP.activate(officer.user, generate_totp_secret())
    code = RecoveryCodes.activate(officer.user).get_unused_codes()[0]
    first = sign_in(officer.user.email)
    client.post(first.url, {"code": code})
    client.post(reverse("account_logout"))
    sign_in(officer.user.email)
    client.post(first.url, {"code": code})
    assert "_auth_user_id" not in client.session


def test_seeds_are_not_kept_in_clear(db):
    user = factories.make_user()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    kept = Authenticator.objects.get(user=user).data["secret"]
    assert secret not in kept
    assert MFAAdapter().decrypt(kept) == secret


def test_seed_of_another_key_fits_no_code(settings):
    kept = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = "another key altogether"
    first, second = MFAAdapter().decrypt(kept), MFAAdapter().decrypt(kept)
    assert len({first, second, "JBSWY3DPEHPK3PXP"}) == 3


def test_seed_survives_a_change_of_key_with_its_fallback(settings):
    kept = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether"
    assert MFAAdapter().decrypt(kept) == "JBSWY3DPEHPK3PXP"


@pytest.fixture
def with_codes(db, monkeypatch, sign_in):
    """An officer with an application of codes, whose code at some seconds from now is `code(seconds)`; time stands."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: 1_900_000_015))
    user = factories.make_officer(factor=False).user
    secret = generate_totp_secret()
    TOTP.activate(user, secret)

    def code(seconds):
        return format_hotp_value(hotp_value(secret, (1_900_000_015 + seconds) // 30))

    return user, code


@pytest.mark.parametrize(("seconds", "accepted"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_clock_of_a_telephone_may_be_one_step_off(client, with_codes, sign_in, seconds, accepted):
    user, code = with_codes
    client.post(sign_in(user.email).url, {"code": code(seconds)})
    assert ("_auth_user_id" in client.session) is accepted


def test_code_serves_once_in_all_the_steps_in_which_it_is_taken(client, with_codes, sign_in, monkeypatch):
    user, code = with_codes
    client.post(sign_in(user.email).url, {"code": code(30)})
    client.post(reverse("account_logout"))
    later = SimpleNamespace(time=lambda: 1_900_000_015 + 59)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", later)
    client.post(sign_in(user.email).url, {"code": code(30)})
    assert "_auth_user_id" not in client.session


def test_code_that_set_the_application_up_does_not_sign_in(client, db, sign_in):
    officer = factories.make_officer(factor=False)
    sign_in(officer.user.email)
    client.post(client.get(reverse("mfa_activate_totp")).url, {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = code_of(secret)
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    client.post(reverse("account_logout"))
    client.post(sign_in(officer.user.email).url, {"code": code})
    assert "_auth_user_id" not in client.session


ANSWERS = (
    '{"id": "\\u0000"}',
    '{"id": "a", "rawId": "a", "response": {}, "type": "public-key"}',
    '{"id": "é", "rawId": "\\ud800", "response": {"clientDataJSON": "e30"}, "type": ["x"]}',
    '{"id": "YQ", "rawId": "YQ", "response": {"clientDataJSON": "W10", "attestationObject": "gA"}, "type": "x"}',
    "[[[]]]",
    '"\\ud800"',
)


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_of_a_key_that_is_none_is_a_wrong_one(client, db, sign_in, answer):
    """Seen: allauth knows one of the four errors that reading it raises, the others were a 500."""
    officer = factories.make_officer(factor=False)
    sign_in(officer.user.email)
    client.post(client.get(reverse("mfa_add_webauthn")).url, {"password": PASSWORD})
    client.get(reverse("mfa_add_webauthn"))
    added = client.post(reverse("mfa_add_webauthn"), {"name": "Clé", "credential": answer})
    assert (added.status_code, bool(added.context["form"].errors)) == (200, True)
    TOTP.activate(officer.user, generate_totp_secret())
    client.post(reverse("account_logout"))
    asked = sign_in(officer.user.email)
    client.get(asked.url)
    assert client.post(asked.url, {"credential": answer}).status_code == 200
    assert "_auth_user_id" not in client.session
