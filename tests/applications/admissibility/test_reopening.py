"""What was concluded is opened again before its release: by whom, when, with which trace."""

import pytest
from django.db import IntegrityError, transaction

from applications.admissibility.actions import conclude_check, reopen_check, reopen_outcome, save_check
from applications.admissibility.reading import is_final, with_progress
from applications.interests.actions import declare_interest
from applications.models import Application, Check, Outcome, Reopening
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.records import journal
from hdh_portal.records.models import JournalEntry
from tests.applications.officers import at, conclude, disagree, make_ready, reconcile, refused_point, words
from tests.factories import CLOSED, make_deposited, paris
from tests.leaving import leave
from tests.refusals import refused
from tests.worlds import world

pytestmark = pytest.mark.django_db
LATER = paris(2020, 6, 3, 10)
REASON = "La pièce était jointe, sous un autre nom."


@pytest.fixture
@world
def agreed():
    """A dossier that both bodies found admissible, its two checkers, and a manager who checked nothing."""
    application = make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    for officer in (first, second):
        conclude(application, officer)
    return application, first, second, make_ready(power="manager")


def check_of(application, officer):
    return Check.objects.get(application=application, officer=officer)


def progress(application):
    return with_progress(Application.objects.filter(pk=application.pk), application.call).get()


def test_concluded_check_is_reopened_corrected_and_concluded_again(agreed):
    application, first, _second, manager = agreed
    check = check_of(application, first)
    digest = JournalEntry.objects.filter(verb="check_concluded").first().data["digest"]
    row = reopen_check(check, REASON, by=manager.user, at=LATER)
    check.refresh_from_db()
    assert (check.is_done, is_final(application), Outcome.objects.exists()) == (False, False, False)
    assert (row.digest, row.was["conclusion"], row.reason, row.by) == (digest, "admissible", REASON, manager.user)
    assert Reopening.objects.filter(application=application).count() == 2
    line = JournalEntry.objects.get(verb="check_reopened")
    assert (line.data["digest"], line.data["reopening"], line.actor_id) == (digest, row.pk, manager.user_id)
    save_check(check, reason="", by=first.user, at=LATER)
    assert conclude_check(check, by=first.user, at=paris(2020, 6, 3, 11)).conclusion == "admissible"
    assert journal.verify(application.call.chain) == []


def test_check_that_was_concluded_again_is_frozen_again(agreed):
    application, first, _second, manager = agreed
    check = check_of(application, first)
    reopen_check(check, REASON, by=manager.user, at=LATER)
    conclude_check(check, by=first.user, at=paris(2020, 6, 3, 11))
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.filter(pk=check.pk).update(conclusion="inadmissible")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.update(reason="Autre.")


def test_reopened_check_of_who_cannot_check_any_more_goes_back_to_the_body(agreed):
    application, first, _second, manager = agreed
    check = check_of(application, first)
    leave(first, at=LATER)
    reopen_check(check, REASON, by=manager.user, at=LATER)
    assert not Check.objects.filter(pk=check.pk).exists()
    assert conclude(application, make_ready(body=0), at=LATER) is not None


def test_agreement_is_taken_back_to_two_managers(agreed):
    application, _first, _second, manager = agreed
    assert not progress(application).is_to_reconcile
    row = reopen_outcome(application, REASON, by=manager.user, at=LATER)
    assert (progress(application).is_to_reconcile, row.was["conclusion"]) == (True, "admissible")
    other = make_ready(power="manager")
    reconcile(application, manager, other, conclusion="inadmissible", reason="Hors du champ.", at=LATER)
    assert is_final(application)
    assert JournalEntry.objects.get(verb="outcome_reopened").data["reopening"] == row.pk


def test_what_two_managers_settled_is_reopened_too():
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    one, two = make_ready(power="manager"), make_ready(power="manager")
    reconcile(application, one, two)
    reopen_outcome(application, REASON, by=one.user, at=LATER)
    assert progress(application).is_to_reconcile
    refused("not_final", reopen_outcome, application, REASON, by=two.user, at=LATER)


def test_who_may_not_decide_reopens_nothing(agreed):
    application, first, _second, manager = agreed
    check, with_interest = check_of(application, first), make_ready(power="manager")
    declare_interest(application, by=with_interest.user, at=CLOSED)
    for person in (first, with_interest, make_ready(power="secretary")):
        refused("not_allowed", reopen_check, check, REASON, by=person.user, at=LATER)
        refused("not_allowed", reopen_outcome, application, REASON, by=person.user, at=LATER)
    refused("reason", reopen_check, check, " ", by=manager.user, at=LATER)
    refused("reason", reopen_outcome, application, "x" * 501, by=manager.user, at=LATER)
    assert (is_final(application), Reopening.objects.exists()) == (True, False)


def test_nothing_is_reopened_once_it_is_released(agreed):
    application, first, _second, manager = agreed
    other = make_ready(power="manager")
    for act, person in ((propose_release, manager), (confirm_release, other)):
        act(application.call, release_plan(application.call).digest, by=person.user, at=LATER)
    refused("state_is_past", reopen_check, check_of(application, first), REASON, by=manager.user, at=LATER)
    refused("state_is_past", reopen_outcome, application, REASON, by=manager.user, at=LATER)
    row = {"closed_at": LATER, "digest": "0" * 64, "was": {}, "reason": REASON, "by": manager.user, "at": LATER}
    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.create(application=application, outcome_number=application.outcome.pk, **row)


def test_signature_under_the_list_falls_with_a_reopening(agreed):
    application, _first, _second, manager = agreed
    other, digest = make_ready(power="manager"), release_plan(application.call).digest
    propose_release(application.call, digest, by=manager.user, at=LATER)
    reopen_outcome(application, REASON, by=other.user, at=LATER)
    refused("incomplete", confirm_release, application.call, digest, by=other.user, at=LATER)


# The page -------------------------------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_manager_reopens_on_the_page_with_a_reason(agreed, sign_in, now_is):
    application, first, _second, manager = agreed
    now_is(LATER)
    client, check = sign_in(manager), check_of(application, first)
    assert at("check_reopen", application) in client.get(at("check_edit", application)).content.decode()
    text = words(client.get(at("check_reopen", application)))
    assert ("La décision seule" in text, text.count("Le contrôle d")) == (True, 2)
    assert all(f"Le contrôle {one}, conclu" in text for one in ("du Health Data Hub", "de Bpifrance"))
    untold = client.post(at("check_reopen_save", application), {"what": str(check.pk), "reason": ""})
    assert (untold.status_code, "Indiquez la raison." in words(untold)) == (422, True)
    nothing = client.post(at("check_reopen_save", application), {"reason": REASON})
    assert (nothing.status_code, REASON in words(nothing)) == (422, True)
    assert (
        client.post(at("check_reopen_save", application), {"what": str(check.pk), "reason": REASON}).status_code == 302
    )
    assert REASON in words(client.get(at("check_reopen", application)))
    assert "Conclure" in sign_in(first).get(at("check_edit", application)).content.decode()


@pytest.mark.embedded
def test_page_says_of_no_body_what_it_concluded_before_all_are_in(sign_in, now_is):
    now_is(LATER)
    one, two = make_deposited(), make_deposited()
    officer = make_ready(body=0)
    conclude(one, officer)
    conclude(two, officer, refuse=[refused_point(two)])
    client = sign_in(make_ready(power="manager"))
    pages = [words(client.get(at("check_reopen", row))) for row in (one, two)]
    names = [(row.reference, row.last_submission().acronym) for row in (one, two)]
    for place, (reference, acronym) in enumerate(names):
        pages[place] = pages[place].replace(reference, "").replace(acronym, "")
    assert pages[0] == pages[1] and "La décision seule" not in pages[0]


@pytest.mark.embedded
def test_page_is_for_managers_who_did_not_check(agreed, sign_in, now_is):
    application, first, _second, _manager = agreed
    now_is(LATER)
    checker = make_ready(power="manager", body=0)
    other = make_deposited()
    conclude(other, checker)
    assert sign_in(first).get(at("check_reopen", application)).status_code == 404
    assert sign_in(checker).get(at("check_reopen", other)).status_code == 404
    assert sign_in(checker).get(at("check_reopen", application)).status_code == 200
