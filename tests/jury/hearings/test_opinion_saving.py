"""A juror's own notes in two pages: what is typed in one is not emptied by the other."""

import re

import pytest

from jury.hearings.actions.opinion import save_opinion
from jury.models import Opinion
from tests.applications.officers import words
from tests.factories import the_call
from tests.jury.makers import make_secretary, placed, shortlisted, sitting_juror
from tests.jury.pages import DAY, at
from tests.pages import Form

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
MINE, THEIRS = "Noté dans cette page.", "Noté dans l’autre page."


@pytest.fixture
def opened(now_is, sign_in):
    """`(client, dossier, juror, hearing, two forms of the same page)`."""
    now_is(DAY)
    call = the_call()
    one = shortlisted(1, call)[0]
    hearing, juror = placed(call, make_secretary(call))[0], sitting_juror(call, 7)
    client = sign_in(juror)
    forms = [Form(client.get(at("hearing_detail", one)), at("opinion_save", one)) for _ in range(2)]
    return client, one, juror, hearing, forms


def test_old_page_empties_no_notes(opened):
    client, _one, _juror, _hearing, (old, new) = opened
    new.send(client, notes=THEIRS)
    assert old.send(client, leaning="reserved").status_code == 302
    opinion = Opinion.objects.get()
    assert (opinion.notes, opinion.leaning) == (THEIRS, "reserved")


@pytest.mark.parametrize("part", [(), ("notes", "leaning")])
def test_two_notes_are_shown_and_the_rest_is_saved(opened, part):
    client, _one, _juror, _hearing, (old, new) = opened
    new.send(client, notes=THEIRS)
    page = old.send(client, part=part, notes=MINE, leaning="reserved")
    both = re.sub(r"</?mark[^>]*>", "", page.content.decode())
    assert page.status_code == 409 and f">{MINE}</p>" in both and f">{THEIRS}</p>" in both
    opinion = Opinion.objects.get()
    assert (opinion.notes, opinion.leaning) == (THEIRS, "reserved")


def test_notes_that_came_when_all_was_frozen_are_given_back_without_a_form(opened, monkeypatch):
    client, one, juror, hearing, (old, _new) = opened
    save_opinion(hearing, notes=THEIRS, by=juror.user, at=DAY)
    for module in ("jury.hearings.views.hearing", "jury.hearings.actions.opinion"):
        monkeypatch.setattr(f"{module}.is_frozen", lambda call: True)
    page = old.send(client, notes=MINE)
    assert page.status_code == 409 and MINE in words(page) and "vos notes ne changent plus" in words(page)
    assert 'name="notes"' not in page.content.decode()
    assert at("opinion_save", one) not in page.content.decode()
