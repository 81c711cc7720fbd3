"""Who presides: the presidency, or the first acting president who is in the room and has no interest."""

from datetime import timedelta

import pytest

from applications.interests.actions import write_declared
from jury.hearings.actions.presences import correct_presence, record_presence
from jury.hearings.reading import attendance
from jury.models import Hearing, Presence
from jury.seats.actions.people import name_acting_presidents
from jury.seats.presiding import presiding, presiding_over_all
from tests.factories import the_call
from tests.jury.deciding import EVENING, make_room, place
from tests.jury.makers import SUMMONED, make_secretary, seat, shortlisted
from tests.leaving import leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return the_call()


def over(dossier):
    """Who presides over a dossier."""
    return presiding(attendance(Hearing.objects.select_related("application__call__jury").get(application=dossier)))


def absent(room, dossier, *numbers):
    hearing = Hearing.objects.select_related("application__call").get(application=dossier)
    for number in numbers:
        record_presence(hearing, room.seats[number], "absent", by=room.secretary.user, at=EVENING)


def test_nobody_presides_while_the_seats_are_free():
    room = make_room(1)
    for juror in room.seats.values():
        leave(juror, by=room.secretary.user, at=EVENING)
    assert over(room.dossiers[0]) is None
    assert presiding_over_all(room.call) is None


def test_the_presidency_presides_where_it_has_no_interest():
    room = make_room(1, acting=(7,))
    assert over(room.dossiers[0]) == room.president == presiding_over_all(room.call)


def test_the_first_acting_president_without_interest_steps_in_where_the_presidency_is_recused():
    room = make_room(3, with_interest={1: [0, 1], 7: [1]}, acting=(7, 3))
    assert [over(row) for row in room.dossiers] == [room.seats[7], room.seats[3], room.president]


def test_the_first_acting_president_in_the_room_steps_in_where_the_presidency_is_away():
    room = make_room(1, acting=(7, 3, 5))
    [one] = room.dossiers
    absent(room, one, 1, 7)
    assert over(one) == room.seats[3]
    absent(room, one, 3, 5)
    assert over(one) is None


def test_before_anybody_is_in_the_room_it_is_the_presidency():
    room = make_room(2, acting=(7,), with_interest={1: [1]}, heard=False)
    place(room)
    assert [over(row) for row in room.dossiers] == [room.president, room.seats[7]]


def test_who_presides_over_all_has_no_interest_in_any_dossier_of_the_set(call):
    one, two = shortlisted(2, call)
    president, first, second = seat(call, 1), seat(call, 7), seat(call, 3)
    name_acting_presidents(call, [first, second], by=president.user, at=SUMMONED)
    write_declared(one, president.user, SUMMONED)
    write_declared(two, first.user, SUMMONED)

    assert presiding_over_all(call) == second


def test_who_was_in_the_room_at_the_last_hearing_signs_for_all_before_who_was_not():
    room = make_room(2, acting=(7, 3))
    first, last = sorted(room.dossiers, key=lambda row: row.hearing.starts_at)
    absent(room, first, 7)
    assert presiding_over_all(room.call) == room.president
    absent(room, last, 1)
    assert presiding_over_all(room.call) == room.seats[7]
    absent(room, last, 7, 3)  # Nobody of them is there: the presidency signs from wherever it is.
    assert presiding_over_all(room.call) == room.president


def test_what_was_corrected_says_who_was_in_the_room_last_and_not_what_was_noted():
    room = make_room(1, acting=(7, 3))
    [one] = room.dossiers
    absent(room, one, 1)
    assert presiding_over_all(room.call) == room.seats[7]
    line = Presence.objects.filter(hearing__application=one, juror=room.president).latest("id")
    correct_presence(line, None, "Mauvais siège.", by=room.secretary.user, at=EVENING)
    assert presiding_over_all(room.call) == room.president


def test_of_two_lines_the_later_instant_counts_whatever_was_noted_first():
    room = make_room(1, acting=(7,))
    [one] = room.dossiers
    hearing = Hearing.objects.select_related("application__call").get(application=one)
    by, minute = room.secretary.user, timedelta(minutes=1)
    absent(room, one, 1)
    record_presence(hearing, room.president, "present", by=by, at=EVENING + minute)
    assert presiding_over_all(room.call) == room.president
    line = Presence.objects.filter(juror=room.president, status="absent").latest("id")
    correct_presence(line, EVENING + 2 * minute, "Sortie après.", by=by, at=EVENING + 3 * minute)
    assert presiding_over_all(room.call) == room.seats[7]


def test_a_lifted_interest_and_one_in_a_dossier_that_was_not_shortlisted_do_not_count(call):
    [one] = shortlisted(1, call, others=1)
    president = seat(call, 1)
    other = call.applications.exclude(pk=one.pk).get()
    write_declared(other, president.user, SUMMONED)
    interest = write_declared(one, president.user, SUMMONED)
    assert presiding_over_all(call) is None
    interest.lifted_at, interest.lifted_by = SUMMONED, make_secretary(call).user
    interest.save()

    assert presiding_over_all(call) == president


def test_who_signs_for_all_costs_one_statement(call, django_assert_num_queries):
    room = make_room(2, acting=(7,))
    with django_assert_num_queries(1):
        presiding_over_all(room.call)
