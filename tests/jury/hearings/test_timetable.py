"""A plain timetable: hearings follow one another, the pause is kept where there is room, sittings share evenly."""

import pytest

from jury.hearings.timetable import PAUSES, propose, slots
from tests.factories import paris

pytestmark = pytest.mark.embedded

FIRST = (paris(2020, 7, 6, 9), paris(2020, 7, 6, 18))
SECOND = (paris(2020, 7, 7, 9), paris(2020, 7, 7, 18))


def hours(found):
    return [f"{start:%H:%M}" for start in found]


def test_hearings_follow_one_another_and_leave_the_pause_free():
    found = slots(*FIRST, 40, PAUSES[0])
    assert hours(found) == [
        "09:00", "09:40", "10:20", "11:00", "13:30", "14:10", "14:50", "15:30", "16:10", "16:50",
    ]  # fmt: skip


def test_a_short_sitting_has_no_pause():
    assert hours(slots(paris(2031, 9, 9, 11), paris(2031, 9, 9, 13), 20, PAUSES[0]))[3:] == ["12:00", "12:20", "12:40"]


def test_twenty_hearings_keep_the_long_pause_and_twenty_one_the_short_one():
    twenty = propose([FIRST, SECOND], 40, 20)
    assert [place for place, _start in twenty] == [0] * 10 + [1] * 10
    assert hours(start for _place, start in twenty)[4] == "13:30"

    more = propose([FIRST, SECOND], 40, 21)
    assert [place for place, _start in more] == [0] * 11 + [1] * 10
    assert hours(start for _place, start in more)[4:6] == ["11:40", "13:30"]


def test_without_room_for_a_pause_there_is_none_and_what_has_no_place_is_left_out():
    found = propose([FIRST, SECOND], 40, 26)
    assert len(found) == 26
    assert hours(start for _place, start in found)[4:6] == ["11:40", "12:20"]
    assert len(propose([FIRST, SECOND], 40, 30)) == 26


def test_a_sitting_that_is_full_gives_to_the_others():
    short = (paris(2020, 7, 6, 9), paris(2020, 7, 6, 10))
    assert [place for place, _start in propose([short, SECOND], 40, 5)] == [0, 1, 1, 1, 1]
    assert [place for place, _start in propose([SECOND, short], 40, 5)] == [0, 0, 0, 0, 1]
