"""Hearings are placed in the sittings, all or nothing, and summoned once; then their places are fixed."""

import pytest
from icalendar import Calendar

from applications.interests.actions import write_declared
from applications.models import Notice
from hdh_portal.ground.french import NBSP
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry, Message
from jury.hearings.actions.timetable import place_hearings, summon
from jury.hearings.emails import TO_JUROR, TO_TEAM, summons_of_juror, summons_of_team
from jury.models import Hearing, Sitting
from tests.factories import make_user, owner_of, paris, the_call
from tests.jury.makers import (
    SEATED,
    SUMMONED,
    make_secretary,
    placed,
    seat,
    shortlisted,
    summoned,
)

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
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


# Placing and summoning ----------------------------------------------------------------------------------------------


def test_every_shortlisted_dossier_is_placed_and_a_second_press_changes_nothing(call, secretary):
    one, two = shortlisted(2, call)
    places = {one.pk: LATER, two.pk: MORNING}
    rows = place_hearings(call, places, by=secretary.user, at=SEATED)
    assert [(row.application_id, row.starts_at, row.summoned_at) for row in rows] == [
        (two.pk, MORNING, None),
        (one.pk, LATER, None),
    ]
    assert verbs(call)[-1] == "hearings_placed"
    place_hearings(call, places, by=secretary.user, at=SEATED)
    assert verbs(call).count("hearings_placed") == 1


def test_two_hearings_change_places(call, secretary):
    one, two = shortlisted(2, call)
    place_hearings(call, {one.pk: MORNING, two.pk: LATER}, by=secretary.user, at=SEATED)
    place_hearings(call, {one.pk: LATER, two.pk: MORNING}, by=secretary.user, at=SEATED)
    assert list(Hearing.objects.order_by("starts_at").values_list("application_id", flat=True)) == [two.pk, one.pk]


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (MORNING, None, "Indiquez l’heure de cette audition."),
        (MORNING, paris(2020, 7, 6, 9, 39), f"À cette heure, l’audition de 9{NBSP}h{NBSP}00 n’est pas finie."),
        (MORNING, MORNING, f"À cette heure, l’audition de 9{NBSP}h{NBSP}00 n’est pas finie."),
        (MORNING, paris(2020, 7, 6, 17, 21), "À cette heure, l’audition ne tient pas dans la séance."),
        (MORNING, paris(2020, 7, 6, 8, 59), "À cette heure, l’audition ne tient pas dans la séance."),
        (MORNING, paris(2020, 7, 8, 9), "À cette heure, l’audition ne tient pas dans la séance."),
    ],
)
def test_a_place_that_does_not_fit_is_named_beside_its_row_and_nothing_is_kept(
    call, secretary, first, second, sentence
):
    one, two = shortlisted(2, call)
    places = {one.pk: first} | ({two.pk: second} if second else {})
    refusal = refusal_of(place_hearings, call, places, by=secretary.user, at=SEATED)
    assert refusal.code == "does_not_fit"
    assert list(refusal.fields) == [("time", two.pk)]
    assert refusal.fields["time", two.pk].startswith(sentence)
    assert not Hearing.objects.exists()


def test_the_last_place_of_a_sitting_fits(call, secretary):
    [one] = shortlisted(1, call)
    [row] = place_hearings(call, {one.pk: paris(2020, 7, 6, 17, 20)}, by=secretary.user, at=SEATED)
    assert row.sitting == Sitting.objects.filter(call=call).order_by("position").first()


def test_a_dossier_that_is_not_heard_has_no_place(call, secretary):
    [one] = shortlisted(1, call, others=1)
    other = call.applications.exclude(pk=one.pk).get()
    places = {one.pk: MORNING, other.pk: LATER}
    assert refusal_of(place_hearings, call, places, by=secretary.user, at=SEATED).code == "list_changed"


def test_a_withdrawn_dossier_leaves_its_place(call, secretary):
    one, two = shortlisted(2, call)
    placed(call, secretary)
    one.state = "withdrawn"
    one.save(update_fields=["state"])
    place_hearings(call, {two.pk: MORNING}, by=secretary.user, at=SEATED)
    assert list(Hearing.objects.values_list("application_id", "starts_at")) == [(two.pk, MORNING)]


def test_before_the_shortlist_nothing_is_placed(call, secretary):
    assert refusal_of(place_hearings, call, {}, by=secretary.user, at=SEATED).code == "nothing_to_place"


def test_the_summons_tells_every_member_and_every_juror_once_and_fixes_the_places(call, secretary):
    one, two = shortlisted(2, call)
    reader = make_user()
    one.members.create(user=reader, role="reader", since=SEATED)
    juror = seat(call, 7)
    Message.objects.all().delete()

    rows = summoned(call, secretary)

    assert {row.summoned_at for row in rows} == {SUMMONED}
    sent = Message.objects.order_by("renderer", "to").values_list("renderer", "to")
    expected = [(TO_TEAM, owner_of(one).email), (TO_TEAM, owner_of(two).email)]
    expected += [(TO_TEAM, reader.email), (TO_JUROR, juror.user.email)]
    assert sorted(sent) == sorted(expected)
    notice = Notice.objects.get(application=one, kind="hearing")
    assert notice.text.replace(NBSP, " ") == (
        "Le jury entend votre équipe le lundi 6 juillet 2020 à 9 h 00 (heure de Paris). Lieu : Paris. "
        "Vous présentez votre projet pendant 15 min, puis vous répondez aux questions du jury pendant 15 min."
    )
    assert verbs(call)[-1] == "hearings_summoned"
    assert refusal_of(summon, call, by=secretary.user, at=SUMMONED).code == "already_summoned"
    assert refusal_of(placed, call, secretary).code == "already_summoned"


def test_the_mails_say_when_and_where_and_name_no_dossier_to_a_juror(call, secretary):
    [one] = shortlisted(1, call)
    juror = seat(call, 7)
    summoned(call, secretary)
    team, sitting = summons_of_team(one.pk), summons_of_juror(juror.pk)
    assert team.subject == f"Audition de votre dossier {one.reference}"
    words = " ".join(team.text.replace(NBSP, " ").split())
    assert "le lundi 6 juillet 2020 à 9 h 00 (heure de Paris). Lieu : Paris." in words
    assert f"/jury/{call.slug}/" in sitting.text
    assert "mardi 7 juillet 2020, de 9 h 00 à 20 h 00" in sitting.text.replace(NBSP, " ")
    assert one.reference not in sitting.text
    assert max(len(line) for line in (team.text + sitting.text).split("\n") if "http" not in line) <= 78
    assert {team.reply_to, sitting.reply_to} == {call.texts["contact"]["email"]}


def test_the_mails_bring_the_hours_to_a_calendar(call, secretary):
    [one] = shortlisted(1, call)
    juror = seat(call, 7)
    summoned(call, secretary)
    name, content, kind = summons_of_team(one.pk).attached[0]
    [event] = Calendar.from_ical(content).events
    assert (name, kind) == (f"audition-{one.reference}.ics", "text/calendar")
    assert [event["dtstart"].dt, event["dtend"].dt] == [paris(2020, 7, 6, 9), paris(2020, 7, 6, 9, 30)]
    assert event["location"] == "Paris"
    [(_name, content, _kind)] = summons_of_juror(juror.pk).attached
    sittings = Calendar.from_ical(content).events
    assert [event["dtstart"].dt for event in sittings] == [one.opens_at for one in call.sittings.order_by("position")]
    assert one.reference not in content.decode()


def test_without_all_places_or_after_the_first_hearing_nobody_is_summoned(call, secretary):
    one, _two = shortlisted(2, call)
    Hearing.objects.create(application=one, sitting=call.sittings.first(), starts_at=MORNING)
    assert refusal_of(summon, call, by=secretary.user, at=SUMMONED).code == "not_placed"
    placed(call, secretary)
    assert refusal_of(summon, call, by=secretary.user, at=MORNING).code == "too_late"
    assert not Message.objects.filter(renderer=TO_TEAM).exists()


def test_nobody_places_the_dossier_in_which_they_have_an_interest(call, secretary):
    one, two = shortlisted(2, call)
    write_declared(one, secretary.user, SEATED)
    both = {one.pk: MORNING, two.pk: LATER}
    assert refusal_of(place_hearings, call, both, by=secretary.user, at=SEATED).code == "list_changed"
    place_hearings(call, {two.pk: LATER}, by=secretary.user, at=SEATED)
    assert refusal_of(summon, call, by=secretary.user, at=SUMMONED).code == "not_placed"
    place_hearings(call, both, by=make_secretary(call).user, at=SEATED)
    near = paris(2020, 7, 6, 8, 50), paris(2020, 7, 6, 9, 10)
    for start in near:
        refusal = refusal_of(place_hearings, call, {two.pk: start}, by=secretary.user, at=SEATED)
        assert list(refusal.fields) == [("time", two.pk)]
    assert len(summon(call, by=secretary.user, at=SUMMONED)) == 2


def test_an_hour_that_ends_in_one_that_stands_is_named_where_it_was_typed(call, secretary):
    one, two = shortlisted(2, call)
    place_hearings(call, {one.pk: LATER, two.pk: MORNING}, by=secretary.user, at=SEATED)
    write_declared(one, secretary.user, SEATED)
    refusal = refusal_of(place_hearings, call, {two.pk: paris(2020, 7, 6, 9, 10)}, by=secretary.user, at=SEATED)
    assert refusal.fields["time", two.pk].startswith("À cette heure, l’audition ne finit pas avant celle de 9")
