"""What the second stage froze is verified: a change behind the portal's back is named."""

import pytest

from reviews.models import Mark, ScoreSheet, ShortlistEntry
from tests.reviews.makers import RANKED, make_managers, make_scored, make_sent
from tests.reviews.marking import freeze
from tests.worlds import world

pytestmark = pytest.mark.django_db


@pytest.fixture
@world
def sheet():
    """A sheet that was sent."""
    _applications, assignments = make_scored()
    return make_sent(assignments[0])


def named(sheet):
    return [f"{sheet.assignment.application.reference}\u00a0: la fiche {sheet.pk} n’est plus celle qui a été envoyée."]


def test_sent_sheet_has_no_fault(sheet, faults):
    assert faults() == []


def test_changed_mark_is_named(sheet, faults, unguarded):
    unguarded("reviews_mark")
    Mark.objects.filter(pk=sheet.marks.first().pk).update(value=5.0)
    assert faults() == named(sheet)


def test_changed_text_is_named(sheet, faults, unguarded):
    unguarded("reviews_scoresheet")
    ScoreSheet.objects.filter(pk=sheet.pk).update(transmissible="Autre chose.")
    assert faults() == named(sheet)


def test_changed_shortlist_is_named(sheet, faults, unguarded):
    call = sheet.assignment.application.call
    freeze(call, make_managers(call), at=RANKED)
    assert faults() == []
    unguarded("reviews_shortlistentry")
    ShortlistEntry.objects.update(is_shortlisted=False)
    assert faults() == [f"{call.slug}\u00a0: la présélection n’est plus celle qui a été figée."]
