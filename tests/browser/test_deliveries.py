"""« Courriers et documents », with Chromium: sound at each width, sent again by keyboard without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from hdh_portal.records import outbox
from hdh_portal.records.models import Document, Message, Outbox
from tests.applications.officers import make_ready
from tests.factories import CLOSED, make_deposited

pytestmark = pytest.mark.browser


@pytest.fixture
def failed(visit, now_is):
    """A receipt whose address is refused, one that is tried again, and a paper that could not be made."""
    now_is(CLOSED)
    refused, tried = (Message.objects.get(dossier=make_deposited().pk) for _n in range(2))
    outbox.mark_failed(refused, "SMTPRecipientsRefused 550", final=True)
    outbox.mark_failed(tried, "SMTPServerDisconnected")
    outbox.mark_failed(Document.objects.first(), "ValueError", final=True)
    return refused


def test_pages_of_mails_and_papers_are_sound(visit, failed):
    manager = make_ready(power="manager")
    listed = reverse("operations:delivery_list", args=[manager.call.slug])
    asked = ("", "?vue=en-attente", "?vue=tous", "?quoi=documents", "?vue=tous&q=personne")
    assert visit(manager.user).flaws_of([listed + words for words in asked]) == []


def test_what_failed_is_sent_again_by_keyboard_without_javascript(visit, failed):
    manager = make_ready(power="manager")
    opened = visit(manager.user, java_script_enabled=False)
    opened.page.goto(reverse("operations:delivery_list", args=[manager.call.slug]))
    button = opened.page.get_by_role("button", name="Renvoyer tout ce qui est en échec")
    button.focus()
    opened.page.keyboard.press("Enter")
    expect(opened.page.get_by_text("1 envoi est remis dans la file.")).to_be_visible()
    assert Message.objects.get(pk=failed.pk).state == Outbox.State.QUEUED
