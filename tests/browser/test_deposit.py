"""The whole deposit, from the call's page to the receipt: by keyboard alone, without scripts, at a zoom of 400 %."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application
from tests.browser.answering import FILE, Keyboard, fill_section
from tests.factories import OPEN, make_draft, make_user, the_call

pytestmark = pytest.mark.browser
SAVE, JOIN = "Enregistrer et continuer", "Ajouter cette pièce, Annexe financière"


def sections():
    return [section.key for section in the_call().section_set.all()]


def sealed_of(user):
    application = Application.objects.of(user).get()
    return application.state, application.submissions.count()


def test_deposit_by_keyboard_alone(visit, now_is):
    now_is(OPEN)
    user = make_user()
    opened = visit(user)
    keys = Keyboard(opened.go(reverse("desk:call_detail", args=[the_call().slug])))
    keys.follow("Déposer un dossier")
    keys.follow("Commencer un dossier")
    for key in sections():
        if key == "annex":
            keys.join_file(JOIN)
            keys.follow("Continuer")
        else:
            keys.answer_section(SAVE)
    expect(opened.page.get_by_role("heading", name="Tout est prêt")).to_be_visible()
    keys.follow("Déposer le dossier")
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("Votre dossier est déposé")
    assert sealed_of(user) == ("submitted", 1)


def test_deposit_without_scripts(visit, now_is):
    now_is(OPEN)
    user = make_user()
    opened = visit(user, java_script_enabled=False)
    opened.go(reverse("desk:call_detail", args=[the_call().slug]))
    opened.press("Déposer un dossier", role="link")
    opened.press("Commencer un dossier")
    for key in sections():
        if key == "annex":
            opened.page.locator("input[type=file]").first.set_input_files(FILE)
            opened.press("Ajouter cette pièce")
            expect(opened.page.get_by_role("link", name=FILE["name"])).to_be_visible()
            opened.press("Continuer", role="link")
        else:
            fill_section(opened.page)
            opened.press(SAVE)
    opened.press("Déposer le dossier")
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("Votre dossier est déposé")
    assert sealed_of(user) == ("submitted", 1)


def test_deposit_page_works_at_a_zoom_of_400_percent(visit, now_is):
    now_is(OPEN)
    user = make_user()
    application = make_draft(owner=user)
    opened = visit(user, viewport={"width": 320, "height": 256})
    opened.go(reverse("applications:application_review", args=[application.reference]))
    assert opened.page.evaluate("getComputedStyle(document.querySelector('.bar-state')).position") == "static"
    opened.page.get_by_text("Relire le dossier entier").click()
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 320
    opened.press("Déposer le dossier")
    expect(opened.page.locator(".receipt-no")).to_have_text(application.reference)
    assert sealed_of(user) == ("submitted", 1)
