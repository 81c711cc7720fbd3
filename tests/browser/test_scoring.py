"""The rapporteur's pages: sound in each state, and a whole sheet written and sent by keyboard alone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reviews.models import ScoreSheet
from reviews.scoring.actions.declaration import declare_interest
from reviews.scoring.actions.sheet import save_sheet
from tests.factories import deposit, make_draft, make_user, the_call
from tests.reviews.makers import (
    COMMENT,
    RANKED,
    SCORING,
    make_admissible,
    make_assigned,
    make_open,
    make_rapporteur,
    make_sent,
    make_written,
)

pytestmark = pytest.mark.browser
LONG = "Électroencéphalographiquement " * 3
MARKS = ("4", "3,5", "0", "4.5", "2", "5")


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


def deposited(acronym):
    application = make_draft(owner=make_user(), acronym=acronym, title=LONG)
    deposit(application)
    application.refresh_from_db()
    return application


def assigned(*acronyms):
    """The assignments of one rapporteur on dossiers of these names, then those of the two others on the first."""
    applications = make_admissible(*(deposited(acronym) for acronym in acronyms))
    person = make_rapporteur(body=0, name="Rapporteur DREES 2")
    rows = make_assigned(*applications, rapporteurs=[person])
    mine = {one.application_id: one for one in rows if one.rapporteur_id == person.pk}
    others = [one for one in rows if one.rapporteur_id != person.pk and one.application_id == applications[0].pk]
    return [mine[application.pk] for application in applications], others


def at(name, assignment):
    application = assignment.application
    return reverse(f"reviews:{name}", args=[application.call.slug, application.reference])


def test_rapporteurs_pages_are_sound_in_each_state(visit, now_is):
    (sent, begun, opened, closed, with_interest), others = assigned("ENVOYÉ", "COMMENCÉ", "OUVERT", "FERMÉ", "LIÉ")
    person = sent.rapporteur.user
    for one in (sent, *others):
        make_sent(one, comment=LONG + COMMENT)
    make_open(begun)
    keys = list(begun.application.call.criterion_set.values_list("key", flat=True))
    save_sheet(begun, marks=dict.fromkeys(keys[:4], 3.5), comments={keys[0]: COMMENT}, by=person, at=SCORING)
    make_open(opened)
    declare_interest(with_interest, by=person, at=SCORING)
    page = visit(person)
    home = reverse("reviews:worklist", args=[the_call().slug])
    addresses = [home, f"{home}?vue=envoyees", f"{home}?vue=deports", at("declaration_edit", closed)]
    addresses += [reverse(f"reviews:{name}", args=[the_call().slug]) for name in ("declaration_list", "scoring_guide")]
    addresses += [at("declaration_edit", sent), *(at("sheet_edit", one) for one in (sent, begun, opened))]
    assert page.flaws_of(addresses) == []
    page.go(at("sheet_edit", begun))
    page.press("Envoyer ma fiche")
    page.expect_status(422)
    assert page.flaws() == []
    expect(page.page.locator(".problems")).to_be_focused()
    now_is(RANKED)
    assert page.flaws_of([home, at("declaration_edit", closed), at("sheet_edit", begun)]) == []


def test_sheet_is_written_and_sent_by_keyboard_alone(visit):
    (assignment,), _others = assigned("CLAVIER")
    page = visit(assignment.rapporteur.user)
    page.go(reverse("reviews:worklist", args=[the_call().slug]))
    follow(page, "Déclarer mes intérêts", "link")
    follow(page, "Je n’ai pas de lien avec ce projet", "button")
    keyboard = page.page.keyboard
    reach(page, "input[name^=mark-]")
    for number, mark in enumerate(MARKS):
        keyboard.type(mark)
        assert page.page.evaluate("Number(document.activeElement.value)") == float(mark.replace(",", "."))
        keyboard.press("Tab")
        keyboard.type(f"{COMMENT} {number}")
        keyboard.press("Tab")
    expect(page.page.locator("[data-mean]")).to_have_text("3,17")
    expect(page.page.locator("[data-marked]")).to_have_text("6\u00a0critères notés sur 6")
    expect(page.page.locator("[data-characters]").first).to_have_text(f"{len(COMMENT) + 2}\u00a0caractères")
    keyboard.press("ArrowDown")
    reach(page, "textarea[name=transmissible]")
    keyboard.type("Projet utile.")
    until(page, lambda: ScoreSheet.objects.get().transmissible == "Projet utile.")
    expect(page.page.locator("[data-saved]")).to_contain_text("Enregistré à")
    sheet = ScoreSheet.objects.get()
    assert sorted(sheet.marks.values_list("value", flat=True)) == [0.0, 2.0, 3.5, 4.0, 4.5, 5.0]
    assert sheet.opinion == "possible" and sheet.sent_at is None
    follow(page, "Envoyer ma fiche", "button")
    expect(page.page.locator("h1")).to_have_text("À évaluer")
    expect(page.page.locator(".alert-success")).to_contain_text("Votre fiche sur CLAVIER est envoyée.")
    assert ScoreSheet.objects.counting().get().transmissible == "Projet utile."


def test_mark_is_given_by_touch_and_without_javascript(visit):
    (assignment,), _others = assigned("DOIGT")
    make_open(assignment)
    page = visit(assignment.rapporteur.user, java_script_enabled=False, has_touch=True)
    page.page.set_viewport_size({"width": 320, "height": 700})
    page.go(at("sheet_edit", assignment))
    page.page.locator(".scale input[value='3.5']").first.tap()
    page.press("Enregistrer sans envoyer")
    assert page.page.locator(".scale input:checked").first.get_attribute("value") == "3.5"
    expect(page.page.locator(".total")).to_contain_text("3,50")
    assert ScoreSheet.objects.get().marks.filter(value=3.5).count() == 1


def test_texts_survive_a_refusal_after_the_window(visit, now_is):
    (assignment,), _others = assigned("TARD")
    make_written(assignment)
    page = visit(assignment.rapporteur.user)
    page.go(at("sheet_edit", assignment))
    now_is(RANKED)
    page.page.locator("textarea[name=transmissible]").fill("Ce que je voulais encore dire.")
    page.press("Envoyer ma fiche")
    page.said[:] = [line for line in page.said if "status of 409" not in line]
    expect(page.page.locator(".problems")).to_contain_text("L’évaluation est terminée depuis")
    expect(page.page.locator(".problems")).to_contain_text("Ce que je voulais encore dire.")
    expect(page.page.locator("textarea")).to_have_count(0)
    assert page.flaws() == []


def test_tab_that_is_behind_is_told_before_it_replaces_what_another_wrote(visit):
    (assignment,), _others = assigned("ONGLETS")
    make_written(assignment)
    page = visit(assignment.rapporteur.user)
    page.go(at("sheet_edit", assignment))
    save_sheet(assignment, transmissible="De l’autre onglet.", by=assignment.rapporteur.user, at=SCORING)
    page.page.locator("textarea[name=internal]").fill("De celui-ci.")
    until(page, lambda: ScoreSheet.objects.get().internal == "De celui-ci.")
    page.press("Envoyer ma fiche")
    page.said[:] = [line for line in page.said if "status of 409" not in line]
    expect(page.page.locator(".problems")).to_contain_text("La fiche a changé depuis cette page")
    assert ScoreSheet.objects.get().transmissible == "De l’autre onglet."
    page.press("Envoyer ma fiche")
    expect(page.page.locator(".alert-success")).to_contain_text("Votre fiche sur ONGLETS est envoyée.")
    assert page.flaws() == []


def until(page, holds):
    """Wait until the autosave has brought what is expected."""
    for _turn in range(100):
        if holds():
            return
        page.page.wait_for_timeout(200)
    raise AssertionError("the autosave never came")


def reach(page, selector):
    """Go by the tab key until an element of this kind has the focus."""
    for _step in range(200):
        page.page.keyboard.press("Tab")
        if page.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the tab key never reaches {selector}")


def follow(page, name, role):
    """Reach a link or a button by the tab key, press Enter, and wait for the page that answers."""
    target = page.page.get_by_role(role, name=name).first
    for _step in range(200):
        page.page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            break
    else:
        raise AssertionError(f"the tab key never reaches {name}")
    with page.page.expect_navigation():
        page.page.keyboard.press("Enter")
