"""Autosave: what is typed is kept two seconds later; a failure is said, and mended when the server is back."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import OPEN, make_draft, make_user

pytestmark = pytest.mark.browser
TEXT = "Un titre tapé, jamais envoyé par un bouton"


@pytest.fixture
def opened(visit, now_is):
    """A section of one's own draft."""
    now_is(OPEN)
    user = make_user()
    application = make_draft(owner=user)
    opened = visit(user)
    opened.application = application
    opened.go(reverse("applications:section_edit", args=[application.reference, "identity"]))
    return opened


def stored(application):
    return application.answers.get(question__key="title").value


def test_typed_text_is_saved_and_survives_a_reload(opened):
    field, saved = opened.page.get_by_label("Titre"), opened.page.locator("[data-saved]")
    field.fill(TEXT)
    expect(saved).to_have_text("Modification en cours…")
    expect(saved).to_contain_text("Enregistré à")
    assert stored(opened.application) == TEXT
    opened.page.reload()
    expect(field).to_have_value(TEXT)


def test_failure_is_said_and_mended(opened):
    field, saved = opened.page.get_by_label("Titre"), opened.page.locator("[data-saved]")
    opened.page.route("**/enregistrer/", lambda route: route.abort())
    field.fill(TEXT)
    expect(saved).to_contain_text("Non enregistré depuis")
    expect(saved).to_have_attribute("role", "alert")
    expect(field).to_have_value(TEXT)
    assert stored(opened.application) != TEXT
    assert all("net::ERR_FAILED" in line for line in opened.said)
    opened.said.clear()
    opened.page.unroute("**/enregistrer/")
    expect(saved).to_contain_text("Enregistré à", timeout=25_000)
    assert stored(opened.application) == TEXT


def test_text_that_never_left_is_offered_again(opened):
    field = opened.page.get_by_label("Titre")
    opened.page.route("**/enregistrer/", lambda route: route.abort())
    field.fill(TEXT)
    expect(opened.page.locator("[data-saved]")).to_contain_text("Non enregistré depuis")
    opened.said.clear()
    opened.page.unroute("**/enregistrer/")
    opened.page.reload()
    opened.page.get_by_role("button", name="Reprendre ce texte").click()
    expect(field).to_have_value(TEXT)
    expect(opened.page.locator("[data-saved]")).to_contain_text("Enregistré à")
    opened.said.clear()  # the save that the reload gave up
    assert stored(opened.application) == TEXT


def test_what_was_read_is_said_under_it(opened):
    page = opened.page
    amount, read = page.locator("[name=amount]"), page.locator("[data-read-of=amount]")
    amount.fill("250K€")
    expect(read).to_have_text("Lu\u00a0: 250\u202f000,00\u00a0€")
    page.locator("[name=duration]").fill("2 ans")
    expect(page.locator("[data-read-of=duration]")).to_have_text("Lu\u00a0: 24\u00a0mois")
    amount.fill("beaucoup")
    expect(read).to_contain_text("Indiquez un montant en euros")
    page.reload()
    expect(amount).to_have_value("beaucoup")
