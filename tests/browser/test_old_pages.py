"""Two clicks, two people, a page left in the midst of a save, no scripts: nothing is done twice, nothing is lost."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.admissibility.actions import give_back_check, take_check
from applications.dossier.actions.draft import save_answers
from applications.dossier.views import section as section_views
from applications.models import Check, Member
from hdh_portal.accounts.models import Invitation
from hdh_portal.operations.views import invitations as invitation_views
from jury.models import Presence
from tests.applications.officers import at as officers_page
from tests.applications.officers import make_ready
from tests.factories import CLOSED, OPEN, make_deposited, make_draft, make_officer, make_user, paris, the_call
from tests.jury.makers import make_secretary, shortlisted, sitting_juror, summoned
from tests.jury.pages import at as jury_page

pytestmark = pytest.mark.browser
BEFORE = "Un degré d’urgence, dans 42 cabinets."
MINE = "Un degré d’urgence, dans 24 cabinets."
THEIRS = "Un degré d’urgence, dans 42 cabinets volontaires."
BOTH = "Un degré d’urgence, dans 24 cabinets volontaires."


@pytest.fixture
def question(now_is):
    """A long text of a draft, with a first answer, its `application` and `owner`."""
    now_is(OPEN)
    owner = make_user()
    application = make_draft(owner=owner)
    found = application.call.questions.filter(type="long_text").first()
    save_answers(application, {found.key: BEFORE}, by=owner, at=OPEN)
    found.owner, found.application = owner, application
    return found


def address(question):
    return reverse("applications:section_edit", args=[question.application.reference, question.section.key])


def stored(question):
    return question.application.answers.get(question=question).value


def wait_until(holds, seconds=15):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


def slow(monkeypatch, module, name, seconds):
    act = getattr(module, name)

    def acted_slowly(*args, **options):
        time.sleep(seconds)
        return act(*args, **options)

    monkeypatch.setattr(module, name, acted_slowly)


def test_page_that_is_left_while_an_older_text_is_being_saved_sends_the_newer(visit, question, monkeypatch):
    slow(monkeypatch, section_views, "save_answers", 2)
    opened = visit(question.owner)
    page = opened.go(address(question))
    field = page.locator(f"[name={question.key}]")
    with page.expect_request("**/enregistrer/"):
        field.fill(MINE)
        field.blur()
    field.fill(BOTH)
    opened.press("Revenir au dossier", "link")
    assert wait_until(lambda: stored(question) == BOTH)
    opened.go(address(question))
    expect(page.locator(f"[name={question.key}]")).to_have_value(BOTH)
    assert page.get_by_role("button", name="Reprendre ce texte").count() == 0


def test_text_that_grew_while_an_older_one_was_saved_follows_at_once(visit, question, monkeypatch):
    slow(monkeypatch, section_views, "save_answers", 2)
    page = visit(question.owner).go(address(question))
    field, said = page.locator(f"[name={question.key}]"), page.locator("[data-saved]")
    with page.expect_request("**/enregistrer/"):
        field.fill(MINE)
        field.blur()
    field.fill(BOTH)
    assert wait_until(lambda: stored(question) == MINE)
    assert "Enregistré à" not in said.inner_text()
    expect(said).to_contain_text("Enregistré à", timeout=20_000)
    assert stored(question) == BOTH


@pytest.mark.parametrize("scripts", [True, False])
def test_two_texts_are_made_one(visit, question, scripts):
    opened = visit(question.owner, java_script_enabled=scripts)
    page, editor = opened.go(address(question)), make_user()
    Member.objects.create(application=question.application, user=editor, role="editor", since=OPEN)
    save_answers(question.application, {question.key: THEIRS}, by=editor, at=OPEN)
    page.locator(f"[name={question.key}]").fill(MINE)
    if scripts:
        expect(page.get_by_role("heading", name="Deux textes pour une réponse")).to_be_visible()
        opened.expect_status(409)
        assert opened.flaws() == []
    else:
        opened.press("Enregistrer et continuer")
        opened.said[:] = [line for line in opened.said if "status of 409" not in line]
    assert page.locator("mark.only-here").all_inner_texts() == [" 24 cabinets.", " 42 cabinets volontaires."]
    page.get_by_label("Réunir les deux").check()
    page.locator(f"[name=both-{question.key}]").fill(BOTH)
    opened.press("Enregistrer mes choix")
    expect(page.locator(f"[name={question.key}]")).to_have_value(BOTH)
    assert stored(question) == BOTH


@pytest.mark.parametrize("pause", [0.04, 0.25])
def test_two_clicks_send_one_invitation(visit, now_is, monkeypatch, pause):
    now_is(OPEN)
    call, manager = the_call(), make_officer(power="manager")
    opened = visit(manager.user)
    page = opened.go(reverse("operations:invitation_new", args=[call.slug]))
    page.get_by_label("Adresse électronique").fill("suite@exemple.fr")
    page.locator("[name=offer]").select_option(index=1)
    slow(monkeypatch, invitation_views.invitations, "invite", 0.4)
    button = page.get_by_role("button", name="Envoyer l’invitation")
    button.evaluate("(one, pause) => { one.click(); setTimeout(() => one.click(), pause); }", pause * 1000)
    expect(page).to_have_url(re.compile("vue=invitations"), timeout=20_000)
    assert Invitation.objects.count() == 1
    expect(page.locator("main")).to_contain_text("suite@exemple.fr")


def test_two_secretaries_note_one_seat_and_the_old_page_says_so(visit, now_is):
    call = the_call()
    one = shortlisted(1, call)[0]
    clerks = [make_secretary(call), make_secretary(call)]
    sitting_juror(call, 1)
    summoned(call, clerks[0])
    now_is(paris(2020, 7, 6, 9, 1))
    here, there = (visit(clerk.user) for clerk in clerks)
    for opened in (here, there):
        opened.go(jury_page("hearing_detail", one))
    there.page.locator("[value='1:absent']").click()
    expect(there.page.locator(".seat-board")).to_contain_text("absent")
    here.page.locator("[value='1:present']").click()
    expect(here.page.get_by_role("alert")).to_contain_text("relisez-la")
    here.expect_status(409)
    assert here.flaws() == []
    here.press("Relire la page", "link")
    expect(here.page.locator(".seat-board")).to_contain_text("absent")
    assert list(Presence.objects.values_list("status", flat=True)) == ["absent"]


@pytest.mark.parametrize("scripts", [True, False])
def test_check_that_was_given_back_answers_its_old_page_with_what_was_typed(visit, now_is, scripts):
    now_is(paris(2020, 6, 4, 10, 7))
    application, officer = make_deposited(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    opened = visit(officer.user, java_script_enabled=scripts)
    page = opened.go(officers_page("check_edit", application))
    give_back_check(check, by=officer.user, at=CLOSED)
    page.locator("[name=reason]").fill("Une raison écrite pour rien.")
    opened.press("Enregistrer sans conclure")
    opened.said[:] = [line for line in opened.said if "status of 409" not in line]
    expect(page.locator(".problems")).to_contain_text("Ce contrôle a été rendu")
    expect(page.locator(".problems")).to_contain_text("Une raison écrite pour rien.")
    assert not Check.objects.exists()
