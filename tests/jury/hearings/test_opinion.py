"""What a juror notes for themselves: on the call’s scale, until all is frozen, and nobody else sees it."""

import pytest
from django.db import IntegrityError, transaction

from applications.interests.actions import write_declared
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from jury.hearings.actions.opinion import LONGEST_NOTES, save_opinion
from jury.models import Deliberation, Opinion, OpinionMark
from tests.factories import the_call
from tests.jury.makers import HEARING, SEATED, make_secretary, placed, seat, shortlisted, sitting_juror
from tests.worlds import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return the_call()


@pytest.fixture
@world
def hearing(call):
    """A hearing that is placed."""
    shortlisted(1, call)
    return placed(call, make_secretary(call))[0]


@pytest.fixture
@world
def juror(call, hearing):
    return sitting_juror(call, 7)


def refusal_of(act, *args, **options):
    with pytest.raises(Refused) as caught:
        act(*args, **options)
    return caught.value


def keys(call):
    return list(call.criterion_set.values_list("key", flat=True))


def test_fields_are_kept_one_by_one_and_a_mark_is_taken_back(call, hearing, juror):
    first, second, *_others = keys(call)
    by, lines = juror.user, JournalEntry.objects.count()
    save_opinion(hearing, marks={first: 3.5}, by=by, at=SEATED)
    save_opinion(hearing, notes="Clair.", by=by, at=SEATED)
    save_opinion(hearing, leaning="favourable", marks={first: 4.0, second: 0.0}, by=by, at=HEARING)

    opinion = Opinion.objects.get()
    assert (opinion.notes, opinion.leaning, opinion.saved_at, opinion.juror) == ("Clair.", "favourable", HEARING, juror)
    assert list(opinion.marks.values_list("criterion__key", "value")) == [(first, 4.0), (second, 0.0)]

    save_opinion(hearing, leaning="", notes="", marks={first: None}, by=by, at=HEARING)
    opinion.refresh_from_db()
    assert (opinion.notes, opinion.leaning) == ("", "")
    assert list(opinion.marks.values_list("criterion__key", flat=True)) == [second]
    assert JournalEntry.objects.count() == lines


@pytest.mark.parametrize("value", [5.5, -0.5, 3.3, "quatre", float("nan"), True])
def test_a_mark_off_the_scale_is_refused_beside_its_criterion(call, hearing, juror, value):
    first = keys(call)[0]
    refusal = refusal_of(save_opinion, hearing, marks={first: value}, notes="Gardé.", by=juror.user, at=SEATED)
    assert refusal.fields == {("mark", first): "Choisissez une note de l’échelle, de 0 à 5."}
    assert not Opinion.objects.exists()


def test_other_wrong_answers_are_refused(call, hearing, juror):
    by = juror.user
    assert refusal_of(save_opinion, hearing, marks={"no-such": 3.0}, by=by, at=SEATED).code == "unknown_value"
    assert list(refusal_of(save_opinion, hearing, leaning="peut-être", by=by, at=SEATED).fields) == ["leaning"]
    refusal = refusal_of(save_opinion, hearing, notes="a" * (LONGEST_NOTES + 2), by=by, at=SEATED)
    assert refusal.fields["notes"].startswith("Vos notes dépassent la limite")


def test_only_a_juror_who_declared_and_has_no_interest_notes(call, hearing, juror):
    for row in (make_secretary(call), seat(call, 3), sitting_juror(call, 4, hearing.application)):
        assert refusal_of(save_opinion, hearing, notes="Non.", by=row.user, at=SEATED).code == "closed"
    write_declared(hearing.application, juror.user, SEATED)
    assert refusal_of(save_opinion, hearing, notes="Non.", by=juror.user, at=SEATED).code == "closed"


def test_notes_end_when_the_decisions_are_frozen(call, hearing, juror):
    president, secretary = seat(call, 1), make_secretary(call)
    Deliberation.objects.create(
        call=call,
        digest="0" * 64,
        decided_by=secretary.user,
        decided_at=HEARING,
        presiding=president,
        confirmed_by=president.user,
        confirmed_at=HEARING,
    )
    assert refusal_of(save_opinion, hearing, notes="Trop tard.", by=juror.user, at=HEARING).code == "frozen"


def test_the_database_holds_one_opinion_one_mark_and_no_negative_one(call, hearing, juror):
    first = keys(call)[0]
    opinion = save_opinion(hearing, marks={first: 3.5}, by=juror.user, at=SEATED)
    mark = opinion.marks.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(hearing=hearing, juror=juror, user=juror.user, saved_at=SEATED)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionMark.objects.create(opinion=opinion, criterion=mark.criterion, value=1.0)
    with pytest.raises(IntegrityError, match="opinionmark_is_not_negative"), transaction.atomic():
        OpinionMark.objects.filter(pk=mark.pk).update(value=-1.0)
