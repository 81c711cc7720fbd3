"""Decisions raced by real threads on PostgreSQL: one envelope, one order of the reserve list, one frozen set."""

import pytest

from hdh_portal.records import journal
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Chain, Document, JournalEntry
from jury.deliberation.actions import confirm_decision, freeze_deliberation, record_decision
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.models import Decision, Deliberation, Jury
from jury.seats.actions.declaration import declare_interest
from tests.jury.deciding import EVENING, FROZEN, decide, decide_all, make_room, propose, record
from tests.jury.makers import make_secretary
from tests.service.racing import kinds, race

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
SEATS = [1, 2, 3, 4, 5, 6, 7]
TURNS = 4


def recording(room, dossier, conclusion="laureate", *, by=None, **fields):
    """The act of recording a decision."""
    by = by or room.secretary.user
    return lambda: record_decision(dossier, conclusion=conclusion, **fields, by=by, at=EVENING)


def refusals(results):
    return [result.code for result in results if isinstance(result, Refused)]


def faults(call):
    return journal.verify(Chain.objects.get(pk=call.chain_id))


def lines(verb):
    return JournalEntry.objects.filter(verb=verb).count()


def test_two_decisions_that_together_exceed_the_envelope_are_one_and_a_refusal():
    room = make_room(2, seats=SEATS)
    Jury.objects.filter(call=room.call).update(envelope_cents=30_000_000)
    other = make_secretary(room.call)
    one, two = room.dossiers
    results = race(
        recording(room, one, amount_cents=20_000_000), recording(room, two, amount_cents=20_000_000, by=other.user)
    )
    assert (kinds(results), refusals(results)) == (["Decision", "Refused"], ["incomplete"])
    assert sum(Decision.objects.values_list("amount_cents", flat=True)) == 20_000_000
    assert lines("decision_recorded") == 1
    assert faults(room.call) == []


def test_last_place_of_a_laureate_is_given_once():
    room = make_room(3, seats=SEATS)
    Jury.objects.filter(call=room.call).update(laureates=1)
    results = race(*[recording(room, dossier, amount_cents=1_000_000) for dossier in room.dossiers])
    assert kinds(results) == ["Decision", "Refused", "Refused"]
    assert Decision.objects.count() == 1


def test_one_rank_of_the_reserve_list_is_taken_once():
    room = make_room(3, seats=SEATS)
    results = race(*[recording(room, dossier, "reserve", rank=1) for dossier in room.dossiers])
    assert (kinds(results), refusals(results)) == (["Decision", "Refused", "Refused"], ["incomplete"] * 2)
    assert list(Decision.objects.values_list("rank", flat=True)) == [1]


def test_decision_recorded_anew_while_it_is_confirmed_ends_in_one_order_or_the_other():
    room = make_room(TURNS, seats=SEATS)
    for dossier in room.dossiers:
        digest = decision_digest(record(room, dossier, amount_cents=1_000_000))
        president = room.president.user
        results = race(
            recording(room, dossier, amount_cents=2_000_000),
            lambda: confirm_decision(dossier, digest, by=president, at=EVENING),  # noqa: B023
        )
        decision = Decision.objects.get(application=dossier)
        # Whatever came first, what stands is the second amount, which nobody has confirmed.
        assert (decision.amount_cents, decision.is_confirmed) == (2_000_000, False)
        assert refusals(results) in ([], ["changed_since_page"])
    assert faults(room.call) == []


def test_recusal_that_races_a_confirmation_never_leaves_a_decision_that_stands_with_it():
    room = make_room(TURNS, seats=SEATS)
    for dossier in room.dossiers:
        digest = decision_digest(record(room, dossier, amount_cents=1_000_000))
        president = room.president.user
        results = race(
            lambda: confirm_decision(dossier, digest, by=president, at=EVENING),  # noqa: B023
            lambda: declare_interest(dossier, by=president, at=EVENING),  # noqa: B023
        )
        assert type(results[1]).__name__ == "Interest"
        line = next(one for one in deliberation_plan(room.call).lines if one.application == dossier)
        confirmed = Decision.objects.get(application=dossier).is_confirmed
        assert (bool(line.fault), refusals(results)) == (True, [] if confirmed else ["not_presiding"])
    assert faults(room.call) == []


def test_decision_recorded_while_the_set_is_frozen_is_in_the_set_or_refused():
    room = make_room(2, seats=SEATS)
    decide_all(room, "laureate", "reserve")
    propose(room)
    digest, president = deliberation_plan(room.call).digest, room.president.user
    results = race(
        lambda: freeze_deliberation(room.call, digest, by=president, at=FROZEN),
        recording(room, room.dossiers[0], amount_cents=2_000_000),
    )
    deliberation, decision = Deliberation.objects.get(), Decision.objects.get(application=room.dossiers[0])
    if deliberation.is_frozen:
        assert (refusals(results), decision.amount_cents) == (["frozen"], 10_000_000)
        assert deliberation_plan(room.call).digest == digest
    else:
        assert (refusals(results), decision.amount_cents) == (["incomplete"], 2_000_000)
    assert Document.objects.filter(renderer="minutes").count() == deliberation.is_frozen
    assert faults(room.call) == []


def test_two_clicks_freeze_once():
    room = make_room(1, seats=SEATS)
    decide(room, room.dossiers[0])
    propose(room)
    digest, president = deliberation_plan(room.call).digest, room.president.user
    results = race(*[lambda: freeze_deliberation(room.call, digest, by=president, at=FROZEN)] * 3)
    assert (kinds(results), refusals(results)) == (["Deliberation", "Refused", "Refused"], ["frozen"] * 2)
    assert (lines("deliberation_frozen"), Document.objects.filter(renderer="minutes").count()) == (1, 1)
