"""The draft, through its actions: who begins one, and when."""

import datetime

import pytest

from applications.dossier.actions.draft import create_application, save_answers, withdraw_application
from applications.dossier.reading import WorkingCopy
from applications.models import Answer, Application, Interest, Member
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Attempt, JournalEntry
from tests.factories import OPEN, deposit, make_draft, make_user, owner_of, paris, the_call

pytestmark = pytest.mark.django_db
OPENING, CLOSING = paris(2019, 12, 20, 12), paris(2020, 6, 1, 12)


def test_draft_has_an_owner_whom_it_ties_and_a_line_in_the_journal():
    owner = make_user()
    application = create_application(the_call(), by=owner, at=OPEN)
    assert (application.state, Member.objects.get(application=application).role) == ("draft", "owner")
    assert Interest.objects.get(application=application).kind == "member"
    entry = JournalEntry.objects.order_by("-id").first()
    assert (entry.verb, entry.actor_id, entry.data) == (
        "application_created",
        owner.pk,
        {"application": application.reference},
    )


def test_draft_wants_a_verified_address():
    stranger = make_user(verified=False)
    with pytest.raises(Refused) as refusal:
        create_application(the_call(), by=stranger, at=OPEN)
    assert refusal.value.code == "address_not_verified"
    assert not Application.objects.exists()
    assert Attempt.objects.get(reference=refusal.value.reference).actor_id == stranger.pk


@pytest.mark.parametrize("at", [CLOSING, CLOSING + datetime.timedelta(days=1)])
def test_draft_begins_before_the_closing(at):
    with pytest.raises(Refused) as refusal:
        create_application(the_call(), by=make_user(), at=at)
    assert refusal.value.code == "window_over"


def test_save_keeps_what_changed_and_counts_its_versions():
    application = make_draft(title="A")
    values = {"title": "B", "acronym": "DERMALIA", "unknown": "x"}
    owner = owner_of(application)
    assert sorted(save_answers(application, values, by=owner, at=OPEN).written) == ["acronym", "title"]
    assert save_answers(application, values, by=owner, at=OPEN).written == {}
    saved = Answer.objects.filter(application=application, question__key__in=values).order_by("question__key")
    assert [(one.question.key, one.value, one.version, one.saved_by) for one in saved] == [
        ("acronym", "DERMALIA", 2, owner),
        ("title", "B", 2, owner),
    ]


def test_save_of_an_answer_that_is_taken_back_leaves_none():
    application = make_draft()
    save_answers(application, {"duration": None, "amount": None}, by=owner_of(application), at=OPEN)
    copy = WorkingCopy(Application.objects.get(pk=application.pk))
    assert (copy.stored["duration"], copy.stored["amount"]) == (None, None)
    assert not {"duration", "amount"} & set(copy.snapshot["answers"])
    assert {"duration", "amount"} <= {problem.question.key for problem in copy.problems}


def test_save_of_nothing_that_was_never_answered_writes_no_row():
    application = create_application(the_call(), by=(owner := make_user()), at=OPEN)
    assert save_answers(application, {"title": "", "duration": None}, by=owner, at=OPEN).written == {}
    assert not Answer.objects.exists()


def test_save_is_refused_to_strangers_to_readers_and_after_the_closing():
    application = make_draft()
    reader = make_user()
    Member.objects.create(application=application, user=reader, role="reader", since=OPEN)
    for by, at, code in [
        (make_user(), OPEN, "not_an_editor"),
        (reader, OPEN, "not_an_editor"),
        (make_user(), CLOSING, "window_over"),
        (owner_of(application), CLOSING, "window_over"),
    ]:
        with pytest.raises(Refused) as refusal:
            save_answers(application, {"title": "Z"}, by=by, at=at)
        assert refusal.value.code == code


def test_save_into_a_withdrawn_draft_is_refused_also_with_an_old_object():
    application = make_draft()
    deposit(application)
    owner = owner_of(application)
    withdraw_application(application, by=owner, at=OPEN)
    with pytest.raises(Refused) as refusal:
        save_answers(application, {"title": "Z"}, by=owner, at=OPEN)
    assert refusal.value.code == "state_is_past"
