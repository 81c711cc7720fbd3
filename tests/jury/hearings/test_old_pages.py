"""A page of a hearing that is old acts on nothing it did not show; what was typed on it is given back."""

import pytest

from jury.hearings.actions import corrections
from jury.hearings.actions.hearings import end_hearing, start_hearing
from jury.hearings.actions.moving import move_hearing
from jury.hearings.actions.presences import check_in_all, correct_presence, record_presence
from jury.hearings.actions.timetable import summon
from jury.models import Hearing, HearingStep, Juror, Presence
from jury.seats.actions.people import name_acting_presidents
from tests.factories import paris
from tests.jury.deciding import make_room, place
from tests.jury.makers import SUMMONED
from tests.jury.pages import DAY, at
from tests.pages import Form

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
NINE, TEN, ELEVEN = paris(2020, 7, 6, 9), paris(2020, 7, 6, 10), paris(2020, 7, 6, 11)
REASON = "La pendule de la salle avançait."


@pytest.fixture
def room(now_is):
    """Two dossiers summoned, seven seats that have declared; the first is under way."""
    now_is(DAY)
    room = make_room(2, seats=[1, 2, 3, 4, 5, 6, 7], heard=False)
    place(room)
    summon(room.call, by=room.secretary.user, at=SUMMONED)
    room.hearing, room.waiting = (Hearing.objects.get(application=dossier) for dossier in room.dossiers)
    for hearing in (room.hearing, room.waiting):
        hearing.application.call = room.call
    start_hearing(room.hearing, by=room.secretary.user, at=NINE)
    return room


@pytest.fixture
def client(room, sign_in):
    return sign_in(room.secretary)


def opened(client, room, name, action, dossier=0):
    return Form(client.get(at(name, room.dossiers[dossier])), action)


def statuses(room):
    return list(Presence.objects.filter(hearing=room.hearing).order_by("id").values_list("juror__seat", "status"))


def test_old_toggle_changes_no_seat_that_was_noted_since(room, client):
    old = opened(client, room, "hearing_detail", "/presences/")
    record_presence(room.hearing, room.seats[2], "present", by=room.secretary.user, at=NINE)
    record_presence(room.hearing, room.seats[2], "left", by=room.secretary.user, at=TEN)
    answer = old.send(client, mark="2:present")
    assert answer.status_code == 409 and "relisez-la" in answer.content.decode()
    assert statuses(room) == [(2, "present"), (2, "left")]
    assert old.send(client, mark="3:present").status_code == 302  # the seat beside it is as it was shown
    assert old.send(client, mark="2:left").status_code == 302  # what stands already
    assert statuses(room) == [(2, "present"), (2, "left"), (3, "present")]


def test_old_page_of_a_decision_notes_nobody_who_was_noted_since(room, client):
    check_in_all(room.hearing, by=room.secretary.user, at=NINE)
    end_hearing(room.hearing, by=room.secretary.user, at=TEN)
    old = opened(client, room, "decision_edit", "/presences/")
    record_presence(room.hearing, room.seats[2], "absent", by=room.secretary.user, at=ELEVEN)
    before = Presence.objects.count()
    assert old.send(client, mark="2:present").status_code == 409
    assert Presence.objects.count() == before


def test_old_page_checks_nobody_in_at_once(room, client):
    old = opened(client, room, "hearing_detail", "/presences/tous/")
    record_presence(room.hearing, room.seats[2], "absent", by=room.secretary.user, at=NINE)
    assert old.send(client).status_code == 409
    assert statuses(room) == [(2, "absent")]
    assert opened(client, room, "hearing_detail", "/presences/tous/").send(client).status_code == 302


@pytest.mark.parametrize("act", ["finir", "ajourner", "commencer/annuler"])
def test_old_page_neither_ends_nor_breaks_off_what_began_anew(room, client, act):
    by = room.secretary.user
    check_in_all(room.hearing, by=by, at=NINE)
    old = opened(client, room, "hearing_detail", f"/{act}/")
    corrections.cancel_start(room.hearing, by=by, at=TEN)
    start_hearing(room.hearing, by=by, at=ELEVEN)
    assert old.send(client).status_code == 409
    room.hearing.refresh_from_db()
    assert room.hearing.started_at == ELEVEN and room.hearing.is_under_way


def test_old_page_takes_back_no_later_end_nor_absence(room, client):
    by = room.secretary.user
    check_in_all(room.hearing, by=by, at=NINE)
    end_hearing(room.hearing, by=by, at=TEN)
    ended = opened(client, room, "hearing_detail", "/rouvrir/")
    corrections.reopen_hearing(room.hearing, by=by, at=TEN)
    end_hearing(room.hearing, by=by, at=ELEVEN)
    assert ended.send(client).status_code == 409
    corrections.note_absent_team(room.waiting, by=by, at=ELEVEN)
    absent = opened(client, room, "hearing_detail", "/absente/annuler/", dossier=1)
    corrections.cancel_absence(room.waiting, by=by, at=ELEVEN)
    corrections.note_absent_team(room.waiting, by=by, at=paris(2020, 7, 6, 12))
    assert absent.send(client).status_code == 409


def test_old_page_resumes_and_begins_nothing_it_did_not_show(room, client):
    by = room.secretary.user
    check_in_all(room.hearing, by=by, at=NINE)
    corrections.adjourn_hearing(room.hearing, by=by, at=TEN)
    adjourned = opened(client, room, "hearing_detail", "/reprendre/")
    corrections.resume_hearing(room.hearing, by=by, at=TEN)
    corrections.adjourn_hearing(room.hearing, by=by, at=ELEVEN)
    assert adjourned.send(client).status_code == 409
    waiting = opened(client, room, "hearing_detail", "/commencer/", dossier=1)
    corrections.note_absent_team(room.waiting, by=by, at=ELEVEN)
    assert waiting.send(client).status_code == 409
    assert not Hearing.objects.get(pk=room.waiting.pk).is_under_way


def test_old_page_corrects_no_instant_that_was_corrected_since(room, client):
    by = room.secretary.user
    row = record_presence(room.hearing, room.seats[2], "present", by=by, at=NINE)
    old = opened(client, room, "hearing_correct", "/corriger/enregistrer/")
    corrections.correct_hearing(room.hearing, "started_at", paris(2020, 7, 6, 9, 5), REASON, by=by, at=TEN)
    correct_presence(row, paris(2020, 7, 6, 9, 6), REASON, by=by, at=TEN)
    before = HearingStep.objects.count()
    for key in ("started_at", f"presence-{row.pk}"):
        answer = old.send(client, fact_key=key, time="09:10:00", reason=REASON)
        html = answer.content.decode()
        assert answer.status_code == 409 and REASON in html and 'value="09:10:00"' in html
    assert HearingStep.objects.count() == before
    again = Form(answer, "/corriger/enregistrer/")
    assert again.send(client, fact_key="started_at", time="09:10:00", reason=REASON).status_code == 302


def test_old_page_moves_no_hearing_that_was_moved_since(room, client):
    by = room.secretary.user
    old = opened(client, room, "hearing_move", "/deplacer/enregistrer/", dossier=1)
    first = Hearing.objects.get(pk=room.waiting.pk).starts_at
    moved = first.replace(hour=first.hour + 3)
    move_hearing(room.waiting, moved, REASON, by=by, at=NINE)
    answer = old.send(client, time=f"{paris_hour(first) + 4}:00", reason=REASON)
    assert answer.status_code == 409 and REASON in answer.content.decode()
    assert Hearing.objects.get(pk=room.waiting.pk).starts_at == moved


def paris_hour(instant):
    return instant.hour + 2


def test_old_page_names_no_acting_presidents_over_those_named_since(room, client):
    old = Form(client.get(at("acting_edit", room.call)), "/suppleance/enregistrer/")
    second, third, fourth = (room.seats[number] for number in (2, 3, 4))
    name_acting_presidents(room.call, [second, third], by=room.secretary.user, at=NINE)
    answer = old.send(client, **{"acting-1": str(fourth.pk)})
    html = answer.content.decode()
    assert answer.status_code == 409 and str(second.user) in html and "Suppléance enregistrée" in html
    again = Form(answer, "/suppleance/enregistrer/")
    assert again["acting-1"] == str(fourth.pk)
    named = Juror.objects.filter(acting_order__isnull=False).order_by("acting_order")
    assert list(named.all()) == [second, third]
    assert again.send(client).status_code == 302 and list(named.all()) == [fourth]
