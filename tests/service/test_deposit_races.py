"""Deposits raced by real threads on PostgreSQL: one version, one line, one receipt, whoever comes at one moment."""

import pytest

from applications.admissibility.actions import decide_outcome
from applications.dossier.actions.draft import save_answers, withdraw_application
from applications.dossier.actions.submission import submit_application
from applications.dossier.reading import WorkingCopy
from applications.evidence import verification
from applications.models import Application, Notice, Outcome, Release, Submission
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.records.models import Document, JournalEntry, Message
from tests.applications.officers import conclude, disagree, make_ready
from tests.factories import CLOSED, OPEN, make_deposited, make_draft, owner_of, paris
from tests.service.racing import kinds, race

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
LATER = paris(2020, 6, 8, 18, 30)


def reviewed(application):
    """The act of depositing a dossier as it was reviewed now."""
    digest, owner = WorkingCopy(application).digest, owner_of(application)
    return lambda: submit_application(application, digest=digest, by=owner, at=OPEN)


def lines(application, verb):
    """How many lines of the journal say this of a dossier."""
    return JournalEntry.objects.filter(verb=verb, data__application=application.reference).count()


def test_fifty_identical_deposits_are_one_and_give_fifty_equal_receipts():
    application = make_draft()
    results = race(*[reviewed(application)] * 50)
    assert kinds(results) == ["Submission"] * 50
    assert {(one.pk, one.version, bytes(one.receipt)) for one in results} == {
        (one.pk, 1, bytes(one.receipt)) for one in Submission.objects.filter(application=application)
    }
    assert (lines(application, "application_submitted"), Message.objects.count()) == (1, 1)
    assert Document.objects.filter(renderer="receipt").count() == 1
    assert list(verification.faults()) == []


def test_twenty_deposits_at_once_leave_a_whole_chain():
    applications = [make_draft() for _n in range(20)]
    results = race(*[reviewed(application) for application in applications])
    assert kinds(results) == ["Submission"] * 20
    assert [lines(application, "application_submitted") for application in applications] == [1] * 20
    assert list(verification.faults()) == []
    assert len({one.entry.position for one in results}) == 20


def test_deposit_that_races_an_autosave_seals_one_state_and_never_half_of_it():
    for turn in range(6):
        application = make_draft()
        owner, deposit = owner_of(application), reviewed(application)
        typed = {"title": f"Titre {turn}", "acronym": f"SIGLE {turn}"}
        results = race(lambda: save_answers(application, typed, by=owner, at=OPEN), deposit)  # noqa: B023
        copy = WorkingCopy(application)
        assert {key: copy.by_column[key] for key in typed} == typed
        sealed = Submission.objects.filter(application=application)
        if kinds(results) == ["Merge", "Refused"]:
            assert (results[1].code, sealed.count()) == ("changed_since_review", 0)
            continue
        # It was sealed as it was reviewed, before the autosave: the page then says that the copy has changed since.
        assert (kinds(results), sealed.get().acronym) == (["Merge", "Submission"], results[1].acronym)
        assert sealed.get().body.canonical.count(f"SIGLE {turn}") == 0
        assert sealed.get().digest != copy.digest


def test_deposit_that_races_a_withdrawal_ends_in_one_order_or_the_other():
    for _turn in range(6):
        application = make_draft()
        owner, deposit = owner_of(application), reviewed(application)
        results = race(deposit, lambda: withdraw_application(application, by=owner, at=OPEN))  # noqa: B023
        application.refresh_from_db()
        assert application.state == "withdrawn"
        deposited = Submission.objects.filter(application=application).count()
        # First withdrawn: nothing was sealed and the draft may come back. First deposited: final, with a receipt.
        assert (type(results[0]).__name__, application.withdrawn_draft) == (
            ("Submission", False) if deposited else ("Refused", True)
        )
        assert lines(application, "application_withdrawn") == 1
    assert list(verification.faults()) == []


def test_two_new_versions_at_once_get_two_numbers_or_one_refusal():
    application = make_deposited()
    owner = owner_of(application)
    save_answers(application, {"title": "Deuxième"}, by=owner, at=OPEN)
    results = race(*[reviewed(application)] * 2)
    versions = list(Submission.objects.filter(application=application).values_list("version", flat=True))
    assert (kinds(results), versions) == (["Submission"] * 2, [1, 2])
    assert results[0] == results[1]


def test_two_managers_who_decide_at_once_leave_one_decision():
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    managers = [make_ready(power="manager") for _n in range(2)]
    words = {"conclusion": "admissible", "ground_key": "", "reason": "Vu."}
    acts = [lambda one=one: decide_outcome(application, **words, by=one.user, at=CLOSED) for one in managers]
    assert kinds(race(*acts)) == ["Outcome"] * 2
    assert (Outcome.objects.count(), lines(application, "outcome_decided")) == (1, 2)
    assert list(verification.faults()) == []


def test_managers_who_confirm_the_release_at_once_release_once():
    applications = [make_deposited() for _n in range(3)]
    call = applications[0].call
    for officer in (make_ready(body=0), make_ready(body=1)):
        for application in applications:
            conclude(application, officer)
    first, *others = [make_ready(power="manager") for _n in range(4)]
    digest = release_plan(call).digest
    propose_release(call, digest, by=first.user, at=LATER)
    acts = [lambda one=one: confirm_release(call, digest, by=one.user, at=LATER) for one in others]
    results = race(*acts)
    assert kinds(results) == ["Refused", "Refused", "Release"]
    assert {result.code for result in results if not isinstance(result, Release)} == {"already_released"}
    assert (Release.objects.count(), Notice.objects.count()) == (1, 3)
    assert Message.objects.filter(renderer="decision_mail").count() == 3
    assert set(Application.objects.values_list("state", flat=True)) == {"admissible"}
    assert [lines(one, "application_admissible") for one in applications] == [1, 1, 1]
    assert list(verification.faults()) == []
