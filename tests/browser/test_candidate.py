"""A candidate's pages in each state: sound, three states that nobody can confuse, errors that lead to their fields."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.dossier.actions.draft import create_application, save_answers, withdraw_application
from tests.factories import OPEN, deposit, make_draft, make_user, paris, the_call

pytestmark = pytest.mark.browser
# Sections with each kind of question.
KINDS = "identity", "consortium", "benefits", "annex", "declarations"
LONG = "Électroencéphalographiquement" * 6
AFTER = paris(2020, 6, 1, 12, 0, 25)


@pytest.fixture
def owner(now_is):
    now_is(OPEN)
    return make_user("Camille Aubry")


def at(name, application, *more):
    return reverse(f"applications:{name}", args=[application.reference, *more])


def pages_of(application, *sections):
    names = ("application_detail", "application_review", "application_withdraw")
    return [at(name, application) for name in names] + [at("section_edit", application, key) for key in sections]


def seen(page):
    """The words of a page as they are seen, with plain spaces."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", page.locator("body").inner_text())


def test_draft_pages_are_sound_and_never_look_like_a_deposit(visit, owner):
    application = make_draft(owner=owner, title=LONG, acronym="ACRONYME-DE-TRENTE-CARACTÈRES!")
    opened = visit(owner)
    for address in pages_of(application, *KINDS):
        opened.go(address)
        assert opened.flaws() == []
        expect(opened.page).to_have_title(re.compile("Brouillon — non déposé"))
        told = re.findall(r"(\S+ \S+) déposée?s?\b", seen(opened.page))
        assert [words for words in told if not re.search(r"(non|pas|être)$", words)] == [], address


def test_new_draft_pages_are_sound(visit, owner):
    application = create_application(make_draft(owner=owner).call, by=owner, at=OPEN)
    opened = visit(owner)
    assert opened.flaws_of(pages_of(application, "identity")) == []


def state_of(page):
    """What tells the state of a dossier: words, icon and class of its one tag, and whether the title says it too."""
    tag = page.locator("main .tag, .bar-state .tag").filter(has_text=re.compile("déposé|Déposé|dépôt")).first
    words = tag.inner_text().strip()
    return (
        words,
        tag.locator("use").get_attribute("href").split("#")[1],
        tag.get_attribute("class"),
        words in page.title(),
    )


def test_three_states_differ_in_words_icon_and_class(visit, owner):
    application = make_draft(owner=owner)
    opened = visit(owner)
    address = at("application_detail", application)
    found = [state_of(opened.go(address))]
    deposit(application)
    found.append(state_of(opened.go(address)))
    assert opened.flaws_of([address, *pages_of(application, "identity")]) == []
    save_answers(application, {"title": "Un autre titre"}, by=owner, at=OPEN)
    found.append(state_of(opened.go(address)))
    assert found == [
        ("Brouillon — non déposé", "ring", "tag tag-draft", True),
        ("Déposé", "seal", "tag tag-done", True),
        ("Modifié depuis le dépôt", "half", "tag tag-changed", True),
    ]
    receipt = at("submission_receipt", application, 1)
    assert (
        opened.flaws_of([receipt, reverse("applications:application_list"), at("application_review", application)])
        == []
    )


def test_pages_after_closing_and_after_withdrawal_are_sound(visit, owner, now_is):
    draft, gone = make_draft(owner=owner), make_draft(owner=owner)
    withdraw_application(gone, by=owner, at=OPEN)
    opened = visit(owner)
    assert opened.flaws_of([at("application_detail", gone)]) == []
    now_is(AFTER)
    assert opened.flaws_of(pages_of(draft, "identity")) == []


def test_empty_pages_are_sound(visit, owner, now_is):
    opened = visit(owner)
    names = [reverse("desk:my_space"), reverse("applications:application_list")]
    assert opened.flaws_of(names) == []
    now_is(AFTER)
    assert opened.flaws_of(names) == []


def test_error_summary_takes_the_focus_and_its_links_land_in_the_fields(visit, owner):
    application = make_draft(owner=owner)
    opened = visit(owner)
    opened.go(at("section_edit", application, "identity"))
    opened.page.get_by_label("Durée du projet").fill("un an")
    opened.page.get_by_label("Subvention demandée").fill("300 000,01")
    opened.press("Enregistrer et continuer")
    opened.expect_status(422)
    assert opened.flaws() == []
    expect(opened.page.locator(".problems")).to_be_focused()
    for label, typed in (("Subvention demandée", "300 000,01"), ("Durée du projet", "un an")):
        opened.page.locator(".problems").get_by_role("link", name=label).press("Enter")
        field = opened.page.locator("input:target")
        expect(field).to_be_focused()
        expect(field).to_have_value(typed)


def test_links_of_what_is_missing_land_in_the_fields(visit, owner):
    application = create_application(make_draft(owner=owner).call, by=owner, at=OPEN)
    opened = visit(owner)
    review = at("application_review", application)
    page = opened.go(review)
    links = [link.get_attribute("href") for link in page.locator("main .problems dd a, main .notice-limit a").all()]
    assert len(links) > 20
    for address in sorted({link.split("#")[0] for link in links}):
        opened.go(address)
        for link in links:
            if link.startswith(f"{address}#"):
                assert page.locator(f"[id='{link.split('#')[1]}']").is_visible(), link


def test_typed_text_stays_when_the_closing_has_passed(visit, owner, now_is):
    application = make_draft(owner=owner)
    opened = visit(owner)
    opened.go(at("section_edit", application, "identity"))
    now_is(AFTER)
    title = opened.page.get_by_label("Titre")
    title.fill("Ce que j’ai écrit à midi passé")
    opened.press("Enregistrer et continuer")
    opened.said = [line for line in opened.said if "409" not in line]
    expect(opened.page.get_by_role("alert")).to_be_focused()
    expect(title).to_have_value("Ce que j’ai écrit à midi passé")
    assert opened.flaws() == []


def test_deposit_after_closing_says_why_with_a_reference(visit, owner, now_is):
    application = make_draft(owner=owner)
    opened = visit(owner)
    opened.go(at("application_review", application))
    now_is(AFTER)
    opened.press("Déposer le dossier")
    opened.expect_status(409)
    alert = opened.page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text(
        re.compile(r"Le dépôt a été refusé.*Référence\s:\s+[0-9A-HJ-NP-Z]{3}-\d{3}", re.DOTALL)
    )
    assert opened.flaws() == []


def test_page_of_a_refusal_is_sound(visit, owner, now_is):
    opened = visit(owner)
    opened.go(reverse("applications:call_entry", args=[the_call().slug]))
    now_is(AFTER)
    opened.press("Commencer un dossier")
    opened.expect_status(409)
    expect(opened.page.get_by_role("alert")).to_be_visible()
    assert opened.flaws() == []


def test_address_of_a_form_opens_as_a_page_that_says_so(visit, owner):
    opened = visit(owner)
    opened.go(at("section_save", make_draft(owner=owner), "identity"), status=405)
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("Cette adresse reçoit un formulaire")
    assert opened.flaws() == []


def test_refused_file_says_why_and_leads_to_its_field(visit, owner):
    application = make_draft(owner=owner)
    opened = visit(owner)
    opened.go(at("section_edit", application, "annex"))
    wrong = {"name": "annexe.pdf", "mimeType": "application/pdf", "buffer": b"rien d'un PDF"}
    opened.page.locator("input[type=file]").last.set_input_files(wrong)
    opened.page.get_by_role("button", name="Ajouter cette pièce").last.click()
    summary = opened.page.locator(".problems")
    expect(summary).to_be_focused()
    opened.expect_status(422)
    summary.get_by_role("link").press("Enter")
    expect(opened.page.locator("input[type=file]").last).to_be_focused()
    assert opened.flaws() == []
