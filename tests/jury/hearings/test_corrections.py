"""What a secretary noted wrongly is undone or corrected by an act, both instants kept; the minutes tell of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from applications.interests.actions import write_declared
from applications.models import Notice
from hdh_portal.records.models import JournalEntry, Message
from jury.announcement.content import content_of
from jury.deliberation.actions import record_decision
from jury.hearings.actions import corrections
from jury.hearings.actions.hearings import end_hearing, start_hearing
from jury.hearings.actions.moving import move_hearing, swap_hearings
from jury.hearings.actions.presences import check_in_all, correct_presence, record_presence
from jury.hearings.actions.timetable import summon
from jury.hearings.emails import move_of_juror, move_of_team
from jury.hearings.progress import progress
from jury.hearings.reading import attendance, course_of
from jury.models import Deliberation, Hearing, HearingStep, Presence
from tests.applications.officers import make_ready
from tests.factories import owner_of, paris
from tests.jury.deciding import EVENING, FROZEN, decide, freeze, make_room, place, record
from tests.jury.makers import SUMMONED
from tests.jury.pages import at
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NINE = paris(2020, 7, 6, 9)
MINUTE = timedelta(minutes=1)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def hearing_of(dossier):
    return Hearing.objects.select_related("application__call__jury").get(application=dossier)


@pytest.fixture
def room():
    """Two dossiers summoned, seven seats that have declared, a quorum of six, nothing heard."""
    room = make_room(2, seats=[1, 2, 3, 4, 5, 6, 7], heard=False)
    place(room)
    summon(room.call, by=room.secretary.user, at=SUMMONED)
    return room


def begun(room, *, present=True):
    by, hearing = room.secretary.user, hearing_of(room.dossiers[0])
    start_hearing(hearing, by=by, at=NINE)
    if present:
        check_in_all(hearing, by=by, at=NINE)
    return hearing


def leave(room, hearing, *numbers, at, status="left"):
    for number in numbers:
        record_presence(hearing, room.seats[number], status, by=room.secretary.user, at=at)


# Quorum -------------------------------------------------------------------------------------------------------------


def test_below_the_quorum_the_hearing_is_suspended_its_clock_stands_and_it_does_not_end(room, sign_in, now_is):
    hearing = begun(room)
    leave(room, hearing, 6, 7, at=NINE + 10 * MINUTE)
    now_is(NINE + 14 * MINUTE)
    text = plain(sign_in(room.seats[1]).get(at("hearing_detail", room.dossiers[0])).content.decode())
    assert "Séance suspendue depuis 09:10:00" in text and "5 présents" in text and "sur 6 nécessaires" in text
    refused("no_quorum", end_hearing, hearing, by=room.secretary.user, at=NINE + 15 * MINUTE)
    leave(room, hearing, 6, at=NINE + 20 * MINUTE, status="present")
    course = course_of(hearing_of(room.dossiers[0]))
    assert [(one.since, one.until, one.lowest) for one in course.stops] == [(NINE + 10 * MINUTE, NINE + 20 * MINUTE, 5)]
    # The talk of 15 minutes had five left when the quorum was lost.
    shown = progress(hearing_of(room.dossiers[0]), room.call.jury, NINE + 22 * MINUTE, course)
    assert (shown["phase"].key, shown["until"]) == ("presentation", NINE + 25 * MINUTE)


def test_a_hearing_that_began_with_nobody_checked_in_is_suspended_from_its_start(room):
    hearing = begun(room, present=False)
    assert course_of(hearing_of(room.dossiers[0])).suspended.since == NINE
    check_in_all(hearing, by=room.secretary.user, at=NINE + MINUTE)
    assert course_of(hearing_of(room.dossiers[0])).suspended is None


def test_quorum_that_was_lost_at_the_end_is_found_by_a_correction_and_nothing_is_decided_on_it(room):
    hearing, by = begun(room), room.secretary.user
    leave(room, hearing, 7, at=NINE + 5 * MINUTE)
    leave(room, hearing, 6, at=NINE + 39 * MINUTE)
    leave(room, hearing, 6, at=NINE + 39 * MINUTE + timedelta(seconds=30), status="present")
    back = Presence.objects.order_by("id").last()
    end_hearing(hearing, by=by, at=NINE + 40 * MINUTE)
    correct_presence(back, None, "Clic de trop.", by=by, at=NINE + 45 * MINUTE)
    check_in_all(hearing, by=by, at=EVENING)
    refused("heard_below_quorum", record, room, room.dossiers[0])
    corrections.reopen_hearing(hearing, by=by, at=EVENING)
    check_in_all(hearing, by=by, at=EVENING)
    end_hearing(hearing, by=by, at=EVENING + MINUTE)
    check_in_all(hearing, by=by, at=EVENING + MINUTE)
    assert record(room, room.dossiers[0], at=EVENING + 2 * MINUTE).present == 7


def test_nobody_is_presumed_to_have_stayed_for_the_decision(room):
    hearing, by = begun(room), room.secretary.user
    end_hearing(hearing, by=by, at=NINE + 38 * MINUTE)
    assert attendance(hearing_of(room.dossiers[0])).present == 0
    values = {"conclusion": "laureate", "amount_cents": 1_000_000, "by": by, "at": EVENING}
    refused("no_quorum", record_decision, room.dossiers[0], **values)
    check_in_all(hearing, by=by, at=EVENING)
    assert record_decision(room.dossiers[0], **values).present == 7


# Undone and corrected -----------------------------------------------------------------------------------------------


def test_a_start_is_cancelled_an_end_reopened_and_both_instants_stay(room):
    hearing, by = begun(room), room.secretary.user
    hearing = corrections.cancel_start(hearing, by=by, at=NINE + MINUTE)
    assert hearing.started_at is None
    start_hearing(hearing, by=by, at=NINE + 5 * MINUTE)
    end_hearing(hearing, by=by, at=NINE + 20 * MINUTE)
    hearing = corrections.reopen_hearing(hearing, by=by, at=NINE + 21 * MINUTE)
    assert hearing.is_under_way
    assert list(HearingStep.objects.order_by("id").values_list("kind", "was")) == [
        ("started", None),
        ("start_cancelled", NINE),
        ("started", None),
        ("ended", None),
        ("reopened", NINE + 20 * MINUTE),
    ]
    for verb in ("hearing_start_cancelled", "hearing_reopened"):
        assert JournalEntry.objects.filter(verb=verb).count() == 1


def test_an_adjourned_hearing_lets_another_be_heard_and_is_resumed_with_who_is_there_noted_again(room):
    hearing, by = begun(room), room.secretary.user
    corrections.adjourn_hearing(hearing, by=by, at=NINE + 10 * MINUTE)
    assert attendance(hearing_of(room.dossiers[0])).present == 0
    refused("adjourned", end_hearing, hearing, by=by, at=NINE + 11 * MINUTE)
    other = start_hearing(hearing_of(room.dossiers[1]), by=by, at=NINE + 40 * MINUTE)
    refused("another_under_way", corrections.resume_hearing, hearing, by=by, at=NINE + 41 * MINUTE)
    check_in_all(other, by=by, at=NINE + 40 * MINUTE)
    end_hearing(other, by=by, at=NINE + 78 * MINUTE)
    corrections.resume_hearing(hearing, by=by, at=NINE + 80 * MINUTE)
    assert course_of(hearing_of(room.dossiers[0])).suspended.since == NINE + 80 * MINUTE
    check_in_all(hearing, by=by, at=NINE + 80 * MINUTE)
    course = course_of(hearing_of(room.dossiers[0]))
    assert (course.stops, course.pauses) == ([], [(NINE + 10 * MINUTE, NINE + 80 * MINUTE)])


def test_an_absent_team_is_decided_on_and_not_announced_as_heard(room):
    by, one = room.secretary.user, room.dossiers[0]
    refused("too_early", corrections.note_absent_team, hearing_of(one), by=by, at=NINE - MINUTE)
    hearing = corrections.note_absent_team(hearing_of(one), by=by, at=NINE + 15 * MINUTE)
    refused("team_is_absent", start_hearing, hearing, by=by, at=NINE + 16 * MINUTE)
    record(room, one, "not_selected")
    assert content_of(room.call, FROZEN)["selection"]["hearings"]["heard"] == 0
    corrections.cancel_absence(hearing, by=by, at=EVENING)
    assert hearing_of(one).absent_at is None


def test_an_instant_is_corrected_with_its_reason_and_never_to_the_future_or_out_of_order(room, sign_in):
    hearing, by = begun(room), room.secretary.user
    leave(room, hearing, 7, at=NINE + 12 * MINUTE)
    gone = Presence.objects.order_by("id").last()
    end_hearing(hearing, by=by, at=NINE + 45 * MINUTE)
    refused("incomplete", correct_presence, gone, NINE + 10 * MINUTE, " ", by=by, at=EVENING)
    refused("in_the_future", correct_presence, gone, FROZEN, "Vu.", by=by, at=EVENING)
    refused("out_of_order", corrections.correct_hearing, hearing, "ended_at", NINE, "Vu.", by=by, at=EVENING)
    correct_presence(gone, NINE + 10 * MINUTE, "Vu par la présidence.", by=by, at=EVENING)
    assert Presence.objects.get(pk=gone.pk).at == NINE + 12 * MINUTE
    corrections.correct_hearing(hearing, "ended_at", NINE + 38 * MINUTE, "Noté en retard.", by=by, at=EVENING)
    page = sign_in(room.secretary).get(at("hearing_correct", room.dossiers[0]))
    text = page.content.decode()
    assert "<s>09:12:00</s>" in text and "<s>09:45:00</s>" in text and "Noté en retard." in text


def test_a_correction_is_made_on_its_page_and_keeps_what_was_typed_when_refused(room, sign_in, now_is):
    hearing = begun(room)
    now_is(NINE + 30 * MINUTE)
    client, url = sign_in(room.secretary), at("hearing_correct_save", room.dossiers[0])
    said = client.post(url, {"fact_key": "started_at", "time": "08:58:30", "reason": ""})
    assert said.status_code == 422 and "08:58:30" in said.content.decode()
    assert client.post(url, {"fact_key": "started_at", "time": "08:58:30", "reason": "Vu."}).status_code == 302
    assert hearing_of(room.dossiers[0]).started_at == NINE - timedelta(seconds=90)
    line = Presence.objects.filter(hearing=hearing, juror=room.seats[7]).get()
    values = {"fact_key": f"presence-{line.pk}", "cancel": "1", "reason": "Mauvais siège."}
    assert client.post(url, values).status_code == 302
    assert attendance(hearing_of(room.dossiers[0])).present == 6


def test_a_hearing_is_moved_after_the_summons_and_everybody_is_told_anew(room, sign_in):
    one, by = room.dossiers[0], room.secretary.user
    hearing, free = hearing_of(one), paris(2020, 7, 6, 15)
    taken = hearing_of(room.dossiers[1]).starts_at
    refused("does_not_fit", move_hearing, hearing, taken + 5 * MINUTE, "Salle.", by=by, at=SUMMONED)
    before = Message.objects.count()
    move_hearing(hearing, free, "Salle prise.", by=by, at=SUMMONED)
    assert hearing_of(one).starts_at == free
    assert Message.objects.count() == before + 1 + 7  # the team of one, the seats that are taken
    assert "prévue le lundi 6 juillet 2020 à 9 h 00" in plain(move_of_team(one.pk).text)
    assert one.reference not in move_of_juror(room.seats[1].pk).text
    assert Notice.objects.filter(application=one, kind__startswith="hearing").count() == 2
    owner = type("Owner", (), {"user": owner_of(one)})
    text = sign_in(owner).get(one.get_absolute_url()).content.decode()
    assert text.count("<s>Le jury entend votre équipe le") == 1 and "est déplacée" in text
    start_hearing(hearing, by=by, at=free)
    refused("already_started", move_hearing, hearing, NINE + 60 * MINUTE, "Salle.", by=by, at=free)


def test_two_hearings_swap_their_hours_in_one_act_and_each_is_notified_once(room, sign_in, now_is):
    one, two = room.dossiers
    now_is(SUMMONED)
    hours = {row.pk: hearing_of(row).starts_at for row in (one, two)}
    client, before = sign_in(room.secretary), Message.objects.count()
    page = client.get(at("hearing_place", room.call))
    assert "Échanger deux auditions" in plain(page.content.decode())
    values = {"one": hearing_of(one).pk, "other": hearing_of(two).pk, "reason": "Vol retardé."}
    assert client.post(at("hearing_swap", room.call), values).status_code == 302
    assert {row.pk: hearing_of(row).starts_at for row in (one, two)} == {one.pk: hours[two.pk], two.pk: hours[one.pk]}
    assert Message.objects.count() == before + 2 + 7
    for row in (one, two):
        assert Notice.objects.filter(application=row, kind__startswith="hearing").count() == 2
        assert HearingStep.objects.get(hearing__application=row).was == hours[row.pk]
    assert JournalEntry.objects.filter(verb="hearing_moved").count() == 2
    back = {"one": hearing_of(two).pk, "other": hearing_of(one).pk, "reason": "Vol à l’heure."}
    assert client.post(at("hearing_swap", room.call), back).status_code == 302
    assert {row.pk: hearing_of(row).starts_at for row in (one, two)} == hours


def test_a_swap_is_refused_whole_and_says_why_beside_its_field(room, sign_in, now_is):
    one, two = map(hearing_of, room.dossiers)
    now_is(SUMMONED)
    client, url = sign_in(room.secretary), at("hearing_swap", room.call)
    same = client.post(url, {"one": one.pk, "other": one.pk, "reason": "Erreur."})
    assert (same.status_code, "deux auditions différentes" in plain(same.content.decode())) == (422, True)
    for values in (
        {"one": one.pk, "other": two.pk},
        {"one": one.pk, "reason": "x"},
        {"one": one.pk, "other": "9" * 30},
    ):
        assert client.post(url, values).status_code == 422
    by = room.secretary.user
    refused("too_late", swap_hearings, room.call, one, two, "Erreur.", by=by, at=NINE)
    start_hearing(one, by=by, at=NINE)
    refused("already_started", swap_hearings, room.call, two, one, "Erreur.", by=by, at=NINE)
    now_is(NINE + MINUTE)
    assert "Échanger deux auditions" not in plain(client.get(at("hearing_place", room.call)).content.decode())
    assert not HearingStep.objects.filter(kind="moved").exists()


def test_nobody_swaps_the_hour_of_a_dossier_in_which_they_have_an_interest(room, sign_in, now_is):
    one, two = map(hearing_of, room.dossiers)
    now_is(SUMMONED)
    write_declared(one.application, room.secretary.user, SUMMONED)
    refused("not_allowed", swap_hearings, room.call, one, two, "Erreur.", by=room.secretary.user, at=SUMMONED)
    values = {"one": one.pk, "other": two.pk, "reason": "Erreur."}
    assert sign_in(room.secretary).post(at("hearing_swap", room.call), values).status_code == 422
    manager = make_ready(room.call, power="manager")
    refused("not_allowed", swap_hearings, room.call, two, one, "Erreur.", by=manager.user, at=SUMMONED)


def test_a_confirmed_decision_is_recorded_anew_before_the_room_is_corrected(room):
    hearing, by = begun(room), room.secretary.user
    end_hearing(hearing, by=by, at=NINE + 38 * MINUTE)
    decide(room, room.dossiers[0])
    refusal = refused("decided", corrections.reopen_hearing, hearing, by=by, at=EVENING)
    assert "Enregistrez-la de nouveau" in refusal.sentence
    record(room, room.dossiers[0])
    assert corrections.reopen_hearing(hearing, by=by, at=EVENING).is_under_way


def test_minutes_tell_intervals_losses_of_the_quorum_and_corrections(room):
    hearing, by = begun(room), room.secretary.user
    leave(room, hearing, 6, 7, at=NINE + 10 * MINUTE)
    leave(room, hearing, 6, at=NINE + 20 * MINUTE, status="present")
    end_hearing(hearing, by=by, at=NINE + 50 * MINUTE)
    gone = Presence.objects.filter(juror=room.seats[7], status="left").get()
    correct_presence(gone, NINE + 8 * MINUTE, "Vu par la présidence.", by=by, at=EVENING)
    other = corrections.note_absent_team(hearing_of(room.dossiers[1]), by=by, at=NINE + 60 * MINUTE)
    assert other.absent_at
    decide(room, room.dossiers[0])
    decide(room, room.dossiers[1], "not_selected")
    freeze(room)
    said = {one["reference"]: one for one in Deliberation.objects.get().minutes["dossiers"]}
    course = [plain(line) for line in said[room.dossiers[0].reference]["course"]]
    assert course[0] == ("Quorum perdu à 09:10:00, revenu à 09:20:00 : 5 présents au plus bas. Audition suspendue.")
    assert course[1] == "Présents du début à la fin : sièges 1, 2, 3, 4, 5."
    assert course[2] == "Siège 6 : présent de 09:00:00 à 09:10:00, de 09:20:00 à 09:50:00."
    assert course[3].startswith("Siège 7 : présent de 09:00:00 à 09:08:00. 09:08:00 au lieu de 09:10:00, corrigé par ")
    assert course[3].endswith("Motif : Vu par la présidence.")
    assert "équipe absente, constaté à 10:00:00" in plain(said[room.dossiers[1].reference]["hearing"])


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "end_corrected", "was": NINE}, "hearingstep_correction_keeps_both_instants_and_says_why"),
        ({"kind": "presence_corrected", "was": NINE, "reason": "Vu."}, "hearingstep_names_the_presence"),
    ],
)
def test_the_database_holds_what_a_correction_keeps(room, change, name):
    row = {"hearing": hearing_of(room.dossiers[0]), "at": NINE, "recorded_by": room.secretary.user}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        HearingStep.objects.create(**row, recorded_at=NINE, **change)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"adjourned_at": NINE}, "hearing_is_adjourned_under_way"),
        ({"absent_at": NINE, "started_at": NINE}, "hearing_of_an_absent_team_did_not_begin"),
    ],
)
def test_the_database_holds_what_became_of_a_hearing(room, change, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Hearing.objects.filter(application=room.dossiers[0]).update(**change)
