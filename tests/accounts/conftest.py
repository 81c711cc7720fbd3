"""What the tests of accounts share: a person with a password, and the mails that the worker would send."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from hdh_portal.ground import clock
from hdh_portal.records import outbox, tasks
from hdh_portal.records.models import Message
from tests import factories

PASSWORD = "phrase de passe"
STRONG = "quatre mots sans rapport"


@pytest.fixture
def person(db):
    """Somebody with a verified address."""
    return factories.make_user("Camille Roche", email="camille@exemple.fr")


@pytest.fixture
def sign_in(client):
    """Sign in through the front door; returns the response."""

    def post(email, password=PASSWORD, **extra):
        return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)

    return post


@pytest.fixture
def mails(db, settings):
    """Let the worker send what waits; returns the mails since the last call."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def sent():
        mail.outbox = []
        for pk in outbox.waiting(Message, clock.real()):
            tasks.send_message(pk)
        return mail.outbox

    return sent


def link_in(message):
    """The path of the first link of a mail."""
    return re.search(r"https?://[^/\s]+(/\S*)", message.body)[1]
