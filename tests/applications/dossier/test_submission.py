"""The deposit, through its action: what is sealed, what is refused, what comes back twice."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from applications.dossier.actions.draft import save_answers, withdraw_application
from applications.dossier.actions.submission import submit_application
from applications.dossier.reading import WorkingCopy
from applications.models import Submission
from hdh_portal.records import journal, signing
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Attempt, Document, JournalEntry, Message, SigningKey
from tests.factories import OPEN, deposit, make_deposited, make_draft, make_user, owner_of, paris, the_call

pytestmark = pytest.mark.django_db
CLOSING = paris(2020, 6, 1, 12)
DEPOSIT = 19  # a savepoint among them: the test itself is the transaction


def test_deposit_seals_what_was_reviewed():
    application = make_draft(acronym="DERMALIA")
    copy = WorkingCopy(application)
    submission = deposit(application)
    assert (submission.version, submission.digest, submission.acronym) == (1, copy.digest, "DERMALIA")
    assert submission.body.canonical.encode() == copy.canonical
    application.refresh_from_db()
    assert application.state == "submitted"


def test_deposit_writes_one_journal_line_and_its_work():
    application = make_draft()
    before = JournalEntry.objects.count()
    submission = deposit(application)
    assert JournalEntry.objects.count() == before + 1
    assert submission.entry.data["digest"] == submission.digest
    assert Document.objects.filter(renderer="receipt", subject=submission.pk).count() == 1
    assert Message.objects.filter(renderer="receipt_mail", subject=submission.pk).count() == 1


def test_deposit_twice_gives_the_same_receipt_also_after_closing():
    application = make_draft()
    first = deposit(application)
    again = deposit(application, at=CLOSING + datetime.timedelta(hours=1))
    assert (again.pk, bytes(again.receipt)) == (first.pk, bytes(first.receipt))
    assert Submission.objects.filter(application=application).count() == 1


def test_deposit_a_b_a_makes_three_versions():
    application = make_draft(title="A")
    owner = owner_of(application)
    for title in ("A", "B", "A"):
        save_answers(application, {"title": title}, by=owner, at=OPEN)
        deposit(application)
    versions = Submission.objects.filter(application=application).order_by("version")
    assert [(v.version, v.title) for v in versions] == [(1, "A"), (2, "B"), (3, "A")]
    assert versions[0].digest == versions[2].digest


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (CLOSING, "window_over"),
        (CLOSING + datetime.timedelta(seconds=25), "window_over"),
        (paris(2019, 12, 20, 0), "window_not_open"),
    ],
)
def test_deposit_outside_the_window_is_refused_and_recorded(at, code):
    application = make_draft()
    with pytest.raises(Refused) as refusal:
        deposit(application, at=at)
    assert refusal.value.code == code
    attempt = Attempt.objects.get(reference=refusal.value.reference)
    assert (attempt.verb, attempt.code, attempt.subject_id) == ("submit_application", code, application.pk)


def test_deposit_one_millisecond_before_closing_is_accepted():
    application = make_draft()
    assert deposit(application, at=CLOSING - datetime.timedelta(milliseconds=1)).version == 1


def test_deposit_of_a_copy_that_changed_since_the_review_is_told():
    application = make_draft()
    digest = WorkingCopy(application).digest
    save_answers(application, {"title": "Un autre titre"}, by=owner_of(application), at=OPEN)
    with pytest.raises(Refused) as refusal:
        submit_application(application, digest=digest, by=owner_of(application), at=OPEN)
    assert refusal.value.code == "changed_since_review"
    assert not Submission.objects.filter(application=application).exists()


def test_deposit_of_an_incomplete_dossier_is_refused():
    application = make_draft(title="")
    with pytest.raises(Refused) as refusal:
        deposit(application)
    assert refusal.value.code == "incomplete"


def test_deposit_by_a_stranger_is_refused():
    application = make_draft()
    with pytest.raises(Refused) as refusal:
        deposit(application, by=make_user())
    assert refusal.value.code == "not_an_editor"


def test_withdrawn_deposit_is_final():
    application = make_deposited()
    withdraw_application(application, by=owner_of(application), at=OPEN)
    with pytest.raises(Refused):
        deposit(application)


def test_sealed_rows_refuse_change_in_the_database():
    submission = make_deposited().last_submission()
    for change in (lambda: Submission.objects.filter(pk=submission.pk).update(title="X"), submission.entry.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_version_is_sealed_once_also_with_another_digest():
    submission = make_deposited().last_submission()
    entry = journal.append(submission.entry.chain_id, "application_submitted", by=None, at=OPEN)
    submission.pk, submission.digest, submission.entry = None, "0" * 64, entry
    with pytest.raises(IntegrityError), transaction.atomic():
        submission.save(force_insert=True)


def test_receipt_verifies_offline():
    submission = make_deposited().last_submission()
    keys = dict(SigningKey.objects.values_list("key_id", "public_key"))
    assert signing.verify(bytes(submission.receipt), keys) == []
    forged = bytes(submission.receipt).replace(submission.application.reference.encode(), b"AAP-2020-9999")
    assert signing.verify(forged, keys) == ["Le champ «\u202freference\u202f» a été modifié."]


def test_second_call_takes_deposits_too():
    application = make_deposited(the_call("autre"), at=paris(2031, 6, 1, 9))
    assert application.state == "submitted"


@pytest.mark.parametrize("earlier", [1, 3])
def test_deposit_costs_the_same_statements_each_time(django_assert_num_queries, earlier):
    owner = make_user()
    for _turn in range(earlier):
        make_deposited()
    application = make_draft(owner=owner)  # Its form is read here, for the world of a test that wrote is its own.
    digest = WorkingCopy(application).digest
    timeouts = 2 if connection.vendor == "postgresql" else 0  # of the statement that waits for the dossier's row
    with django_assert_num_queries(DEPOSIT + timeouts):
        submit_application(application, digest=digest, by=owner, at=OPEN)
