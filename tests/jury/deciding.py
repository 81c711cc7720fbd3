"""Makers for the jury's decisions: a jury that has declared, dossiers that were heard, decided and frozen."""

from dataclasses import dataclass
from datetime import timedelta

from jury.deliberation.actions import confirm_decision, freeze_deliberation, propose_deliberation, record_decision
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.hearings.actions.hearings import end_hearing, start_hearing
from jury.hearings.actions.presences import check_in_all, record_presence
from jury.hearings.actions.timetable import place_hearings, summon
from jury.hearings.reading import attendance
from jury.models import Decision, Deliberation, Hearing, Juror, JurorDeclaration
from jury.seats import declarations
from jury.seats.actions.declaration import declare_interests
from jury.seats.actions.people import name_acting_presidents
from jury.seats.presiding import presiding
from tests.factories import paris, the_call
from tests.jury.makers import SUMMONED, make_secretary, seat, shortlisted
from tests.reviews.makers import make_managers
from tests.worlds import world

DECLARED = paris(2020, 6, 30, 8)
EVENING = paris(2020, 7, 7, 17)
FROZEN = paris(2020, 7, 7, 18, 30)
NOTIFIED = paris(2020, 7, 9, 11)
AMOUNT = 10_000_000


@dataclass
class Room:
    """A call with its jury at work: `seats` by number, the secretary, the dossiers by reference."""

    call: object
    seats: dict
    secretary: object
    dossiers: list

    @property
    def president(self):
        return next(one for one in self.seats.values() if one.presidency)


@world
def make_room(count=1, *, seats=None, acting=(), with_interest=None, heard=True, call=None):
    """`count` shortlisted dossiers by their rank, a jury that has declared, and every hearing ended.

    `seats`: numbers of the seats that are taken, all of them unless given; `acting`: those that act as president, in
    order; `tied`: `{seat number: [places of dossiers]}` of interests declared on the list.
    """
    call = call or the_call()
    dossiers = sorted(shortlisted(count, call), key=lambda row: row.shortlist_entry.rank)
    numbers = seats or [one.seat for one in Juror.objects.filter(call=call)]
    taken = {number: seat(call, number) for number in numbers}
    secretary = make_secretary(call)
    for number, juror in taken.items():
        declare(juror, [dossiers[place].pk for place in (with_interest or {}).get(number, ())])
    if acting:
        name_acting_presidents(call, [taken[number] for number in acting], by=secretary.user, at=DECLARED)
    room = Room(call, taken, secretary, dossiers)
    if heard:
        hear(room)
    return room


def declare(juror, interests=(), *, at=DECLARED):
    """Go through the whole list: `interests` (ids of dossiers) tie the juror, all others open."""
    digest = declarations.list_digest(declarations.shown_to(juror))
    return declare_interests(juror, list(interests), digest, by=juror.user, at=at)


def hear(room, *, until=None):
    """Place, summon, start and end the hearings of all dossiers (`until`: only so many are heard)."""
    place(room)
    summon(room.call, by=room.secretary.user, at=SUMMONED)
    for dossier in room.dossiers[:until]:
        hear_one(room, dossier)


def place(room):
    """Give each dossier its place, one after the other, in the sittings."""
    length, places, sittings = timedelta(minutes=room.call.jury.hearing_minutes), {}, list(room.call.sittings.all())
    start = sittings[0].opens_at
    for dossier in room.dossiers:
        if start + length > sittings[0].closes_at:
            start = sittings.pop(0) and sittings[0].opens_at
        places[dossier.pk] = start
        start += length
    return place_hearings(room.call, places, by=room.secretary.user, at=DECLARED)


def hear_one(room, dossier, *, end=True):
    """Start the hearing of a dossier at its hour, and end it; returns the hearing."""
    hearing = Hearing.objects.select_related("application__call").get(application=dossier)
    start_hearing(hearing, by=room.secretary.user, at=hearing.starts_at)
    check_in_all(hearing, by=room.secretary.user, at=hearing.starts_at)
    if end:
        ended = hearing.starts_at + timedelta(minutes=38)
        end_hearing(hearing, by=room.secretary.user, at=ended)
        check_in_all(hearing, by=room.secretary.user, at=ended)  # For the deliberation.
    return Hearing.objects.select_related("application__call").get(pk=hearing.pk)


def record(room, dossier, conclusion="laureate", *, at=EVENING, **fields):
    """Record a decision with what its conclusion needs, unless given otherwise."""
    check_in(room, dossier, at)
    notified = {"laureate": {"amount_cents": AMOUNT}, "reserve": {"rank": 1}, "not_selected": {"reason": "Trop tôt."}}
    values = notified.get(conclusion, {}) | fields
    return record_decision(dossier, conclusion=conclusion, **values, by=room.secretary.user, at=at)


def check_in(room, dossier, at):
    """Note for the deliberation, as present, the seats of which nothing is noted since the hearing was over."""
    hearing = Hearing.objects.select_related("application__call__jury").filter(application=dossier).first()
    if hearing is None or not hearing.is_over or Deliberation.objects.filter(confirmed_at__isnull=False).exists():
        return
    if Decision.objects.filter(application=dossier, confirmed_at__isnull=False).exists():
        return
    seats = attendance(hearing).seats
    declared = set(JurorDeclaration.objects.filter(application=dossier).values_list("juror", "user"))
    for one in seats:
        if not one.status and (one.juror.pk, one.juror.user_id) in declared:
            record_presence(hearing, one.juror, "present", by=room.secretary.user, at=at)


def confirm(dossier, *, by=None, at=EVENING):
    """Confirm what was recorded, by who presides over the dossier unless given."""
    decision = Decision.objects.select_related("application__call").get(application=dossier)
    hearing = Hearing.objects.select_related("application__call").get(application=dossier)
    by = by or presiding(attendance(hearing)).user
    return confirm_decision(dossier, decision_digest(decision), by=by, at=at)


def decide(room, dossier, conclusion="laureate", **fields):
    """Record and confirm."""
    record(room, dossier, conclusion, **fields)
    return confirm(dossier)


def decide_all(room, *conclusions):
    """A decision on each dossier: the conclusions given, then « not selected » for the others; reserve ranks follow."""
    rank = 0
    for number, dossier in enumerate(room.dossiers):
        conclusion = conclusions[number] if number < len(conclusions) else "not_selected"
        rank += conclusion == "reserve"
        decide(room, dossier, conclusion, **({"rank": rank} if conclusion == "reserve" else {}))


def propose(room, *, at=FROZEN):
    """The secretary signs the set."""
    return propose_deliberation(room.call, deliberation_plan(room.call).digest, by=room.secretary.user, at=at)


def freeze(room, *, by=None, at=FROZEN):
    """The secretary signs and the presidency freezes; returns the deliberation."""
    propose(room, at=at)
    by = by or room.president.user
    return freeze_deliberation(room.call, deliberation_plan(room.call).digest, by=by, at=at)


@world
def frozen(count=3, *conclusions, **options):
    """A room whose decisions are frozen."""
    room = make_room(count, **options)
    decide_all(room, *(conclusions or ("laureate", "reserve")))
    freeze(room)
    return room


def signers(call):
    """Two managers who may sign the release."""
    return make_managers(call)
