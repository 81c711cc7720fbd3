"""Decisions: recorded within quorum, envelope and rank, confirmed by who presides, frozen by two, then unchanged."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from applications.dossier.actions.draft import withdraw_application
from applications.interests.actions import write_declared
from hdh_portal.records import journal
from hdh_portal.records.models import Document, JournalEntry
from jury.deliberation.actions import (
    _amount_problems,
    confirm_decision,
    freeze_deliberation,
    propose_deliberation,
    record_decision,
)
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.hearings.actions.opinion import save_opinion
from jury.hearings.actions.presences import record_presence
from jury.hearings.actions.timetable import summon
from jury.hearings.reading import attendance
from jury.models import Decision, Deliberation, Hearing, Jury
from tests.factories import owner_of
from tests.jury.deciding import (
    AMOUNT,
    EVENING,
    FROZEN,
    confirm,
    decide,
    decide_all,
    freeze,
    frozen,
    hear,
    hear_one,
    make_room,
    place,
    propose,
    record,
)
from tests.jury.makers import SUMMONED, make_secretary
from tests.leaving import leave
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def plain(sentence):
    return sentence.replace("\u00a0", " ").replace("\u202f", " ")


def wrong(room, dossier, **fields):
    """`{field: sentence}` of a decision that is refused for what it says."""
    values = {"conclusion": "laureate"} | fields
    by = room.secretary.user
    notified = refused("incomplete", record_decision, dossier, **values, by=by, at=EVENING).fields
    return {name: plain(sentence) for name, sentence in notified.items()}


def verbs(call, *names):
    lines = JournalEntry.objects.filter(chain=call.chain_id, verb__in=names).order_by("position")
    return list(lines.values_list("verb", flat=True))


# Recorded -----------------------------------------------------------------------------------------------------------


def test_recorded_decision_keeps_the_room_and_the_limits_as_they_were():
    room = make_room(1, with_interest={4: [0]})
    decision = record(room, room.dossiers[0], amount_cents=29_000_000, reason=" Bien\r\nfait. ")
    assert (decision.conclusion, decision.amount_cents, decision.rank) == ("laureate", 29_000_000, None)
    assert (decision.requested_cents, decision.cap_cents) == (30_000_000, room.call.max_grant_cents)
    assert (decision.present, decision.recused, decision.quorum) == (11, 1, 6)
    assert (decision.decided_by, decision.decided_at, decision.reason) == (room.secretary.user, EVENING, "Bien\nfait.")
    assert not decision.is_confirmed
    line = JournalEntry.objects.get(verb="decision_recorded")
    assert line.data["digest"] == decision_digest(decision)
    assert "Bien" not in str(line.data)
    assert journal.verify(room.call.chain) == []


def test_decision_is_recorded_anew_until_the_freeze_and_its_confirmation_falls():
    room = make_room(1)
    decide(room, room.dossiers[0])
    again = record(room, room.dossiers[0], "not_selected", amount_cents=AMOUNT, rank=3)
    assert (again.amount_cents, again.rank, again.confirmed_by, again.presiding) == (None, None, None, None)
    assert verbs(room.call, "decision_recorded", "decision_confirmed") == [
        "decision_recorded",
        "decision_confirmed",
        "decision_recorded",
    ]
    assert Decision.objects.count() == 1


def test_what_a_decision_lacks_is_said_beside_its_field():
    room = make_room(2)
    one, two = room.dossiers
    assert wrong(room, one, conclusion="peut-être") == {
        "conclusion": "Choisissez la décision : lauréat, liste complémentaire ou non retenu."
    }
    assert wrong(room, one) == {"amount": "Indiquez l’aide attribuée, en euros."}
    assert wrong(room, one, amount_cents=0) == {"amount": "Indiquez l’aide attribuée, en euros."}
    assert wrong(room, one, amount_cents=30_000_050) == {"amount": "L’aide demandée est de 300 000 € : retirez 0,50 €."}
    assert wrong(room, one, conclusion="reserve") == {
        "rank": "Indiquez le rang sur la liste complémentaire, à partir de 1."
    }
    assert wrong(room, one, conclusion="not_selected", reason="  ") == {
        "reason": "Écrivez la raison, telle que le candidat la lira."
    }
    record(room, one, "reserve")
    assert wrong(room, two, conclusion="reserve", rank=1) == {
        "rank": "Le rang 1 est déjà pris : choisissez-en un autre, par exemple le rang 2."
    }
    assert "reason" in wrong(room, two, conclusion="not_selected", reason="x" * 3001)
    record(room, one, "reserve", rank=1)
    assert Decision.objects.count() == 1


def test_amount_is_within_the_cap_of_the_call_the_envelope_and_the_places():
    room = make_room(3)
    one, two, three = room.dossiers
    room.call.max_grant_cents = 25_000_000
    room.call.save(update_fields=["max_grant_cents"])
    assert wrong(room, one, amount_cents=30_000_000) == {
        "amount": "Le plafond de l’appel est de 250 000 € : retirez 50 000 €."
    }
    Jury.objects.filter(call=room.call).update(envelope_cents=30_000_000, laureates=2)
    record(room, one, amount_cents=25_000_000)
    assert wrong(room, two, amount_cents=10_000_000) == {
        "amount": "Il reste 50 000 € sur l’enveloppe de 300 000 € : retirez 50 000 €."
    }
    record(room, two, amount_cents=5_000_000)
    assert wrong(room, three, amount_cents=100)["conclusion"].startswith("Les 2 places de lauréat sont prises")
    record(room, two, amount_cents=5_000_000)  # The same dossier takes no second place.


def test_dossier_that_asks_for_no_amount_receives_none():
    room = make_room(1, heard=False)
    found = _amount_problems(100, None, room.call, [], room.call.jury, True)
    assert plain(found["amount"]).startswith("Le dossier n’indique pas d’aide demandée")


def test_only_a_secretary_without_interest_records_after_the_hearing():
    room = make_room(2, heard=False)
    hear(room, until=1)
    one, two = room.dossiers
    values = {"conclusion": "laureate", "amount_cents": AMOUNT, "at": EVENING}
    refused("not_allowed", record_decision, one, **values, by=room.president.user)
    refused("not_heard", record_decision, two, **values, by=room.secretary.user)
    hear_one(room, two, end=False)
    refused("not_heard", record_decision, two, **values, by=room.secretary.user)
    write_declared(one, room.secretary.user, EVENING)
    refused("not_allowed", record_decision, one, **values, by=room.secretary.user)
    leave(room.secretary, at=EVENING)
    refused("not_allowed", record_decision, two, **values, by=room.secretary.user)


def test_quorum_is_counted_after_recusals_for_each_decision():
    room = make_room(2, seats=[1, 2, 3, 4, 5, 6, 7], with_interest={6: [1]})
    one, two = room.dossiers
    for dossier in (one, two):
        hearing = Hearing.objects.select_related("application__call").get(application=dossier)
        record_presence(hearing, room.seats[7], "left", by=room.secretary.user, at=EVENING)
    record(room, one)
    refusal = refused("no_quorum", record, room, two)
    assert plain(refusal.sentence) == (
        "Le quorum n’est pas atteint pour ce dossier : 5 présents sur 6 nécessaires. "
        "Notez qui est présent à la délibération ; aucune décision ne s’enregistre avant."
    )
    assert not refusal.fields
    hearing = Hearing.objects.select_related("application__call").get(application=one)
    record_presence(hearing, room.seats[5], "left", by=room.secretary.user, at=EVENING)
    refused("no_quorum", record, room, one)
    refused("no_quorum", confirm, one)


def test_withdrawn_dossier_leaves_the_set_and_frees_its_rank_and_amount():
    room = make_room(2)
    one, two = room.dossiers
    decide(room, one, "reserve")
    withdraw_application(one, by=owner_of(one), at=EVENING)
    refused("state_is_past", record, room, one)
    record(room, two, "reserve", rank=1)
    assert list(Decision.objects.values_list("application", flat=True)) == [two.pk]
    assert verbs(room.call, "decision_dropped") == ["decision_dropped"]
    assert [line.application for line in deliberation_plan(room.call).lines] == [two]


# Confirmed ----------------------------------------------------------------------------------------------------------


def test_presidency_confirms_what_it_read_once():
    room = make_room(1)
    dossier = room.dossiers[0]
    by = room.president.user
    refused("no_decision", confirm_decision, dossier, "", by=by, at=EVENING)
    digest = decision_digest(record(room, dossier))
    refused("not_presiding", confirm_decision, dossier, digest, by=room.seats[5].user, at=EVENING)
    refused("not_presiding", confirm_decision, dossier, digest, by=room.secretary.user, at=EVENING)
    record(room, dossier, amount_cents=AMOUNT - 1)
    refused("changed_since_page", confirm_decision, dossier, digest, by=by, at=EVENING)
    decision = confirm(dossier)
    assert (decision.confirmed_by, decision.confirmed_at, decision.presiding) == (by, EVENING, room.president)
    assert confirm(dossier) == decision
    assert verbs(room.call, "decision_confirmed") == ["decision_confirmed"]


def test_acting_president_confirms_where_the_presidency_is_recused():
    room = make_room(2, with_interest={1: [0]}, acting=(7, 3))
    one, two = room.dossiers
    digest = decision_digest(record(room, one))
    refused("not_presiding", confirm_decision, one, digest, by=room.president.user, at=EVENING)
    assert confirm(one).presiding == room.seats[7]
    assert decide(room, two).presiding == room.president


def test_who_presides_is_in_the_room_and_the_room_is_the_recorded_one():
    room = make_room(1)
    dossier = room.dossiers[0]
    record(room, dossier)
    hearing = Hearing.objects.select_related("application__call").get(application=dossier)
    record_presence(hearing, room.seats[5], "left", by=room.secretary.user, at=EVENING)
    refused("presence_changed", confirm, dossier)
    record(room, dossier)
    record_presence(hearing, room.president, "left", by=room.secretary.user, at=EVENING)
    record(room, dossier)
    refused("not_presiding", confirm, dossier, by=room.president.user)


def test_acting_president_confirms_and_freezes_where_the_presidency_is_away():
    room = make_room(2, acting=(7, 3), heard=False)
    place(room)
    summon(room.call, by=room.secretary.user, at=SUMMONED)
    for dossier in room.dossiers:
        hearing = hear_one(room, dossier)
        for number in (1, 7):
            record_presence(hearing, room.seats[number], "absent", by=room.secretary.user, at=EVENING)
    for dossier in room.dossiers:
        record(room, dossier, "not_selected")
        refused("not_presiding", confirm, dossier, by=room.president.user)
        refused("not_presiding", confirm, dossier, by=room.seats[7].user)
        assert confirm(dossier).presiding == room.seats[3]
    refused("not_presiding", freeze, room, by=room.president.user)
    assert freeze(room, by=room.seats[3].user).presiding == room.seats[3]


def test_recorder_and_confirmer_are_two_people_without_interest():
    room = make_room(1)
    dossier = room.dossiers[0]
    record(room, dossier)
    write_declared(dossier, room.secretary.user, EVENING)
    refused("signer_has_interest", confirm, dossier)
    with pytest.raises(IntegrityError, match="decision_is_confirmed_by_another_person"), transaction.atomic():
        Decision.objects.update(confirmed_by=room.secretary.user, confirmed_at=EVENING, presiding=room.president)


# The plan -----------------------------------------------------------------------------------------------------------


def test_plan_says_what_is_missing_and_sums_what_is_decided():
    room = make_room(4, heard=False)
    hear(room, until=3)
    one, two, three, four = room.dossiers
    decide(room, one)
    record(room, two, "reserve", rank=2)
    plan = deliberation_plan(room.call)
    assert [line.application for line in plan.lines] == [one, two, three, four]
    assert [line.application for line in plan.missing] == [three, four]
    assert (plan.granted_cents, plan.left_cents) == (AMOUNT, room.call.jury.envelope_cents - AMOUNT)
    assert (plan.requested_cents, plan.places_left) == (120_000_000, room.call.jury.laureates - 1)
    assert [plain(problem).partition(" : ")[2] for problem in plan.problems] == [
        "la décision enregistrée n’est pas confirmée.",
        "aucune décision n’est enregistrée.",
        "l’audition n’est pas terminée.",
        "ses rangs se suivent à partir de 1.",
    ]


def test_plan_costs_the_same_for_one_and_three_and_counts_the_room_as_a_hearing_does(django_assert_num_queries):
    room = make_room(3, with_interest={4: [1]})
    with django_assert_num_queries(10):
        plan = deliberation_plan(room.call)
    hearings = [Hearing.objects.select_related("application__call").get(application=row) for row in room.dossiers]
    rooms = [attendance(hearing) for hearing in hearings]
    assert [(line.room.present, line.room.recused) for line in plan.lines] == [
        (room.present, room.recused) for room in rooms
    ]
    assert [seat.juror for seat in plan.lines[1].recused] == [room.seats[4]]
    decide_all(room)
    with django_assert_num_queries(10):
        deliberation_plan(room.call)


# Frozen -------------------------------------------------------------------------------------------------------------


def test_freeze_is_signed_by_secretary_and_presidency_on_one_digest():
    room = make_room(2)
    call, by = room.call, room.secretary.user
    digest = deliberation_plan(call).digest
    assert "aucune décision" in refused("incomplete", propose_deliberation, call, digest, by=by, at=FROZEN).sentence
    decide_all(room, "laureate", "reserve")
    digest = deliberation_plan(call).digest
    refused("not_proposed", freeze_deliberation, call, digest, by=room.president.user, at=FROZEN)
    refused("not_allowed", propose_deliberation, call, digest, by=room.president.user, at=FROZEN)
    refused("changed_since_page", propose_deliberation, call, "0" * 64, by=by, at=FROZEN)
    proposed = propose(room)
    assert propose(room) == proposed
    other = make_secretary(call)
    refused("already_proposed", propose_deliberation, call, digest, by=other.user, at=FROZEN)
    refused("not_presiding", freeze_deliberation, call, digest, by=room.seats[5].user, at=FROZEN)
    decide(room, room.dossiers[0], amount_cents=AMOUNT - 1)
    fresh = deliberation_plan(call).digest
    refused("changed_since_page", freeze_deliberation, call, digest, by=room.president.user, at=FROZEN)
    refused("changed_since_proposal", freeze_deliberation, call, fresh, by=room.president.user, at=FROZEN)
    done = freeze(room)
    assert (done.decided_by, done.confirmed_by, done.presiding) == (by, room.president.user, room.president)
    assert verbs(call, "deliberation_proposed", "deliberation_frozen") == [
        "deliberation_proposed",
        "deliberation_proposed",
        "deliberation_frozen",
    ]
    assert Document.objects.get(renderer="minutes").subject == done.pk
    assert deliberation_plan(call).is_frozen
    assert journal.verify(call.chain) == []


def test_first_signature_falls_with_the_office_or_an_interest():
    room = make_room(1)
    decide_all(room, "laureate")
    propose(room)
    digest = deliberation_plan(room.call).digest
    leave(room.secretary, at=FROZEN)
    refused("first_signature_fell", freeze_deliberation, room.call, digest, by=room.president.user, at=FROZEN)
    other = make_secretary(room.call)
    propose_deliberation(room.call, digest, by=other.user, at=FROZEN)
    assert Deliberation.objects.get().decided_by == other.user


def test_who_has_an_interest_in_any_dossier_of_the_set_signs_nothing():
    room = make_room(2, with_interest={1: [0]}, acting=(7,))
    decide_all(room, "laureate", "reserve")
    propose(room)
    digest = deliberation_plan(room.call).digest
    refused("not_presiding", freeze_deliberation, room.call, digest, by=room.president.user, at=FROZEN)
    assert freeze_deliberation(room.call, digest, by=room.seats[7].user, at=FROZEN).presiding == room.seats[7]


def test_secretary_with_an_interest_does_not_propose():
    room = make_room(2)
    decide_all(room, "laureate", "reserve")
    other = make_secretary(room.call)
    write_declared(room.dossiers[0], other.user, EVENING)
    digest = deliberation_plan(room.call).digest
    refused("signer_has_interest", propose_deliberation, room.call, digest, by=other.user, at=FROZEN)


def test_after_the_freeze_nothing_changes_by_an_act_or_by_the_database():
    room = frozen(2)
    one, by = room.dossiers[0], room.secretary.user
    hearing = Hearing.objects.select_related("application__call").get(application=one)
    refused("frozen", record, room, one)
    refused("frozen", confirm, one)
    digest = deliberation_plan(room.call).digest
    refused("frozen", propose_deliberation, room.call, digest, by=by, at=FROZEN)
    refused("frozen", freeze_deliberation, room.call, digest, by=room.president.user, at=FROZEN)
    refused("decided", record_presence, hearing, room.seats[5], "left", by=by, at=FROZEN)
    refused("frozen", save_opinion, hearing, notes="Trop tard.", by=room.seats[5].user, at=FROZEN)
    for act in (
        lambda: Decision.objects.filter(application=one).update(amount_cents=1),
        lambda: Decision.objects.filter(application=one).delete(),
        lambda: Deliberation.objects.update(digest="0" * 64),
        lambda: Deliberation.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="refuses"), transaction.atomic():
            act()


def test_frozen_set_stays_whatever_becomes_of_a_dossier():
    room = frozen(2)
    plan = deliberation_plan(room.call)
    withdraw_application(room.dossiers[0], by=owner_of(room.dossiers[0]), at=FROZEN)
    later = deliberation_plan(room.call)
    assert (len(later.lines), later.digest, later.problems) == (2, plan.digest, [])
