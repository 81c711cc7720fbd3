"""The acts of the evaluation, each by the real action: dossiers given out, sheets written and sent, the shortlist."""

from hdh_portal.demo import marks
from hdh_portal.demo.cast import account, seat_address
from hdh_portal.demo.people import rapporteurs
from hdh_portal.demo.script import script
from reviews.assigning.actions import change_assignment, confirm_assignments, propose_assignments
from reviews.assigning.reading import assignments_digest, loads, proposed
from reviews.models import ScoreSheet
from reviews.rapporteurs import appoint_rapporteur
from reviews.scoring.actions.declaration import declare_interest, declare_no_interest
from reviews.scoring.actions.sheet import reopen_sheet, save_sheet, send_sheet
from reviews.shortlist.actions import freeze_shortlist, propose_shortlist
from reviews.shortlist.reading import shortlist_plan

APPOINTED_BY = "gestion-1"


# Who scores what ----------------------------------------------------------------------------------------------------


def _appoint(cast, event):
    seat = next(row for row in rapporteurs() if row.key == event.seat)
    user = account(seat.name, seat_address(seat.key), event.at)
    by = cast.officer(APPOINTED_BY).user
    appoint_rapporteur(cast.call, user, body=cast.body(seat.body), by=by, at=event.at)


def _assign(cast, event):
    propose_assignments(cast.call, by=cast.officer(event.seat).user, at=event.at)


def _change(cast, event):
    """One place goes from a rapporteur with most sheets to one with fewest, so that the loads stay as equal.

    The seat that is going to step aside takes it if it can, and never gives one: it has most sheets afterwards.
    """
    carried, bodies = loads(cast.call), {}
    rows = list(proposed(cast.call).select_related("application__call"))
    for row in rows:
        bodies.setdefault(row.application_id, set()).add(row.body_id)
    seats = sorted(rapporteurs(), key=lambda seat: seat.key != event.details["spared"])
    spared, *others = [cast.rapporteur(seat.key) for seat in seats]
    most, fewest = max(carried.values()), min(carried.values())
    row, taker = next(
        (row, taker)
        for taker in (spared, *others)
        if carried[taker.pk] == fewest
        for row in rows
        if carried[row.rapporteur_id] == most and row.rapporteur_id != spared.pk
        if taker.body_id not in bodies[row.application_id]
    )
    change_assignment(row, taker, by=cast.officer(event.seat).user, at=event.at)


def _confirm(cast, event):
    digest = assignments_digest(cast.call)
    confirm_assignments(cast.call, digest, by=cast.officer(event.seat).user, at=event.at)
    cast.forget_sheets()


def _step_aside(cast, event):
    """A seat, or else the first with most sheets, finds an invented dossier, none of the list, too near."""
    lists = {seat.key: cast.sheets(seat.key) for seat in rapporteurs()}
    most = max(map(len, lists.values()))
    mine = lists[event.seat] if event.seat else next(rows for rows in lists.values() if len(rows) == most)
    near = next(row for row in reversed(mine) if row.acronym not in marks.listed())
    declare_interest(near, by=near.rapporteur.user, at=event.at)
    cast.forget_sheets()


# Sheets -------------------------------------------------------------------------------------------------------------


def _turn(cast, event):
    """The assignment at this place of the seat's list, or None: some have one sheet less."""
    rows = cast.sheets(event.seat)
    turn = event.details["turn"]
    return rows[turn] if turn < len(rows) else None


def _open(cast, event):
    assignment = _turn(cast, event)
    if assignment is not None:
        declare_no_interest(assignment, by=assignment.rapporteur.user, at=event.at)


def _begin(cast, event):
    """The first marks and comments of a sheet, nothing else yet."""
    assignment = _turn(cast, event)
    given = marks.marks(assignment.acronym, event.seat, assignment.place)
    given = dict(list(given.items())[: event.details["count"]])
    comments = marks.comments(assignment.acronym, event.seat, given)
    save_sheet(assignment, marks=given, comments=comments, by=assignment.rapporteur.user, at=event.at)


def _score(cast, event):
    assignment = _turn(cast, event)
    if assignment is not None:
        _write_and_send(assignment, event, marks.marks(assignment.acronym, event.seat, assignment.place))


def _write_and_send(assignment, event, given):
    acronym, by = assignment.acronym, assignment.rapporteur.user
    save_sheet(
        assignment,
        marks=given,
        comments=marks.comments(acronym, event.seat, given),
        opinion=marks.opinion(given),
        transmissible=marks.transmissible(acronym, event.seat, given),
        internal=marks.internal(acronym, event.seat, given),
        by=by,
        at=event.at,
    )
    send_sheet(assignment, by=by, at=event.at)


def _reopen(cast, event):
    assignment, by = _turn(cast, event), cast.officer(event.details["manager"]).user
    sheet = ScoreSheet.objects.select_related("assignment__application__call").get(assignment=assignment)
    reopen_sheet(sheet, event.details["reason"], by=by, at=event.at)


def _correct(cast, event):
    """The same sheet again, one mark a step lower, or higher from the bottom of the scale."""
    assignment, scale = _turn(cast, event), script("call")["evaluation"]
    given, key = marks.marks(assignment.acronym, event.seat, assignment.place), event.details["criterion"]
    given[key] += -scale["mark_step"] if given[key] > scale["mark_min"] else scale["mark_step"]
    _write_and_send(assignment, event, given)


# Shortlist ----------------------------------------------------------------------------------------------------------


def _propose_list(cast, event):
    propose_shortlist(cast.call, shortlist_plan(cast.call).digest, by=cast.officer(event.seat).user, at=event.at)


def _freeze_list(cast, event):
    freeze_shortlist(cast.call, shortlist_plan(cast.call).digest, by=cast.officer(event.seat).user, at=event.at)


ACTS = {
    "appoint_rapporteur": _appoint,
    "assign": _assign,
    "change_assignment": _change,
    "confirm_assignments": _confirm,
    "step_aside": _step_aside,
    "open_sheet": _open,
    "begin_sheet": _begin,
    "score": _score,
    "reopen_sheet": _reopen,
    "correct_sheet": _correct,
    "propose_shortlist": _propose_list,
    "freeze_shortlist": _freeze_list,
}
