import threading

import pytest
from django.db import IntegrityError, connection, transaction

from applications.admissibility.actions import (
    conclude_check,
    confirm_outcome,
    decide_outcome,
    give_back_check,
    save_check,
    take_check,
)
from applications.admissibility.reading import outcome_digest
from applications.interests.actions import declare_interest
from applications.models import Check, CheckAnswer, Outcome
from hdh_portal.records import journal
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Attempt, JournalEntry
from tests.applications.officers import conclude, disagree, make_ready, reconcile, refused_point, write
from tests.factories import CLOSED, OPEN, make_deposited, make_officer, paris, the_call
from tests.leaving import leave
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def verbs(call):
    return list(JournalEntry.objects.filter(chain=call.chain_id).order_by("position").values_list("verb", flat=True))


def test_take_gives_one_check_and_its_line_in_the_journal():
    application = make_deposited()
    officer = make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    assert (check.body, check.officer, check.submission.version) == (officer.body, officer, 1)
    assert take_check(application, officer, by=officer.user, at=CLOSED) == check
    assert verbs(application.call)[-1] == "check_taken"
    assert verbs(application.call).count("check_taken") == 1


def test_take_tells_a_colleague_who_has_it():
    application = make_deposited()
    first, second = make_ready(name="Camille Aubin"), make_ready()
    take_check(application, first, by=first.user, at=CLOSED)
    refusal = refused("taken", take_check, application, second, by=second.user, at=CLOSED)
    assert refusal.sentence == (
        "Ce dossier est pris par Camille Aubin depuis le 4\u00a0juin 10:05:00. Choisissez-en un autre dans votre liste."
    )
    assert Attempt.objects.get().reference == refusal.reference


@pytest.mark.parametrize(
    ("at", "code"), [(OPEN, "window_not_open"), (paris(2020, 6, 1, 23, 59, 59), "window_not_open")]
)
def test_take_is_refused_before_the_checks_begin(at, code):
    application = make_deposited()
    officer = make_ready()
    refused(code, take_check, application, officer, by=officer.user, at=at)


def test_take_begins_at_the_opening_instant():
    application = make_deposited()
    officer = make_ready()
    assert take_check(application, officer, by=officer.user, at=paris(2020, 6, 2)).pk


def test_take_is_refused_to_a_body_that_does_not_check():
    application = make_deposited()
    other = application.call.bodies.get(checks=False).organisation
    officer = make_ready(body=other, power="manager")
    refused("not_allowed", take_check, application, officer, by=officer.user, at=CLOSED)


def test_take_is_refused_to_a_secretary():
    application = make_deposited()
    officer = make_ready(power="secretary")
    refused("not_allowed", take_check, application, officer, by=officer.user, at=CLOSED)


def test_take_is_refused_without_a_declaration():
    application = make_deposited()
    officer = make_officer()
    refused("not_declared", take_check, application, officer, by=officer.user, at=CLOSED)


def test_take_is_refused_once_the_office_is_removed():
    application = make_deposited()
    officer = make_ready()
    leave(officer, at=CLOSED)
    refused("not_in_office", take_check, application, officer, by=officer.user, at=CLOSED)


def test_save_keeps_what_is_partial_and_writes_nothing_in_the_journal():
    application = make_deposited()
    officer = make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    before = verbs(application.call)
    key = refused_point(application)
    save_check(check, answers={key: "no"}, by=officer.user, at=CLOSED)
    save_check(check, reason=" Il manque\u00a0la pièce. ", by=officer.user, at=CLOSED)
    check.refresh_from_db()
    assert [(answer.item.key, answer.value) for answer in check.answers.all()] == [(key, "no")]
    assert (check.reason, check.conclusion, check.saved_at) == ("Il manque\u00a0la pièce.", "", CLOSED)
    save_check(check, answers={key: ""}, by=officer.user, at=CLOSED)
    assert not check.answers.exists()
    assert verbs(application.call) == before


@pytest.mark.parametrize(
    "values", [{"answers": {"nothing": "yes"}}, {"conclusion": "perhaps"}, {"ground_key": "nothing"}]
)
def test_save_refuses_values_that_are_not_proposed(values):
    application = make_deposited()
    officer = make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    refused("unknown_value", save_check, check, **values, by=officer.user, at=CLOSED)


def test_save_and_conclude_are_refused_to_a_colleague():
    application = make_deposited()
    first, second = make_ready(), make_ready()
    check = take_check(application, first, by=first.user, at=CLOSED)
    for act in (save_check, conclude_check, give_back_check):
        refused("taken", act, check, by=second.user, at=CLOSED)


def test_conclude_names_each_field_to_mend():
    application = make_deposited()
    officer = make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    refusal = refused("incomplete", conclude_check, check, by=officer.user, at=CLOSED)
    keys = application.call.checklistitem_set.values_list("key", flat=True)
    assert set(refusal.fields) == {("item", key) for key in keys} | {"conclusion"}


@pytest.mark.parametrize(
    ("refuse", "changes", "fields"),
    [
        (True, {"conclusion": "admissible"}, {"conclusion"}),
        (False, {"conclusion": "inadmissible", "ground_key": "incomplete", "reason": "Non."}, {"conclusion"}),
        (True, {"ground_key": ""}, {"ground"}),
        (True, {"reason": ""}, {"reason"}),
        (True, {"ground_key": "", "reason": ""}, {"ground", "reason"}),
    ],
)
def test_conclude_refuses_what_is_not_coherent(refuse, changes, fields):
    application = make_deposited()
    officer = make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    write(check, refuse=[refused_point(application)] if refuse else ())
    save_check(check, **changes, by=officer.user, at=CLOSED)
    refusal = refused("incomplete", conclude_check, check, by=officer.user, at=CLOSED)
    assert set(refusal.fields) == fields


def test_concluded_check_never_changes():
    application = make_deposited()
    officer = make_ready()
    conclude(application, officer)
    check = Check.objects.get()
    for act in (save_check, conclude_check, give_back_check):
        refused("already_done", act, check, by=officer.user, at=CLOSED)
    for write_anyway in (
        lambda: Check.objects.update(reason="autre"),
        lambda: CheckAnswer.objects.update(value="no"),
        lambda: CheckAnswer.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write_anyway()


def test_agreement_of_all_bodies_gives_the_outcome_at_once():
    application = make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    assert conclude(application, first) is None
    outcome = conclude(application, second)
    assert (outcome.conclusion, outcome.source, outcome.is_final) == ("admissible", "agreement", True)
    assert verbs(application.call)[-2:] == ["check_concluded", "outcome_agreed"]
    application.refresh_from_db()
    assert application.state == "submitted"


def test_agreement_joins_the_reasons_of_all():
    application = make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    point = [refused_point(application)]
    conclude(application, second, refuse=point, reason="L’annexe manque.")
    outcome = conclude(application, first, refuse=point, reason="Il manque l’annexe financière.")
    assert outcome.reason == "Il manque l’annexe financière.\n\nL’annexe manque."


def test_agreement_of_the_one_body_of_a_call_is_enough():
    call = the_call("autre")
    opens, closes = call.submission.opens_at, call.admissibility.opens_at
    application = make_deposited(call, at=opens)
    officer = make_ready(call, at=closes)
    assert conclude(application, officer, at=closes).conclusion == "admissible"


def test_disagreement_gives_no_outcome():
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    assert not Outcome.objects.exists()


def test_reconciliation_takes_two_managers():
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    decider, confirmer = make_ready(power="manager"), make_ready(power="manager")
    outcome = decide_outcome(
        application, conclusion="admissible", ground_key="", reason="La pièce y est.", by=decider.user, at=CLOSED
    )
    assert not outcome.is_final
    digest = outcome_digest(outcome)
    refused("same_person", confirm_outcome, application, digest, by=decider.user, at=CLOSED)
    refused("changed_since_page", confirm_outcome, application, "0" * 64, by=confirmer.user, at=CLOSED)
    assert confirm_outcome(application, digest, by=confirmer.user, at=CLOSED).is_final
    assert verbs(application.call)[-2:] == ["outcome_decided", "outcome_confirmed"]
    refused("already_final", confirm_outcome, application, digest, by=confirmer.user, at=CLOSED)


def test_reconciliation_may_be_decided_anew_by_the_other_manager():
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    one, two = make_ready(power="manager"), make_ready(power="manager")
    choice = {"conclusion": "admissible", "ground_key": "", "reason": "Oui."}
    before = outcome_digest(decide_outcome(application, **choice, by=one.user, at=CLOSED))
    decide_outcome(application, **choice | {"reason": "Oui, vraiment."}, by=two.user, at=CLOSED)
    refused("changed_since_page", confirm_outcome, application, before, by=one.user, at=CLOSED)


@pytest.mark.parametrize("power", ["officer", "secretary"])
def test_reconciliation_is_refused_to_who_does_not_manage(power):
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    officer = make_ready(power=power)
    choice = {"conclusion": "admissible", "ground_key": "", "reason": "Oui."}
    refused("not_allowed", decide_outcome, application, **choice, by=officer.user, at=CLOSED)


def test_reconciliation_is_refused_to_a_manager_who_checked_or_has_an_interest():
    application = make_deposited()
    checker = make_ready(body=0, power="manager")
    disagree(application, checker, make_ready(body=1))
    with_interest = make_ready(power="manager")
    declare_interest(application, by=with_interest.user, at=CLOSED)
    choice = {"conclusion": "admissible", "ground_key": "", "reason": "Oui."}
    for officer in (checker, with_interest):
        refused("not_allowed", decide_outcome, application, **choice, by=officer.user, at=CLOSED)
    decider = make_ready(power="manager")
    outcome = decide_outcome(application, **choice, by=decider.user, at=CLOSED)
    for officer in (checker, with_interest):
        digest = outcome_digest(outcome)
        refused("not_allowed", confirm_outcome, application, digest, by=officer.user, at=CLOSED)


def test_reconciliation_is_refused_before_all_are_in_and_on_an_agreement():
    application = make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    manager = make_ready(power="manager")
    choice = {"conclusion": "admissible", "ground_key": "", "reason": "Oui."}
    conclude(application, first)
    refused("checks_missing", decide_outcome, application, **choice, by=manager.user, at=CLOSED)
    conclude(application, second)
    refused("already_final", decide_outcome, application, **choice, by=manager.user, at=CLOSED)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"conclusion": ""}, {"conclusion"}),
        ({"reason": " "}, {"reason"}),
        ({"conclusion": "inadmissible"}, {"ground"}),
        ({"conclusion": "inadmissible", "reason": ""}, {"ground", "reason"}),
    ],
)
def test_decision_names_what_it_lacks(changes, fields):
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    manager = make_ready(power="manager")
    choice = {"conclusion": "admissible", "ground_key": "", "reason": "Oui."} | changes
    refusal = refused("incomplete", decide_outcome, application, **choice, by=manager.user, at=CLOSED)
    assert set(refusal.fields) == fields


def test_final_outcome_is_frozen_by_the_database():
    application, other = make_deposited(), make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    conclude(application, first)
    conclude(application, second)
    disagree(other, first, second)
    reconcile(other, make_ready(power="manager"), make_ready(power="manager"))
    for row in (application, other):
        with pytest.raises(IntegrityError), transaction.atomic():
            Outcome.objects.filter(application=row).update(reason="autre")
        with pytest.raises(IntegrityError), transaction.atomic():
            Outcome.objects.filter(application=row).delete()


def test_give_back_frees_the_check_for_a_colleague():
    application = make_deposited()
    first, second = make_ready(), make_ready()
    check = take_check(application, first, by=first.user, at=CLOSED)
    write(check)
    give_back_check(check, by=first.user, at=CLOSED)
    assert take_check(application, second, by=second.user, at=CLOSED).officer == second
    assert verbs(application.call)[-2:] == ["check_given_back", "check_taken"]


def test_journal_stays_whole():
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    reconcile(application, make_ready(power="manager"), make_ready(power="manager"))
    assert journal.verify(application.call.chain) == []


# Raced by real threads ---------------------------------------------------------------------------------------------


def race(*acts):
    """Run the acts at the same moment, each in a thread of its own; returns what each gave or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_two_officers_who_take_the_same_check_get_one():
    application = make_deposited()
    officers = [make_ready(name=f"Personne {n}") for n in "ABCDEF"]
    acts = [lambda one=one: take_check(application, one, by=one.user, at=CLOSED) for one in officers]
    results = race(*acts)
    winners = [result for result in results if isinstance(result, Check)]
    losers = [result for result in results if isinstance(result, Refused)]
    assert (len(winners), len(losers), Check.objects.count()) == (1, 5, 1)
    assert {f"pris par {winners[0].officer.user} depuis" in loser.sentence for loser in losers} == {True}


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_two_bodies_that_conclude_at_once_give_one_outcome():
    bodies = [make_ready(body=0), make_ready(body=1)]
    for _turn in range(3):
        application = make_deposited()
        rows = [take_check(application, one, by=one.user, at=CLOSED) for one in bodies]
        for row in rows:
            write(row)
        acts = [lambda row=row: conclude_check(row, by=row.officer.user, at=CLOSED) for row in rows]
        results = race(*acts)
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "Outcome"]
        assert Outcome.objects.filter(application=application).count() == 1
    assert journal.verify(application.call.chain) == []
