"""Every page of accounts renders in our frame, in French, for whoever may see it; every mail of allauth has ours."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from hdh_portal.accounts import emails
from hdh_portal.records import outbox, tasks
from hdh_portal.records.models import Message
from tests import factories
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.embedded

PUBLIC = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_inactive",
]
OWN = [
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "usersessions_list",
    "mfa_index",
    "mfa_list_webauthn",
    "accounts:second_factor",
    "accounts:account_closing",
]
DELICATE = ["mfa_activate_totp", "mfa_add_webauthn"]
WITH_FACTOR = ["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate"]
ENGLISH = re.compile(r"\b(the|your|password|email|please|sign in|account is)\b", re.I)


def text_of(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<script.*?</script>|<[^>]+>", " ", main, flags=re.S)


@pytest.fixture
def confirmed(client, person):
    """A person who has just typed the password again."""
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return person


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_is_ours(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert ENGLISH.findall(text_of(response)) == []


@pytest.mark.parametrize("name", OWN + DELICATE)
def test_own_page_is_ours(client, confirmed, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert ENGLISH.findall(text_of(response)) == []


@pytest.mark.parametrize("name", WITH_FACTOR)
def test_page_of_a_protected_account_is_ours(client, confirmed, name):
    Authenticator.objects.create(user=confirmed, type="totp", data={"secret": "x"})
    if "generate" not in name:
        client.post(reverse("mfa_generate_recovery_codes"))
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert ENGLISH.findall(text_of(response)) == []


@pytest.mark.parametrize("name", PUBLIC[:3] + OWN + DELICATE)
def test_field_has_a_label_and_no_placeholder(client, confirmed, name):
    if name in PUBLIC:
        client.logout()
    form = client.get(reverse(name)).context.get("form")
    shown = form.visible_fields() if form else []
    assert [field.name for field in shown if "placeholder" in field.field.widget.attrs or not field.label] == []


def test_too_many_requests_get_our_page(client, db):
    for _ in range(31):
        response = client.post(reverse("account_reset_password"), {"email": f"p{_}@exemple.fr"})
    assert response.status_code == 429
    assert ENGLISH.findall(text_of(response)) == []


def names_of_allauth():
    """Names of the mails that allauth can send with what we have installed."""
    folder = Path(allauth.__file__).parent / "templates"
    found = {path.name.removesuffix("_subject.txt") for path in folder.glob("*/email/*_subject.txt")}
    by_code = {"login_code", "password_reset_code"}
    old_names = {"email_confirm", "account_connected", "account_disconnected"}
    return sorted(found - by_code - old_names)


@pytest.mark.parametrize("name", [*names_of_allauth(), "account_closed"])
def test_mail_is_ours_and_well_set(person, name, settings):
    settings.HDH_PORTAL_NAME = "Portail d’essai"
    of_address = name.startswith("email_confirmation")
    subject = EmailAddress.objects.get(user=person).pk if of_address else person.pk
    made = getattr(emails, name)(subject)
    assert "Portail d’essai" in made.text
    assert ENGLISH.findall(re.sub(r"https?://\S+", "", made.subject + made.text)) == []
    assert re.findall(r"[^\u202f][;!?](?=\s)|[^\u00a0]:(?=\s)|«[^\u202f]", made.text) == []


def test_mail_server_that_is_down_stops_no_page_and_the_mail_waits(client, person, settings):
    settings.EMAIL_BACKEND = "tests.accounts.test_pages.Down"
    response = client.post(reverse("account_reset_password"), {"email": person.email})
    assert response.status_code == 302
    message = Message.objects.get()
    tasks.send_message(message.pk)
    message.refresh_from_db()
    assert (message.state, message.error) == ("queued", "ConnectionRefusedError")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Message.objects.update(claimed_until=None)
    tasks.send_message(message.pk)
    assert [m.subject for m in mail.outbox] == ["Choisissez un nouveau mot de passe"]


class Down:
    """A mail server that does not answer."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_rows_of_mails_hold_no_link(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    row = Message.objects.values().get()
    assert (row["renderer"], row["subject"]) == ("password_reset_key_mail", person.pk)
    assert [value for value in row.values() if "reset/key" in str(value)] == []


def test_outbox_knows_each_mail_as_its_own(client, db):
    factories.make_user(email="une@exemple.fr")
    for _ in range(2):
        client.post(reverse("account_reset_password"), {"email": "une@exemple.fr"})
    assert Message.objects.count() == 2
    assert outbox.waiting(Message, Message.objects.first().queued_at) == list(
        Message.objects.order_by("pk").values_list("pk", flat=True)
    )
