"""Officers' pages in each state of the checks: sound, with the dossier's text and the checklist reached by keyboard."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.admissibility.actions import decide_outcome, take_check
from applications.dossier.actions.uploading import attach_file
from applications.models import Axis
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.records import files
from hdh_portal.records.models import Document, DocumentPage
from tests.applications.officers import conclude, disagree, make_ready, refused_point, write
from tests.factories import CLOSED, OPEN, deposit, make_draft, make_officer, make_user, paris, pdf_upload, the_call
from tests.hostile import images

pytestmark = pytest.mark.browser
PAGES = "annex_pages"
LONG = "Électroencéphalographiquement " * 3


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(paris(2020, 6, 4, 10, 7))


def at(name, application_or_call, *more):
    if hasattr(application_or_call, "reference"):
        more = (application_or_call.reference, *more)
        application_or_call = application_or_call.call
    if name.startswith("release_"):
        more = ("recevabilite", *more)
    return reverse(f"applications:{name}", args=[application_or_call.slug, *more])


def deposited(acronym, *, annex=False, **answers):
    application = make_draft(owner=make_user(), acronym=acronym, **answers)
    if annex:
        question = application.call.questions.get(key="financial_annex")
        attach_file(application, question, pdf_upload("Budget.pdf"), by=application.members.get().user, at=OPEN)
    deposit(application)
    application.refresh_from_db()
    return application


def decide(application, by, **changes):
    told = {"conclusion": "admissible", "ground_key": "", "reason": "Vu les deux contrôles."} | changes
    decide_outcome(application, **told, by=by.user, at=CLOSED)


def test_declaring_links_is_sound(visit):
    deposited("RÉTINALIS", title=LONG)
    opened = visit(make_officer(name="Alix Morel").user)
    call = the_call()
    assert opened.flaws_of([reverse("desk:my_space"), at("officer_home", call), at("interest_declare", call)]) == []
    opened.press("Déclarer mes liens")
    opened.expect_status(422)
    assert opened.flaws() == []
    expect(opened.page.locator(".problems")).to_be_focused()


def test_checking_is_sound_in_each_state(visit):
    free, taken, begun, done = (deposited(name, title=LONG) for name in ("LIBRE", "PRIS", "COMMENCÉ", "FAIT"))
    one, two = make_ready(name="Alix Morel"), make_ready(name="Sacha Lenoir")
    take_check(taken, two, by=two.user, at=CLOSED)
    write(take_check(begun, one, by=one.user, at=CLOSED), refuse=[refused_point(begun)])
    conclude(done, one)
    opened, call = visit(one.user), the_call()
    addresses = [reverse("desk:my_space"), at("officer_home", call), at("check_list", call), at("check_interest", free)]
    assert opened.flaws_of([*addresses, *(at("check_edit", row) for row in (free, taken, begun, done))]) == []
    views = [link.get_attribute("href") for link in opened.go(at("check_list", call)).locator(".views a").all()]
    assert opened.flaws_of([at("check_list", call) + view for view in views[-2:]]) == []
    assert (
        opened.flaws_of([reverse("desk:attempt_lookup"), reverse("desk:attempt_lookup") + "?reference=7KQ-412"]) == []
    )


def test_points_that_remain_are_counted_as_they_are_answered(visit):
    free, one = deposited("LIBRE"), make_ready(name="Alix Morel")
    take_check(free, one, by=one.user, at=CLOSED)
    opened = visit(one.user)
    page = opened.go(at("check_edit", free))
    points, line = page.locator("[data-point]:not(:has(input:checked))"), page.locator("[data-remaining]")
    for left in range(points.count(), 0, -1):
        words = "points restent" if left > 1 else "point reste"
        expect(line).to_have_text(re.compile(f"^\\s*{left}\\s{words} à apprécier\\s*$"))
        points.first.locator("input").first.check()
    expect(line).to_contain_text("Une fois rendu, votre avis ne changera plus")


def test_annex_pages_are_sound(visit):
    application = deposited("ANNEXÉ", annex=True)
    file, opened = application.last_submission().files.get(), visit(make_ready().user)
    address = at("annex_pages", application, file.pk)
    opened.go(address)
    assert opened.flaws() == []
    document = Document.objects.get(renderer=PAGES, subject=file.pk)
    picture = files.store(images.picture("JPEG", (1100, 1556)), "image/jpeg")
    DocumentPage.objects.create(document=document, number=1, file=picture, width=1100, height=1556, text="Total 12 €")
    Document.objects.filter(pk=document.pk).update(state="done")
    assert opened.flaws_of([address]) == []
    Document.objects.filter(pk=document.pk).update(state="failed", tries=5)
    assert opened.flaws_of([address]) == []


def test_reconciling_and_releasing_are_sound(visit):
    agreed, split = deposited("ACCORD", title=LONG), deposited("DÉSACCORD", title=LONG)
    one, two = make_ready(name="Alix Morel"), make_ready(name="Sacha Lenoir", body=1)
    managers = [make_ready(power="manager", name=name) for name in ("Dominique Faure", "Claude Rey")]
    for officer in (one, two):
        conclude(agreed, officer, refuse=[refused_point(agreed)])
    disagree(split, one, two)
    first, second = visit(managers[0].user), visit(managers[1].user)
    call = the_call()
    assert first.flaws_of([reverse("desk:my_space"), at("outcome_list", call), at("outcome_edit", split)]) == []
    first.go(at("outcome_edit", split))
    first.press("Enregistrer ma décision")
    first.expect_status(422)
    assert first.flaws() == []
    assert first.flaws_of([at("release_preview", call)]) == []
    decide(split, managers[0])
    assert second.flaws_of([at("outcome_edit", split)]) == []
    second.press("Confirmer cette décision")
    assert first.flaws_of([at("release_preview", call), at("release_letter", agreed)]) == []
    propose_release(call, release_plan(call).digest, by=managers[0].user, at=CLOSED)
    assert second.flaws_of([at("release_preview", call), at("officer_home", call)]) == []
    confirm_release(call, release_plan(call).digest, by=managers[1].user, at=CLOSED)
    assert second.flaws_of([at("release_preview", call), at("release_journal", call), at("check_list", call)]) == []
    candidate = visit(agreed.members.get().user)
    assert candidate.flaws_of([reverse("applications:application_detail", args=[agreed.reference])]) == []


def test_filtering_swaps_the_list_in_place(visit):
    """Without a new page: the field keeps the keyboard, the address says the filter, the back button goes back."""
    for name, axis in zip(("UN", "DEUX"), Axis.objects.filter(call=the_call()).order_by("position"), strict=False):
        deposited(name, axis=axis.key)
    opened = visit(make_ready().user)
    page = opened.go(at("check_list", the_call()))
    page.evaluate("window.same = true")
    page.get_by_label("Axe").focus()
    page.get_by_label("Axe").select_option(index=1)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label("Axe")).to_be_focused()
    assert ("axe=" in page.url, page.evaluate("window.same")) == (True, True)
    page.locator(".views a").last.click()
    expect(page.locator(".views a").last).to_have_attribute("aria-current", "true")
    expect(page.locator("#list")).to_be_focused()
    page.evaluate("history.go(-2)")
    expect(page.locator("tbody tr")).to_have_count(2)


@pytest.mark.parametrize("scripts", [True, False])
def test_list_is_searched_put_in_order_and_taken_along_by_keyboard(visit, scripts):
    for name in ("ÉCLAIR", "BRUME"):
        deposited(name)
    opened = visit(make_ready().user, java_script_enabled=scripts)
    page = opened.go(at("check_list", the_call()) + "?vue=tous")
    page.get_by_label("Rechercher").focus()
    page.keyboard.type("eclair")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label("Rechercher")).to_have_value("eclair")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").press("Enter")
    text = taken.value.path().read_text()
    assert "ÉCLAIR" in text and "BRUME" not in text
    page.get_by_label("Rechercher").fill("")
    page.get_by_label("Rechercher").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Projet", exact=True).press("Enter")
    expect(page.locator("[aria-sort=ascending]")).to_contain_text("Projet")
    expect(page.locator("tbody tr").first).to_contain_text("BRUME")
    if scripts:
        expect(page.get_by_role("link", name="Projet", exact=True)).to_be_focused()
        assert opened.flaws() == []
    page.set_viewport_size({"width": 375, "height": 800})


def test_a_list_whose_session_is_over_asks_to_sign_in(visit):
    deposited("UN")
    opened = visit(make_ready().user)
    page = opened.go(at("check_list", the_call()))
    page.context.clear_cookies()
    with page.expect_navigation():
        page.locator(".views a").last.click()
    opened.expect_status(401)
    opened.said = [line for line in opened.said if "htmx:responseError" not in line and "Response Status" not in line]
    expect(page.get_by_role("heading", level=1)).to_contain_text("Se connecter")
    assert "next=" in page.url
