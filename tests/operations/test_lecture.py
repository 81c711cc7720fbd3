"""Who opened which dossier: one line for every route on which somebody who selects reads one, and an alarm."""

import datetime

import pytest

from applications.models import Application
from hdh_portal.ground import clock
from hdh_portal.operations import lecture
from tests.factories import CLOSED
from tests.operations.reading import SELECTING, Match, first_rows, read, told_of
from tests.permissions import asking, selection_table
from tests.permissions.built import first_world
from tests.permissions.table import ROWS
from tests.permissions.world import ACTORS
from tests.worlds import world_of_module

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
AT = datetime.datetime(2020, 6, 4, 9, tzinfo=datetime.UTC)
# Pages of many dossiers at once, which show names, states, marks, and no dossier's content.
OF_MANY = {
    *(f"applications:{name}" for name in ("officer_home", "interest_declare", "check_list", "outcome_list")),
    *(f"applications:{name}" for name in ("release_current", "release_preview", "release_journal", "signature_list")),
    *(f"reviews:{name}" for name in ("current_step", "worklist", "scoring_guide", "declaration_list")),
    *(f"reviews:{name}" for name in ("assignment_list", "sheet_list", "ranking", "shortlist")),
    *(f"jury:{name}" for name in ("juror_declare", "acting_edit", "sitting_list", "hearing_place", "deliberation")),
    "jury:announcement_preview",
    "operations:quarantine_list",
}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The world of the permission table, built once."""
    with django_db_blocker.unblock(), world_of_module(first_world) as world:
        yield world


GETS = {row.route for row in [*ROWS, *selection_table.ROWS] if row.method == "GET"}


def test_every_route_of_who_selects_is_a_reading_or_says_why_not():
    reading = {name for name in SELECTING if lecture.is_reading(Match(name))}
    others = {name for name in SELECTING if name in GETS} - reading
    assert others == OF_MANY | set(lecture.NOT_READ)
    assert set(lecture.OF_ALL) <= reading


OFFICERS = first_rows([row for row in ROWS if row.moment == "closed"], ACTORS)


@pytest.mark.parametrize(("row", "actor"), OFFICERS, ids=str)
def test_page_of_an_officer_leaves_its_line(built, now_is, lines, row, actor):
    now_is(CLOSED)
    dossier = Application.objects.get(pk=built.dossiers[row.dossier].pk)
    assert read(built, row.route, dossier, actor) == 200
    assert lines() == [told_of(built, row, actor)]


def test_candidate_and_the_refused_leave_none(built, now_is, lines):
    now_is(CLOSED)
    dossier = built.dossiers["free"]
    assert asking.ask(built, "applications:application_detail", "GET", dossier, "owner").status_code == 200
    for actor in ("owner", "abroad", "with_interest", "anonymous"):
        assert asking.ask(built, "applications:check_edit", "GET", dossier, actor).status_code in (302, 404)
    assert lines() == []


# What is counted ---------------------------------------------------------------------------------------------------


def test_same_page_again_within_a_minute_is_one_line(built, now_is, lines):
    now_is(CLOSED)
    for _ in range(3):
        asking.ask(built, "applications:check_edit", "GET", built.dossiers["free"], "first")
    assert len(lines()) == 1


def test_page_that_is_shown_again_after_a_refusal_is_read_too(built, now_is, lines):
    now_is(CLOSED)
    answer = asking.ask(built, "applications:check_conclude", "POST", built.dossiers["half"], "first")
    assert answer.status_code in lecture.SHOWN_AGAIN
    assert [view for view, _dossier, _actor in lines()] == ["applications:check_conclude"]


def test_many_dossiers_of_one_person_are_one_alarm(built, now_is, settings, caplog, readers):
    now_is(CLOSED)
    settings.HDH_READINGS_AN_HOUR = 2
    for name in ("free", "half", "split", "agreed", "taken"):
        for actor in ("first", "second")[: 1 + (name == "free")]:
            asking.ask(built, "applications:check_edit", "GET", built.dossiers[name], actor)
    alarms = [record for record in caplog.records if record.message == "one person reads many dossiers"]
    assert [(record.levelname, record.actor, record.report) for record in alarms] == [
        ("WARNING", built.people["first"].pk, True)
    ]


def test_honest_day_of_an_officer_is_no_alarm():
    """All 138 dossiers of the call, one each three minutes."""
    readers = lecture.Readers()
    for number in range(138):
        at = AT + datetime.timedelta(minutes=3 * number)
        assert readers.is_new(1, f"HDH-{number}", "check_edit", at)
        assert not readers.is_too_many(1, at, 60)


def test_alarm_comes_again_after_an_hour_and_forgets_what_is_older():
    readers = lecture.Readers()
    alarms = []
    for number in range(180):
        at = AT + datetime.timedelta(minutes=number / 2)
        readers.is_new(1, f"HDH-{number}", "check_edit", at)
        alarms += [number] * readers.is_too_many(1, at, 60)
    assert alarms == [60]
    assert not readers.is_too_many(1, AT + datetime.timedelta(hours=5), 60)
    assert readers.read[1] == {}


def test_clock_of_the_readings_is_the_real_one(built, now_is, lines):
    now_is(CLOSED)
    asking.ask(built, "applications:check_edit", "GET", built.dossiers["free"], "first")
    [at] = lecture.READERS.read[built.people["first"].pk].values()
    assert abs((clock.real() - at).total_seconds()) < 60
