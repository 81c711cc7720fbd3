"""Hearings are started and ended one at a time; presence is minuted with its instants."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from applications.dossier.actions.draft import withdraw_application
from applications.interests.actions import write_declared
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from jury.dossiers import hearings_open_to
from jury.hearings.actions.hearings import end_hearing, start_hearing
from jury.hearings.actions.presences import check_in_all, record_presence
from jury.hearings.actions.timetable import place_hearings, summon
from jury.hearings.reading import attendance, current_phase, phases, status_of
from jury.models import Decision, Hearing, Presence
from jury.permissions import can_name_acting, can_place, can_run, can_sit, person_at
from tests.applications.officers import make_ready
from tests.factories import make_officer, make_user, owner_of, paris, the_call
from tests.jury.makers import (
    HEARING,
    SEATED,
    SUMMONED,
    declare,
    make_secretary,
    placed,
    seat,
    shortlisted,
    sitting_juror,
    started,
    summoned,
)
from tests.leaving import leave

pytestmark = pytest.mark.django_db
MORNING, LATER = paris(2020, 7, 6, 9), paris(2020, 7, 6, 9, 40)


@pytest.fixture
def call():
    return the_call()


@pytest.fixture
def secretary(call):
    return make_secretary(call)


def verbs(call):
    return list(JournalEntry.objects.filter(chain=call.chain_id).order_by("position").values_list("verb", flat=True))


def refusal_of(act, *args, **options):
    with pytest.raises(Refused) as caught:
        act(*args, **options)
    return caught.value


# Who may --------------------------------------------------------------------------------------------------------


def test_who_places_runs_sits_and_names(call, secretary):
    [one] = shortlisted(1, call)
    with_interest = make_secretary(call)
    president, juror, mute, recused = (
        sitting_juror(call, 1),
        sitting_juror(call, 7),
        seat(call, 3),
        sitting_juror(call, 4, one),
    )
    write_declared(one, with_interest.user, SEATED)
    people = {
        "secretary": secretary,
        "tied secretary": with_interest,
        "manager": make_ready(call, power="manager"),
        "officer": make_ready(call),
        "who declared nothing": make_officer(call, power="secretary"),
        "presidency": president,
        "juror": juror,
        "juror who declared nothing": mute,
        "recused juror": recused,
        "candidate": type("Owner", (), {"user": owner_of(one)}),
        "administrator": type("Root", (), {"user": make_user(is_superuser=True)}),
    }
    table = {}
    for name, row in people.items():
        person = person_at(call, row.user)
        cells = (can_place(person), can_run(person, one), can_sit(person, one), can_name_acting(person))
        assert {type(cell) for cell in cells} == {bool}
        table[name] = "".join("x" if cell else "." for cell in cells)
    assert table == {
        "secretary": "xx.x",
        "tied secretary": "x..x",
        "manager": "x..x",
        "officer": "....",
        "who declared nothing": "....",
        "presidency": "..xx",
        "juror": "..x.",
        "juror who declared nothing": "....",
        "recused juror": "....",
        "candidate": "....",
        "administrator": "....",
    }


def test_nobody_else_places_summons_starts_records_or_ends(call, secretary):
    [one] = shortlisted(1, call)
    juror = sitting_juror(call, 1)
    [hearing] = summoned(call, secretary)
    for by in (juror.user, make_ready(call).user, owner_of(one), make_user(is_superuser=True)):
        assert refusal_of(place_hearings, call, {one.pk: MORNING}, by=by, at=SUMMONED).code == "not_allowed"
        assert refusal_of(summon, call, by=by, at=SUMMONED).code == "not_allowed"
        assert refusal_of(start_hearing, hearing, by=by, at=HEARING).code == "not_allowed"
        assert refusal_of(record_presence, hearing, juror, "left", by=by, at=HEARING).code == "not_allowed"
        assert refusal_of(end_hearing, hearing, by=by, at=HEARING).code == "not_allowed"
    manager = make_ready(call, power="manager").user
    assert refusal_of(start_hearing, hearing, by=manager, at=HEARING).code == "not_allowed"
    assert not Presence.objects.exists()


def test_what_opens_to_whom(call, secretary):
    one, two = shortlisted(2, call, others=1)
    placed(call, secretary)
    recused, mute = sitting_juror(call, 7, one), seat(call, 3)
    write_declared(two, secretary.user, SEATED)

    def opened(row):
        return [hearing.application_id for hearing in hearings_open_to(person_at(call, row.user))]

    assert opened(recused) == [two.pk]
    assert opened(mute) == []
    assert opened(secretary) == [one.pk]
    assert opened(make_ready(call, power="manager")) == [one.pk, two.pk]
    assert opened(make_ready(call)) == []
    two.state = "withdrawn"
    two.save(update_fields=["state"])
    assert opened(recused) == []
    leave(recused, at=SUMMONED)
    assert opened(recused) == []


# The hearing itself ---------------------------------------------------------------------------------------------


def test_a_hearing_starts_with_the_recused_recused_and_nobody_presumed_present(call, secretary):
    [one] = shortlisted(1, call)
    sitting_juror(call, 1), sitting_juror(call, 7, one), seat(call, 3)
    [hearing] = summoned(call, secretary)

    hearing = start_hearing(hearing, by=secretary.user, at=HEARING)

    rows = Presence.objects.order_by("id").values_list("juror__seat", "status", "at", "recorded_by")
    assert list(rows) == [
        (7, "recused", HEARING, secretary.user_id),
    ]
    assert (hearing.started_at, hearing.is_under_way) == (HEARING, True)
    line = JournalEntry.objects.get(verb="hearing_started")
    assert line.data == {
        "application": one.reference,
        "hearing": hearing.pk,
        "recused": [7],
    }
    assert start_hearing(hearing, by=secretary.user, at=LATER).started_at == HEARING
    assert Presence.objects.count() == 1
    # One click checks in whoever has declared and has no interest; a second click changes nothing.
    assert [row.juror.seat for row in check_in_all(hearing, by=secretary.user, at=LATER)] == [1]
    assert check_in_all(hearing, by=secretary.user, at=LATER) == []
    assert JournalEntry.objects.get(verb="presences_checked_in").data["seats"] == [1]


def test_a_hearing_starts_after_the_summons_on_its_day_and_alone(call, secretary):
    one, two = shortlisted(2, call)
    for number in range(1, 7):
        sitting_juror(call, number)
    first, second = placed(call, secretary)
    by = secretary.user
    assert refusal_of(start_hearing, first, by=by, at=HEARING).code == "not_summoned"
    summon(call, by=by, at=SUMMONED)
    assert refusal_of(start_hearing, first, by=by, at=paris(2020, 7, 5, 23, 59)).code == "too_early"
    start_hearing(first, by=by, at=paris(2020, 7, 6, 8, 58))
    assert refusal_of(start_hearing, second, by=by, at=HEARING).code == "another_under_way"
    assert refusal_of(end_hearing, second, by=by, at=HEARING).code == "not_started"
    assert refusal_of(end_hearing, first, by=by, at=LATER - timedelta(minutes=9)).code == "no_quorum"
    check_in_all(first, by=by, at=LATER - timedelta(minutes=9))
    end_hearing(first, by=by, at=LATER)
    assert end_hearing(first, by=by, at=LATER + timedelta(minutes=1)).ended_at == LATER
    assert refusal_of(start_hearing, first, by=by, at=LATER).code == "already_ended"
    two.state = "withdrawn"
    two.save(update_fields=["state"])
    assert refusal_of(start_hearing, second, by=by, at=LATER).code == "state_is_past"
    assert verbs(call).count("hearing_started") == verbs(call).count("hearing_ended") == 1
    assert one.pk == first.application_id


def test_a_team_that_withdraws_while_it_is_heard_keeps_nobody_from_being_heard(call, secretary):
    one, two = shortlisted(2, call)
    sitting_juror(call, 7)
    summoned(call, secretary)
    started(one, secretary)
    withdraw_application(one, by=owner_of(one), at=HEARING)
    assert started(two, secretary).is_under_way


def test_presence_is_recorded_with_its_instants_and_a_second_press_adds_no_line(call, secretary):
    [one] = shortlisted(1, call)
    juror = sitting_juror(call, 7)
    summoned(call, secretary)
    hearing = started(one, secretary)
    by = secretary.user
    record_presence(hearing, juror, "left", by=by, at=LATER)
    record_presence(hearing, juror, "left", by=by, at=LATER + timedelta(minutes=1))
    record_presence(hearing, juror, "present", by=by, at=LATER + timedelta(minutes=5))
    rows = Presence.objects.order_by("id").values_list("status", "at")
    assert list(rows) == [("present", HEARING), ("left", LATER), ("present", LATER + timedelta(minutes=5))]
    assert verbs(call).count("presence_recorded") == 2


def test_presence_is_refused_to_a_recused_seat_a_free_one_and_one_that_declared_nothing(call, secretary):
    [one] = shortlisted(1, call)
    juror, recused, mute = sitting_juror(call, 1), sitting_juror(call, 7, one), seat(call, 3)
    [hearing] = summoned(call, secretary)
    by = secretary.user
    hearing = started(one, secretary)
    free, other = call.jurors.get(seat=5), the_call("autre").jurors.get(seat=1)
    for row, status, code in (
        (recused, "present", "recused"),
        (recused, "left", "recused"),
        (mute, "present", "not_declared"),
        (free, "present", "seat_is_free"),
        (other, "present", "seat_is_free"),
        (juror, "recused", "unknown_value"),
        (juror, "asleep", "unknown_value"),
    ):
        assert refusal_of(record_presence, hearing, row, status, by=by, at=LATER).code == code
    record_presence(hearing, mute, "absent", by=by, at=LATER)
    declare(mute)
    record_presence(hearing, mute, "present", by=by, at=LATER)


def test_presence_is_fixed_once_the_decision_is_confirmed(call, secretary):
    [one] = shortlisted(1, call)
    juror, president = sitting_juror(call, 7), sitting_juror(call, 1)
    summoned(call, secretary)
    hearing = started(one, secretary)
    Decision.objects.create(
        call=call,
        application=one,
        conclusion="not_selected",
        reason="Le jury en préfère d’autres.",
        cap_cents=1,
        present=6,
        recused=0,
        quorum=6,
        decided_by=secretary.user,
        decided_at=LATER,
        presiding=president,
        confirmed_by=president.user,
        confirmed_at=LATER,
    )
    assert refusal_of(record_presence, hearing, juror, "left", by=secretary.user, at=LATER).code == "decided"


def test_the_quorum_is_counted_on_who_is_in_the_room(call, secretary, django_assert_num_queries):
    [one] = shortlisted(1, call)
    jurors = [sitting_juror(call, number) for number in range(1, 7)]
    sitting_juror(call, 7, one), seat(call, 8)
    summoned(call, secretary)
    hearing = started(one, secretary)
    hearing.application.call.jury.quorum  # noqa: B018  The rule is read with the call, once a page.
    with django_assert_num_queries(3):
        now = attendance(hearing)
    assert (now.present, now.recused, now.quorum, now.has_quorum, len(now.seats)) == (6, 1, 6, True, 12)

    record_presence(hearing, jurors[5], "left", by=secretary.user, at=LATER)
    assert (attendance(hearing).present, attendance(hearing).has_quorum) == (5, False)
    # An interest found in another role and a seat that was left count at once, whatever was recorded.
    write_declared(one, jurors[4].user, LATER)
    leave(jurors[3], by=secretary.user, at=LATER)
    now = attendance(hearing)
    assert (now.present, now.recused) == (3, 2)


def test_the_parts_of_a_hearing_run_from_its_real_start(call, secretary):
    [one] = shortlisted(1, call)
    summoned(call, secretary)
    start = paris(2020, 7, 6, 9, 4)
    hearing = started(one, secretary, at=start)
    found = phases(hearing, call.jury)
    assert [(phase.key, phase.minutes, phase.begins_at) for phase in found] == [
        ("presentation", 15, start),
        ("questions", 15, start + timedelta(minutes=15)),
        ("debrief", 10, start + timedelta(minutes=30)),
    ]
    assert current_phase(found, start - timedelta(seconds=1)) is None
    assert current_phase(found, start + timedelta(minutes=15)).key == "questions"
    assert current_phase(found, start + timedelta(hours=3)).key == "debrief"
    assert status_of(hearing)["text"] == "En cours"


def test_a_part_that_takes_no_time_is_left_out():
    call = the_call("autre")
    hearing = Hearing(starts_at=MORNING)
    assert [phase.key for phase in phases(hearing, call.jury)] == ["presentation", "questions"]


# What the database holds --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"started_at": HEARING}, "hearing_begins_after_the_summons"),
        ({"ended_at": HEARING}, "hearing_ends_after_it_began"),
        ({"summoned_at": SUMMONED, "started_at": LATER, "ended_at": HEARING}, "hearing_ends_after_it_began"),
    ],
)
def test_the_database_holds_the_order_of_a_hearing(call, secretary, change, name):
    shortlisted(1, call)
    placed(call, secretary)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Hearing.objects.update(**change)


def test_the_database_lets_no_two_hearings_begin_together(call, secretary):
    shortlisted(2, call)
    placed(call, secretary)
    with pytest.raises(IntegrityError, match=r"hearing_begins_alone|jury_hearing.starts_at"), transaction.atomic():
        Hearing.objects.update(starts_at=MORNING)


def test_the_database_keeps_every_line_of_presence(call, secretary):
    [one] = shortlisted(1, call)
    sitting_juror(call, 7)
    summoned(call, secretary)
    started(one, secretary)
    row = Presence.objects.get()
    for act in (lambda: Presence.objects.update(status="absent"), row.delete):
        with pytest.raises(IntegrityError, match="jury_presence refuses"), transaction.atomic():
            act()
