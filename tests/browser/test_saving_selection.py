"""Two tabs and two people over the forms of those who select: nothing that one wrote is lost to the other."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from jury.models import Opinion
from reviews.models import Placement, ScoreSheet
from tests.factories import the_call
from tests.jury.makers import make_secretary, placed, shortlisted, sitting_juror
from tests.jury.pages import DAY
from tests.jury.pages import at as jury_page
from tests.reviews.makers import RANKED, SCORING, admissible, make_managers, make_open, make_scored
from tests.reviews.marking import send
from tests.reviews.posting import at as sheet_page

pytestmark = pytest.mark.browser
MINE, THEIRS = "Écrit dans cette page.", "Écrit dans l’autre page."


def choose(opened, label):
    """The conflict is on the page; keep one of the two texts."""
    page = opened.page
    expect(page.get_by_role("heading", name="Deux textes pour une réponse")).to_be_visible()
    opened.said[:] = [line for line in opened.said if "status of 409" not in line]
    assert opened.flaws() == []
    page.get_by_label(label).check()
    opened.press("Enregistrer mes choix")


def two_tabs(opened, address, field):
    """Both tabs write into one field, the other one first; what the autosave of this one is told stands on it."""
    here = opened.go(address)
    there = here.context.new_page()
    there.goto(address)
    there.locator(f"[name={field}]").fill(THEIRS)
    expect(there.locator("[data-saved]")).to_contain_text("Enregistré à")
    here.locator(f"[name={field}]").fill(MINE)
    expect(here.locator("[data-saved]")).to_contain_text("attend votre choix")


def test_sheet_in_two_tabs(visit, now_is):
    now_is(SCORING)
    assignment = make_open(make_scored()[1][0])
    opened = visit(assignment.rapporteur.user)
    two_tabs(opened, sheet_page("sheet_edit", assignment), "internal")
    assert ScoreSheet.objects.get().internal == THEIRS
    choose(opened, "Garder le vôtre")
    expect(opened.page.locator("[name=internal]")).to_have_value(MINE)
    assert ScoreSheet.objects.get().internal == MINE


def test_notes_of_a_juror_in_two_tabs(visit, now_is):
    now_is(DAY)
    call = the_call()
    one = shortlisted(1, call)[0]
    placed(call, make_secretary(call))
    opened = visit(sitting_juror(call, 7).user)
    two_tabs(opened, jury_page("hearing_detail", one), "notes")
    choose(opened, "Garder celui qui est enregistré")
    expect(opened.page.locator("[name=notes]")).to_have_value(THEIRS)
    assert Opinion.objects.get().notes == THEIRS


def test_placement_by_two_managers_in_two_browsers(visit, now_is):
    now_is(RANKED)
    call = the_call()
    dossiers = admissible(3, call)
    for place, dossier in enumerate(dossiers):
        send(dossier, 4.0 - place)
    one, two = (visit(manager.user) for manager in make_managers(call))
    address = reverse("reviews:shortlist_place", args=[call.slug, dossiers[2].reference])
    for opened in (two, one):
        opened.go(address)
    for opened, words in ((two, THEIRS), (one, MINE)):
        opened.page.get_by_label("Dans la liste").check()
        opened.page.locator("[name=reason]").fill(words)
        opened.press("Enregistrer sa place")
    assert Placement.objects.get().reason == THEIRS
    choose(one, "Garder le vôtre")
    assert Placement.objects.get().reason == MINE
