"""Declaring before a dossier opens: no interest, an interest, or giving it back."""

import pytest

from applications.interests.actions import lift_interest
from applications.models import Application, Interest
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from reviews.models import Assignment, ScoreSheet
from reviews.scoring.actions.declaration import declare_interest, declare_no_interest, decline
from tests.factories import make_user, paris
from tests.leaving import leave
from tests.reviews.makers import (
    RANKED,
    RELEASED,
    SCORING,
    make_managers,
    make_open,
    make_scored,
    make_sent,
    make_written,
)

pytestmark = pytest.mark.django_db
OPENS, CLOSES = paris(2020, 6, 9), paris(2020, 6, 27)


@pytest.fixture
def assignment():
    """One of the three assignments of a dossier, nothing declared."""
    return make_scored()[1][0]


def lines(verb):
    return list(JournalEntry.objects.filter(verb=verb).order_by("pk").values_list("data", flat=True))


def refusal(act, assignment, *args, by=None, at=SCORING):
    with pytest.raises(Refused) as caught:
        act(assignment, *args, by=by or assignment.rapporteur.user, at=at)
    return caught.value.code


def test_no_interest_opens_the_dossier_once_with_its_line(assignment):
    mine = Assignment.objects.open_to(assignment.rapporteur)
    assert mine.count() == 0
    for _twice in range(2):
        declare_no_interest(assignment, by=assignment.rapporteur.user, at=SCORING)
    assert list(mine) == [assignment]
    assert mine.get().declared_at == SCORING
    assert lines("no_interest_declared") == [
        {
            "application": assignment.application.reference,
            "assignment": assignment.pk,
            "rapporteur": assignment.rapporteur_id,
        }
    ]


@pytest.mark.parametrize(
    ("at", "code"), [(RELEASED, "window_not_open"), (CLOSES, "window_over"), (RANKED, "window_over")]
)
def test_no_interest_is_refused_outside_the_window(assignment, at, code):
    assert refusal(declare_no_interest, assignment, at=at) == code


def test_no_interest_is_taken_at_the_opening_instant(assignment):
    assert make_open(assignment, at=OPENS).is_open


def test_declaring_is_refused_to_another_person_and_once_the_role_is_removed(assignment):
    assert refusal(declare_no_interest, assignment, by=make_user()) == "not_assigned"
    leave(assignment.rapporteur, at=SCORING)
    for act in (declare_no_interest, declare_interest):
        assert refusal(act, assignment) == "not_assigned"
    assert refusal(decline, assignment, "load") == "not_assigned"


def test_no_interest_is_refused_where_one_was_found(assignment):
    user = assignment.rapporteur.user
    Interest.objects.create(user=user, application=assignment.application, kind="same_body", declared_at=SCORING)
    assert refusal(declare_no_interest, assignment) == "has_interest"


def test_no_interest_is_refused_on_a_dossier_that_is_not_evaluated(assignment):
    Application.objects.filter(pk=assignment.application_id).update(state="submitted")
    assert refusal(declare_no_interest, assignment) == "state_is_past"


def test_interest_closes_the_dossier_everywhere(assignment):
    user, application = assignment.rapporteur.user, assignment.application
    make_open(assignment)
    declare_interest(assignment, by=user, at=SCORING)
    assignment.refresh_from_db()
    assert (assignment.ended_at, assignment.ended_reason) == (SCORING, "interest")
    assert Assignment.objects.of(assignment.rapporteur).count() == 0
    assert not Application.objects.visible_to(user).filter(pk=application.pk).exists()
    assert Interest.objects.get(user=user, application=application).kind == "declared"
    assert [line["void"] for line in lines("interest_declared")] == [[]]
    assert refusal(declare_interest, assignment) == "not_assigned"


@pytest.mark.parametrize("at", [RELEASED, SCORING, RANKED])
def test_interest_is_declared_at_any_time(assignment, at):
    user = assignment.rapporteur.user
    declare_interest(assignment, by=user, at=at)
    assert list(Interest.objects.current().filter(user=user).values_list("kind", "declared_at")) == [("declared", at)]


def test_interest_after_sending_keeps_the_sheet_and_makes_it_void(assignment):
    sheet = make_sent(assignment)
    assert list(ScoreSheet.objects.counting()) == [sheet]
    declare_interest(assignment, by=assignment.rapporteur.user, at=RANKED)
    assert list(ScoreSheet.objects.counting()) == []
    assert list(ScoreSheet.objects.sent()) == [sheet]
    assert [line["void"] for line in lines("interest_declared")] == [[sheet.pk]]


def test_interest_leaves_an_unsent_sheet_as_it_is(assignment):
    sheet = make_written(assignment)
    declare_interest(assignment, by=assignment.rapporteur.user, at=SCORING)
    sheet.refresh_from_db()
    assert (sheet.sent_at, sheet.opinion, sheet.marks.count()) == (None, "possible", 6)


def test_lifted_interest_that_is_declared_again_stands_again(assignment):
    user, application = assignment.rapporteur.user, assignment.application
    interest = Interest.objects.create(user=user, application=application, kind="declared", declared_at=RELEASED)
    assert refusal(declare_interest, assignment) == "already_declared"
    manager = make_managers(application.call)[0]
    lift_interest(interest, "Homonyme.", by=manager.user, at=RELEASED)
    declare_interest(assignment, by=user, at=SCORING)
    interest.refresh_from_db()
    assert (interest.lifted_at, interest.declared_at) == (None, SCORING)


@pytest.mark.parametrize("reason", ["expertise", "load"])
@pytest.mark.parametrize("at", [RELEASED, SCORING])
def test_decline_gives_the_dossier_back_with_its_reason(assignment, reason, at):
    decline(assignment, reason, by=assignment.rapporteur.user, at=at)
    assignment.refresh_from_db()
    assert (assignment.ended_at, assignment.ended_reason) == (at, reason)
    assert Interest.objects.filter(user=assignment.rapporteur.user).count() == 0
    assert [line["reason"] for line in lines("assignment_declined")] == [reason]


def test_decline_is_refused_after_the_window_and_for_other_reasons(assignment):
    assert refusal(decline, assignment, "load", at=CLOSES) == "window_over"
    for reason in ("", "interest", "replaced", "autre"):
        assert refusal(decline, assignment, reason) == "unknown_value"


def test_decline_is_refused_once_a_sheet_was_sent(assignment):
    make_written(assignment)
    make_sent(assignment)
    assert refusal(decline, assignment, "load") == "already_sent"
    assignment.refresh_from_db()
    assert assignment.ended_at is None
