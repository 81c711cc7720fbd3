"""Nothing typed is lost: two tabs, slow answers, a page that is left, a session that ended, a machine that keeps."""

import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.admissibility.actions import take_check
from applications.dossier.views import section as section_views
from applications.models import CheckAnswer
from tests.applications.officers import at as officers_page
from tests.applications.officers import make_ready
from tests.factories import CLOSED, OPEN, complete_answers, make_deposited, make_draft, make_user, paris, the_call

pytestmark = pytest.mark.browser
TEXT, OTHER = "Un titre de cette page", "Un titre de l’autre page"
KEPT = "() => Object.keys(localStorage)"


@pytest.fixture
def owner(now_is):
    now_is(OPEN)
    return make_user()


@pytest.fixture
def application(owner):
    return make_draft(owner=owner)


def section(application, key="identity"):
    return reverse("applications:section_edit", args=[application.reference, key])


def saved_in(page):
    return page.locator("[data-saved]")


def stored(application, key="title"):
    return application.answers.get(question__key=key).value


def slow(monkeypatch, seconds=2):
    """Each save takes that long to be answered."""
    save = section_views.save_answers

    def saved_slowly(*args, **options):
        time.sleep(seconds)
        return save(*args, **options)

    monkeypatch.setattr(section_views, "save_answers", saved_slowly)


def wait_until(holds, seconds=10):
    """True as soon as it holds; False after that long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


def ended(page):
    """The session ends on the server, as after two idle hours."""
    page.context.clear_cookies()


@pytest.mark.parametrize(("label", "kept"), [("Garder le vôtre", TEXT), ("Garder celui qui est enregistré", OTHER)])
def test_two_tabs_with_one_answer_let_the_person_choose(visit, owner, application, label, kept):
    opened = visit(owner)
    here = opened.go(section(application))
    there = here.context.new_page()
    there.goto(section(application))
    there.get_by_label("Titre", exact=False).first.fill(OTHER)
    expect(saved_in(there)).to_contain_text("Enregistré à")
    here.get_by_label("Acronyme").fill("ORSEL")
    here.get_by_label("Titre", exact=False).first.fill(TEXT)
    expect(saved_in(here)).to_contain_text("1 réponse attend votre choix".replace(" ", "\u00a0", 1))
    expect(here.get_by_role("heading", name="Deux textes pour")).to_be_visible()
    assert (stored(application), stored(application, "acronym")) == (OTHER, "ORSEL")
    opened.expect_status(409)
    assert opened.flaws() == []
    here.get_by_label(label).check()
    opened.press("Enregistrer mes choix")
    expect(here.get_by_label("Titre", exact=False).first).to_have_value(kept)
    assert stored(application) == kept
    assert here.evaluate(KEPT) == []


def test_all_that_waits_leaves_in_one_request_and_saved_is_said_when_nothing_waits(
    visit, owner, application, monkeypatch
):
    slow(monkeypatch)
    page, asked = visit(owner).go(section(application)), []
    page.on("request", lambda request: asked.append(request.post_data) if request.method == "POST" else None)
    page.get_by_label("Acronyme").fill("ORSEL")
    page.get_by_label("Acronyme").blur()
    assert wait_until(lambda: page.wait_for_timeout(100) or len(asked) == 1)
    page.get_by_label("Titre", exact=False).first.fill(TEXT)
    page.locator("[name=duration]").fill("18")
    page.get_by_label("Acronyme").fill("ORSEL 2")
    page.get_by_label("Acronyme").blur()
    page.wait_for_timeout(2200)  # the first request is answered, the second under way
    assert "Enregistré" not in saved_in(page).inner_text()
    expect(saved_in(page)).to_contain_text("Enregistré à")
    assert (stored(application, "acronym"), stored(application), stored(application, "duration")) == (
        "ORSEL 2",
        TEXT,
        18,
    )
    assert len(asked) == 2
    assert all(f"{name}=" in asked[1] for name in ("acronym", "title", "duration"))


def test_page_that_is_left_by_a_link_sends_what_waits(visit, owner, application, monkeypatch):
    slow(monkeypatch)
    opened = visit(owner)
    page = opened.go(section(application))
    page.get_by_label("Acronyme").fill("ORSEL")
    page.get_by_label("Titre", exact=False).first.fill(TEXT)
    opened.press("Revenir au dossier", "link")
    assert wait_until(lambda: (stored(application, "acronym"), stored(application)) == ("ORSEL", TEXT))
    page.go_back()
    expect(page.get_by_label("Titre", exact=False).first).to_have_value(TEXT)
    expect(page.get_by_role("button", name="Reprendre ce texte")).to_have_count(0)


def test_text_too_long_to_leave_with_the_page_is_offered_again(visit, owner, application):
    question = application.call.questions.filter(type="long_text").first()
    opened, text = visit(owner), "Un très long texte." * 4200
    page = opened.go(section(application, question.section.key))
    page.locator(f"[name={question.key}]").fill(text)
    later = page.context.new_page()
    page.close()
    later.goto(section(application, question.section.key))
    if stored(application, question.key) != text:
        later.get_by_role("button", name="Reprendre ce texte").click()
        expect(saved_in(later)).to_contain_text("Enregistré à")
    assert stored(application, question.key) == text


def test_text_outlives_the_tab_for_the_same_person_and_is_wiped_at_the_sign_out(visit, owner, application, monkeypatch):
    save, down = section_views.save_answers, [True]

    def saved_when_up(*args, **options):
        if down:
            raise OSError
        return save(*args, **options)

    monkeypatch.setattr(section_views, "save_answers", saved_when_up)
    opened = visit(owner)
    page = opened.go(section(application))
    page.get_by_label("Titre", exact=False).first.fill(TEXT)
    expect(saved_in(page)).to_contain_text("Votre texte est gardé sur cet ordinateur")
    later = page.context.new_page()
    page.close()
    time.sleep(1)  # what the page sent as it closed has failed too
    later.goto(section(application))
    expect(later.get_by_text(TEXT)).to_be_visible()
    down.clear()
    later.get_by_role("button", name="Reprendre ce texte").click()
    expect(saved_in(later)).to_contain_text("Enregistré à")
    assert stored(application) == TEXT
    down.append(True)
    later.get_by_label("Titre", exact=False).first.fill(OTHER)
    expect(saved_in(later)).to_contain_text("gardé sur cet ordinateur")
    assert len(later.evaluate(KEPT)) == 1
    with later.expect_navigation():
        later.get_by_role("button", name="Se déconnecter").click()
    assert later.evaluate(KEPT) == []
    opened.said.clear()  # what failed


def test_ended_session_says_to_sign_in_and_tries_no_more(visit, owner, application):
    opened = visit(owner)
    page, asked = opened.go(section(application)), []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    ended(page)
    page.get_by_label("Titre", exact=False).first.fill(TEXT)
    expect(saved_in(page)).to_contain_text("Votre session est terminée\u00a0: reconnectez-vous, votre texte est gardé")
    page.wait_for_timeout(11_000)
    assert len(asked) == 1
    opened.said.clear()  # the answer of the ended session
    with page.expect_navigation():
        saved_in(page).get_by_role("link").click()
    assert f"next={section(application)}" in page.url.replace("%2F", "/")
    assert len(page.evaluate(KEPT)) == 1


def test_enter_in_a_field_adds_no_partner(visit, owner, application):
    page = visit(owner).go(section(application, "consortium"))
    with page.expect_navigation():
        page.locator("[name=lead-name]").press("Enter")
    assert page.url.endswith(section(application, "project")) or "consortium" not in page.url


def test_page_without_scripts_claims_no_autosave(visit, owner, application):
    page = visit(owner, java_script_enabled=False).go(section(application))
    words = page.locator("body").inner_text()
    assert "enregistre aussi tout seul" not in words and "Tout est enregistré" not in words
    assert "Enregistrer n’est pas déposer." in words


def test_check_that_is_left_quickly_keeps_its_five_answers(visit, now_is):
    now_is(paris(2020, 6, 4, 10, 7))
    one, _other = make_deposited(), make_deposited()
    officer = make_ready()
    check = take_check(one, officer, by=officer.user, at=CLOSED)
    opened = visit(officer.user)
    page = opened.go(officers_page("check_edit", one))
    keys = list(the_call().checklistitem_set.values_list("key", flat=True))[:5]
    wanted = {}
    for key in keys:
        box = page.locator(f"[name=item-{key}]:not(:checked)").first
        wanted[key] = box.get_attribute("value")
        box.check()
    page.goto(officers_page("check_list", the_call()))
    found = CheckAnswer.objects.filter(check_row=check)
    assert wait_until(lambda: wanted.items() <= dict(found.values_list("item__key", "value")).items())


def test_every_partner_and_person_has_a_form_that_survives_a_reload(visit, owner):
    application = make_draft(owner=owner, partners=[])
    opened = visit(owner)
    page = opened.go(section(application, "consortium"))
    page.route("**/enregistrer/", lambda route: route.abort())
    page.locator("[data-spare-row] input").first.fill("Partenaire fictif")
    expect(saved_in(page)).to_contain_text("gardé sur cet ordinateur")
    page.unroute("**/enregistrer/")
    page.reload()
    page.get_by_role("button", name="Reprendre ce texte").click()
    expect(saved_in(page)).to_contain_text("Enregistré à")
    assert [row["name"] for row in stored(application, "partners")] == ["Partenaire fictif"]
    assert complete_answers(application.call)["partners"] == []
    opened.said.clear()
