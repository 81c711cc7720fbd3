"""What the database itself holds of decisions and of their freeze: each constraint refuses what it names."""

import pytest
from django.db import IntegrityError, transaction

from jury.models import Decision, Deliberation
from tests.jury.deciding import AMOUNT, EVENING, FROZEN, decide_all, make_room, propose, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def laureate():
    room = make_room(1)
    return record(room, room.dossiers[0])


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"amount_cents": 0}, "decision_laureate_has_an_amount"),
        ({"amount_cents": None}, "decision_laureate_has_an_amount"),
        ({"conclusion": "not_selected", "reason": "x"}, "decision_laureate_has_an_amount"),
        ({"amount_cents": 30_000_001}, "decision_amount_is_within_request_and_cap"),
        ({"cap_cents": AMOUNT - 1}, "decision_amount_is_within_request_and_cap"),
        ({"requested_cents": None}, "decision_amount_is_within_request_and_cap"),
        ({"rank": 1}, "decision_reserve_has_a_rank"),
        ({"conclusion": "reserve", "amount_cents": None, "rank": 0}, "decision_reserve_has_a_rank"),
        ({"conclusion": "reserve", "amount_cents": None}, "decision_reserve_has_a_rank"),
        ({"conclusion": "not_selected", "amount_cents": None}, "decision_against_has_a_reason"),
        ({"present": 5}, "decision_has_a_quorum"),
        ({"confirmed_at": EVENING}, "decision_is_confirmed_by_another_person"),
    ],
)
def test_decision_outside_its_rule_is_refused(laureate, change, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Decision.objects.filter(pk=laureate.pk).update(**change)


def test_rank_is_taken_once_and_a_dossier_decided_once():
    room = make_room(2)
    decision = record(room, room.dossiers[0], "reserve")
    decision.pk, decision.application = None, room.dossiers[1]
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save(force_insert=True)
    decision.rank, decision.application = 2, room.dossiers[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save(force_insert=True)


def test_deliberation_is_confirmed_by_another_person_who_presides():
    room = make_room(1)
    decide_all(room, "laureate")
    propose(room)
    for changes in (
        {"confirmed_by": room.secretary.user, "confirmed_at": FROZEN, "presiding": room.president},
        {"confirmed_by": room.president.user, "confirmed_at": FROZEN, "presiding": None},
    ):
        name = "deliberation_is_confirmed_by_another_person"
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Deliberation.objects.update(**changes)
    row = Deliberation.objects.get()
    assert str(row) == f"{room.call.pk} {row.digest[:8]}"
    assert str(Decision.objects.get()) == f"{room.dossiers[0].pk} laureate"
