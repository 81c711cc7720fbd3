"""A hearing raced by real threads on PostgreSQL: it starts once and alone, and who left it is never minuted present."""

import pytest

from hdh_portal.records.models import JournalEntry, Message
from jury import emails
from jury.actions.declaration import declare_interest
from jury.actions.hearings import place_hearings, record_presence, start_hearing, summon
from jury.actions.opinion import save_opinion
from jury.hearings import attendance
from jury.models import Hearing, Opinion, Presence
from tests.factories import the_call
from tests.jury.makers import (
    HEARING,
    SEATED,
    SUMMONED,
    make_secretary,
    placed,
    shortlisted,
    sitting_juror,
    started,
    summoned,
)
from tests.service.racing import kinds, race

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def call():
    return the_call()


def lines(verb):
    return JournalEntry.objects.filter(verb=verb).count()


def test_a_hearing_that_is_started_many_times_at_once_starts_once(call):
    [one] = shortlisted(1, call)
    first, second = make_secretary(call), make_secretary(call)
    sitting_juror(call, 7), sitting_juror(call, 4, one)
    [hearing] = summoned(call, first)
    acts = [lambda by=by: start_hearing(hearing, by=by.user, at=HEARING) for by in (first, second) * 5]
    assert kinds(race(*acts)) == ["Hearing"] * 10
    assert (lines("hearing_started"), Presence.objects.count()) == (1, 2)


def test_of_two_hearings_started_at_once_one_waits(call):
    shortlisted(2, call)
    secretary = make_secretary(call)
    first, second = summoned(call, secretary)
    acts = [lambda row=row: start_hearing(row, by=secretary.user, at=HEARING) for row in (first, second)]
    results = race(*acts)
    assert kinds(results) == ["Hearing", "Refused"]
    assert next(one for one in results if not isinstance(one, Hearing)).code == "another_under_way"
    assert Hearing.objects.filter(started_at__isnull=False).count() == 1


def test_a_presence_that_races_a_recusal_never_has_the_last_word(call):
    rows = shortlisted(4, call)
    secretary, juror = make_secretary(call), sitting_juror(call, 7)
    summoned(call, secretary)
    for one in rows:
        hearing = started(one, secretary)
        record_presence(hearing, juror, "left", by=secretary.user, at=HEARING)
        results = race(
            lambda: record_presence(hearing, juror, "present", by=secretary.user, at=HEARING),  # noqa: B023
            lambda: declare_interest(one, by=juror.user, at=HEARING),  # noqa: B023
        )
        assert kinds(results) in (["Interest", "Presence"], ["Interest", "Refused"])
        assert Presence.objects.filter(hearing=hearing).order_by("id").last().status == "recused"
        assert (attendance(hearing).present, attendance(hearing).recused) == (0, 1)
        Hearing.objects.filter(pk=hearing.pk).update(ended_at=HEARING)


def test_a_recusal_that_races_the_start_is_minuted_and_the_seat_is_not_in_the_room(call):
    [one] = shortlisted(1, call)
    secretary, juror = make_secretary(call), sitting_juror(call, 7)
    [hearing] = summoned(call, secretary)
    results = race(
        lambda: start_hearing(hearing, by=secretary.user, at=HEARING),
        lambda: declare_interest(one, by=juror.user, at=HEARING),
    )
    assert kinds(results) == ["Hearing", "Interest"]
    assert Presence.objects.order_by("id").last().status == "recused"


def test_a_note_that_races_a_recusal_is_gone(call):
    rows = shortlisted(4, call)
    juror = sitting_juror(call, 7)
    placed(call, make_secretary(call))
    for one in rows:
        hearing = Hearing.objects.select_related("application__call").get(application=one)
        results = race(
            lambda: save_opinion(hearing, notes="Vite.", by=juror.user, at=SEATED),  # noqa: B023
            lambda: declare_interest(one, by=juror.user, at=SEATED),  # noqa: B023
        )
        assert kinds(results) in (["Interest", "Opinion"], ["Interest", "Refused"])
        assert not Opinion.objects.exists()


def test_a_summons_pressed_twice_tells_everybody_once_and_no_place_moves_after_it(call):
    [one] = shortlisted(1, call)
    secretary = make_secretary(call)
    [hearing] = placed(call, secretary)
    later = {one.pk: call.sittings.last().opens_at}
    results = race(
        lambda: summon(call, by=secretary.user, at=SUMMONED),
        lambda: summon(call, by=secretary.user, at=SUMMONED),
        lambda: place_hearings(call, later, by=secretary.user, at=SUMMONED),
    )
    assert kinds(results) in (["Refused", "Refused", "list"], ["Refused", "list", "list"])
    assert Message.objects.filter(renderer=emails.TO_TEAM).count() == 1
    hearing.refresh_from_db()
    told = one.notices.get(kind="hearing").text
    assert ("mardi" in told) == (hearing.starts_at == later[one.pk])
