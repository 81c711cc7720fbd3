"""The acts of the jury, each by the real action: seats, declarations, hearings, decisions."""

from hdh_portal.demo import marks
from hdh_portal.demo.cast import account, seat_address
from hdh_portal.demo.people import jurors
from hdh_portal.demo.script import number
from jury.deliberation.actions import confirm_decision, freeze_deliberation, propose_deliberation, record_decision
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.hearings.actions.hearings import end_hearing, start_hearing
from jury.hearings.actions.opinion import save_opinion
from jury.hearings.actions.presences import check_in_all, record_presence
from jury.hearings.actions.timetable import place_hearings, summon
from jury.hearings.reading import attendance
from jury.models import Decision, Hearing, Juror
from jury.seats import declarations
from jury.seats.actions.declaration import declare_interests
from jury.seats.actions.people import name_acting_presidents, seat_juror
from jury.seats.presiding import presiding, presiding_over_all

SEATED_BY = "gestion-1"
FIRST_MARKS = 2


# Who sits -----------------------------------------------------------------------------------------------------------


def _seat(cast, event):
    seat = jurors()[event.details["seat"]]
    user = account(seat.name, seat_address(seat.key), event.at)
    free = Juror.objects.get(call=cast.call, seat=event.details["seat"])
    seat_juror(free, user, by=cast.officer(SEATED_BY).user, at=event.at)


def _name_acting(cast, event):
    seats = [cast.juror(seat) for seat in event.details["seats"]]
    name_acting_presidents(cast.call, seats, by=cast.officer(event.seat).user, at=event.at)


def _declare(cast, event):
    """Nobody who sits here ticks anything: what ties them is what the rule finds."""
    juror = cast.juror(event.details["seat"])
    digest = declarations.list_digest(declarations.shown_to(juror))
    declare_interests(juror, [], digest, by=juror.user, at=event.at)


# Hearings -----------------------------------------------------------------------------------------------------------


def _place(cast, event):
    places = {cast.application(acronym).pk: starts for acronym, starts in event.details["places"].items()}
    place_hearings(cast.call, places, by=cast.officer(event.seat).user, at=event.at)


def _summon(cast, event):
    summon(cast.call, by=cast.officer(event.seat).user, at=event.at)


def _start(cast, event):
    start_hearing(cast.hearing(event.acronym), by=cast.officer(event.seat).user, at=event.at)


def _end(cast, event):
    end_hearing(cast.hearing(event.acronym), by=cast.officer(event.seat).user, at=event.at)


def _presence(cast, event):
    hearing, juror = cast.hearing(event.acronym), cast.juror(event.details["seat"])
    record_presence(hearing, juror, event.details["status"], by=cast.officer(event.seat).user, at=event.at)


def _check_in(cast, event):
    """Who is away is noted first, then all others in one click; the recusals were noted with the start."""
    by, hearing = cast.officer(event.seat).user, cast.hearing(event.acronym)
    for seat in event.details["away"]:
        record_presence(hearing, cast.juror(seat), "absent", by=by, at=event.at)
    check_in_all(hearing, by=by, at=event.at)


def _note(cast, event):
    """A juror's first marks while the team speaks, all of them and a leaning once it has answered."""
    seat, complete = event.details["seat"], event.details["complete"]
    key, juror = jurors()[seat].key, cast.juror(seat)
    given = marks.marks(event.acronym, key, number(key, 3))
    given = given if complete else dict(list(given.items())[:FIRST_MARKS])
    save_opinion(
        cast.hearing(event.acronym),
        marks=given,
        notes=marks.notes(event.acronym, key),
        leaning=marks.leaning(event.acronym, key) if complete else None,
        by=juror.user,
        at=event.at,
    )


# Decisions ----------------------------------------------------------------------------------------------------------


def _record(cast, event):
    by = cast.officer(event.seat).user
    record_decision(cast.application(event.acronym), **event.details, by=by, at=event.at)


def _confirm(cast, event):
    """By whoever presides over this dossier: the presidency, or where it is recused or away who acts for it."""
    application = cast.application(event.acronym)
    decision = Decision.objects.select_related("application").get(application=application)
    hearing = Hearing.objects.select_related("application__call__jury").get(application=application)
    by = presiding(attendance(hearing)).user
    confirm_decision(application, decision_digest(decision), by=by, at=event.at)


def _propose(cast, event):
    propose_deliberation(cast.call, deliberation_plan(cast.call).digest, by=cast.officer(event.seat).user, at=event.at)


def _freeze(cast, event):
    by = presiding_over_all(cast.call).user
    freeze_deliberation(cast.call, deliberation_plan(cast.call).digest, by=by, at=event.at)


ACTS = {
    "seat_juror": _seat,
    "name_acting": _name_acting,
    "declare_as_juror": _declare,
    "place_hearings": _place,
    "summon": _summon,
    "start_hearing": _start,
    "end_hearing": _end,
    "check_in": _check_in,
    "record_presence": _presence,
    "note": _note,
    "record_decision": _record,
    "confirm_decision": _confirm,
    "propose_deliberation": _propose,
    "freeze_deliberation": _freeze,
}
