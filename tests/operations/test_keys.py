"""Both keys change while the portal lives: nobody is signed out, no second factor and no receipt is lost."""

import base64
import json
import re
import secrets

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from applications.evidence import receipts, verification
from hdh_portal.desk import invitations
from hdh_portal.ground import clock
from hdh_portal.records import outbox, signing, tasks
from hdh_portal.records.models import Message
from tests import factories
from tests.accounts.test_second_factor import code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_secret(settings):
    """Change SECRET_KEY; the former one becomes a fallback."""

    def change():
        former, settings.SECRET_KEY = settings.SECRET_KEY, secrets.token_urlsafe(48)
        settings.SECRET_KEY_FALLBACKS = [former, *settings.SECRET_KEY_FALLBACKS]

    return change


@pytest.fixture
def new_signing_key(settings):
    def change():
        settings.HDH_SIGNING_KEY = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()

    return change


def is_in(client):
    return client.get(reverse("desk:my_space")).status_code == 200


def signs_in(user, code):
    """Whether password and code open the portal, through the front door."""
    client = Client()
    asked = client.post(reverse("account_login"), {"login": user.email, "password": "phrase de passe"})
    client.post(asked.url, {"code": code})
    return is_in(client)


def signed_in_by_password(user):
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": "phrase de passe"})
    return client


def test_session_lives_through_the_change_and_after_the_fallback_is_gone(new_secret, settings):
    client, away = (signed_in_by_password(factories.make_user()) for _n in range(2))
    assert is_in(client) and is_in(away)
    new_secret()
    assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(client)
    assert not is_in(away)  # Who did not come meanwhile signs in again.


def test_links_of_mails_live_through_the_change(client, new_secret, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    user = factories.make_user()
    client.post(reverse("account_reset_password"), {"email": user.email})
    for pk in outbox.waiting(Message, clock.real()):
        tasks.send_message(pk)
    link = re.search(r"https?://[^/\s]+(/\S*)", mail.outbox[-1].body)[1]
    offer = invitations.invite(
        factories.the_call(), email=user.email, role="officer", body=factories.make_officer().body, at=clock.real()
    )
    told = invitations.token_of(offer)
    new_secret()
    assert client.get(link, follow=True).context["form"].fields.keys() >= {"password1"}
    assert invitations.token_of(offer) == told
    assert list(invitations.by_token(told)) == [offer]


def test_second_factors_survive_both_the_change_and_the_loss_of_the_former_key(new_secret, settings):
    officer = factories.make_officer(factor=False)
    secret = generate_totp_secret()
    TOTP.activate(officer.user, secret)
    codes = RecoveryCodes.activate(officer.user).get_unused_codes()
    new_secret()
    assert signs_in(officer.user, codes[0])
    call_command("rotate_keys", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    assert signs_in(officer.user, code_of(secret))
    assert signs_in(officer.user, codes[1])


def test_without_the_command_a_seed_is_lost_with_the_former_key_and_its_owner_is_named(new_secret, settings):
    officer = factories.make_officer(factor=False)
    secret = generate_totp_secret()
    TOTP.activate(officer.user, secret)
    new_secret()
    settings.SECRET_KEY_FALLBACKS = []
    assert not signs_in(officer.user, code_of(secret))
    kept = Authenticator.objects.get(user=officer.user).data
    with pytest.raises(CommandError, match=f"users {officer.user.pk}:"):
        call_command("rotate_keys")
    assert Authenticator.objects.get(user=officer.user).data == kept


def test_old_receipts_verify_and_new_ones_bear_the_new_key(client, new_signing_key):
    before = bytes(factories.make_deposited().last_submission().receipt)
    old = signing.key_id(signing.public_bytes())
    new_signing_key()
    new = signing.key_id(signing.public_bytes())
    call_command("rotate_keys", verbosity=0)
    assert set(client.get(reverse("desk:public_keys")).json()) == {old, new}
    after = bytes(factories.make_deposited().last_submission().receipt)
    assert [json.loads(receipt)["key_id"] for receipt in (before, after)] == [old, new]
    assert receipts.verdict(before).is_authentic and receipts.verdict(after).is_authentic
    assert list(verification.faults()) == []


def test_rotation_leaves_a_line_that_carries_no_secret(new_secret, new_signing_key):
    new_secret()
    new_signing_key()
    call_command("rotate_keys", verbosity=0)
    line = verification.chains().get(name="portail").entries.last()
    assert line.verb == "keys_rotated"
    assert line.data == {"seeds": 0, "signing_key": signing.key_id(signing.public_bytes())}
