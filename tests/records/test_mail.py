"""Who a mail comes from, and to whom an answer goes."""

import pytest

from hdh_portal.records import mail
from hdh_portal.records.mail import Mail
from hdh_portal.records.models import Message


@pytest.fixture
def sent(settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def deliver(what):
        mail.deliver(Message(to="camille@exemple.fr", message_id="un"), what)
        return mailoutbox[-1].message()

    return deliver


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("portail@exemple.fr", "Appels <portail@exemple.fr>"),
        ("Le service <portail@exemple.fr>", "Le service <portail@exemple.fr>"),
    ],
)
def test_a_mail_bears_the_name_of_who_sends_it(settings, sent, given, shown):
    settings.DEFAULT_FROM_EMAIL, settings.HDH_PORTAL_NAME = given, "Appels"
    assert sent(Mail("Objet", "Texte"))["From"] == shown


def test_an_answer_goes_to_who_reads_it(sent):
    assert sent(Mail("Objet", "Texte", reply_to="service@exemple.fr"))["Reply-To"] == "service@exemple.fr"
    assert sent(Mail("Objet", "Texte"))["Reply-To"] is None
