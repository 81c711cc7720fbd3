"""A hearing raced by real threads on PostgreSQL: it starts once and alone, and who left it is never minuted present."""

import threading
import time

import pytest

from applications.models import Interest
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry, Message
from jury.deliberation.actions import freeze_deliberation
from jury.deliberation.reading import deliberation_plan
from jury.hearings.actions import opinion
from jury.hearings.actions.hearings import start_hearing
from jury.hearings.actions.opinion import save_opinion
from jury.hearings.actions.presences import record_presence
from jury.hearings.actions.timetable import place_hearings, summon
from jury.hearings.emails import TO_TEAM
from jury.hearings.reading import attendance
from jury.models import Deliberation, Hearing, Opinion, Presence
from jury.seats.actions import declaration, people
from jury.seats.actions.declaration import declare_interest
from jury.seats.actions.people import name_acting_presidents
from tests.factories import the_call
from tests.jury.deciding import FROZEN, decide_all, make_room, propose
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
    assert (lines("hearing_started"), Presence.objects.count()) == (1, 1)


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
    assert Message.objects.filter(renderer=TO_TEAM).count() == 1
    hearing.refresh_from_db()
    told = one.notices.get(kind="hearing").text
    assert ("mardi" in told) == (hearing.starts_at == later[one.pk])


# Waiting for each other ---------------------------------------------------------------------------------------------
# Each pair stops one act where it holds its rows, lets the other run to where it waits, then goes on.


@pytest.fixture
def held(monkeypatch):
    """`held(module, name)`: who calls it first waits until the other act has come as far as it can."""

    def hold(module, name):
        reached, plain = threading.Event(), getattr(module, name)

        def slow(*args, **options):
            if not reached.is_set():
                reached.set()
                time.sleep(1.5)
            return plain(*args, **options)

        monkeypatch.setattr(module, name, slow)
        return reached

    return hold


def after(reached, act):
    """The act, once the other one stands in what is held."""

    def run():
        assert reached.wait(10)
        return act()

    return run


def failed(results):
    """What came out beside rows and refusals: the database's own errors."""
    return [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]


def test_a_recusal_from_one_dossier_and_the_start_of_another_hearing_do_not_wait_for_each_other(call, held):
    one, two = shortlisted(2, call)
    secretary, juror = make_secretary(call), sitting_juror(call, 7)
    hearing, _other = summoned(call, secretary)
    other = one if hearing.application == two else two
    reached = held(declaration, "write_declared")
    recusing = lambda: declare_interest(other, by=juror.user, at=HEARING)  # noqa: E731
    starting = lambda: start_hearing(hearing, by=secretary.user, at=HEARING)  # noqa: E731
    assert failed(race(recusing, after(reached, starting))) == []
    assert Hearing.objects.get(pk=hearing.pk).is_under_way
    assert Interest.objects.current().filter(application=other, user=juror.user).exists()


def test_a_first_note_and_the_presence_of_its_juror_do_not_wait_for_each_other(call, held):
    [one] = shortlisted(1, call)
    secretary, juror = make_secretary(call), sitting_juror(call, 7)
    summoned(call, secretary)
    hearing = started(one, secretary)
    reached = held(opinion, "_refuse_off_scale")
    noting = lambda: save_opinion(hearing, notes="Clair.", by=juror.user, at=HEARING)  # noqa: E731
    leaving = lambda: record_presence(hearing, juror, "left", by=secretary.user, at=HEARING)  # noqa: E731
    assert failed(race(noting, after(reached, leaving))) == []
    assert Opinion.objects.get().notes == "Clair."
    assert Presence.objects.filter(juror=juror).order_by("-id").first().status == "left"


def test_naming_acting_presidents_and_the_freeze_do_not_wait_for_each_other(held):
    room = make_room(1)
    decide_all(room, "laureate")
    propose(room)
    digest = deliberation_plan(room.call).digest
    reached = held(people, "is_frozen")
    naming = lambda: name_acting_presidents(room.call, [room.seats[7]], by=room.secretary.user, at=FROZEN)  # noqa: E731
    freezing = lambda: freeze_deliberation(room.call, digest, by=room.president.user, at=FROZEN)  # noqa: E731
    assert failed(race(naming, after(reached, freezing))) == []
    assert Deliberation.objects.get().is_frozen
