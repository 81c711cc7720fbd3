"""When the dossiers are given out, scored and shortlisted. Nothing here touches the database.

Which dossier a rapporteur has only the matching knows: an event names the place of the sheet in their own list.
"""

import math

from hdh_portal.demo.events import MINUTE, Event, working_instant
from hdh_portal.demo.people import rapporteurs
from hdh_portal.demo.script import number, script

ONE, OTHER = "gestion-1", "gestion-2"
# A sheet is sent before its share of the hours is over; the next one begins later.
SENT_AT = 0.9


def events():
    """Every event of the evaluation, in no order."""
    yield from _before()
    for seat in rapporteurs():
        yield from _declared(seat.key)
        yield from _scored(seat.key)
    yield from _reopened()
    yield from _shortlisted()


def most_sheets():
    """The most sheets that one rapporteur can have, as loads differ by one at most."""
    dossiers = script("replay")["facts"]["released"]["admissible"]
    return math.ceil(dossiers * script("call")["evaluation"]["sheets_per_dossier"] / len(rapporteurs()))


def _before():
    plan, seats = script("course")["scoring"], rapporteurs()
    for place, seat in enumerate(seats):
        appointed = working_instant(plan["appointed"], (place + 0.5) / len(seats))
        yield Event(appointed, "appoint_rapporteur", seat=seat.key)
    yield Event(plan["proposed_at"], "assign", seat=ONE)
    stepping = plan["stepped_aside"]
    yield Event(plan["changed_at"], "change_assignment", seat=ONE, details={"spared": stepping[0]["seat"]})
    yield Event(plan["confirmed_at"], "confirm_assignments", seat=OTHER)
    yield from (Event(row["at"], "step_aside", seat=row["seat"]) for row in stepping)
    yield Event(plan["replaced_at"], "assign", seat=ONE)
    yield Event(plan["replacement_confirmed_at"], "confirm_assignments", seat=OTHER)


def _declared(seat):
    """No interest: most of the list within half an hour of the first day, the last ones when they come to them."""
    plan, most = script("course")["scoring"], most_sheets()
    first, later = plan["declared_from"], plan["declared_later_from"]
    for turn in range(most):
        starts = first if turn < most - plan["declared_later"] else later
        at = starts + (number(f"{seat} declares", 260) + 2 * turn) * MINUTE
        yield Event(at, "open_sheet", seat=seat, details={"turn": turn})


def _scored(seat):
    plan, most = script("course")["scoring"], most_sheets()
    least, wide = plan["share"][0], plan["share"][1] - plan["share"][0] + 1
    early = round(most * (least + number(f"{seat} pace", wide)) / 100)
    if seat in plan["begun"]:
        at, count = plan["begun"][seat]
        yield Event(at, "begin_sheet", seat=seat, details={"turn": early, "count": count})
    for turn in range(early):
        yield Event(working_instant(plan["days"], (turn + SENT_AT) / early), "score", seat=seat, details={"turn": turn})
    # Nobody ends at the same hour, and not all of them on the last day.
    ends = (80 + number(f"{seat} ends", 21)) / 100
    for place, turn in enumerate(range(early, most)):
        share = ends * (place + SENT_AT) / (most - early)
        yield Event(working_instant(plan["rest"], share), "score", seat=seat, details={"turn": turn})


def _reopened():
    row = script("course")["scoring"]["reopened"]
    details = {"turn": 0, "reason": row["reason"], "criterion": row["criterion"], "manager": ONE}
    yield Event(row["at"], "reopen_sheet", seat=row["seat"], details=details)
    yield Event(row["sent_again_at"], "correct_sheet", seat=row["seat"], details=details)


def _shortlisted():
    plan = script("course")["shortlist"]
    yield Event(plan["proposed_at"], "propose_shortlist", seat=ONE)
    yield Event(plan["frozen_at"], "freeze_shortlist", seat=OTHER)
    stage = {"stage": "shortlist"}
    yield Event(plan["release_proposed_at"], "propose", seat=ONE, details=stage)
    yield Event(plan["released_at"], "release", seat=OTHER, details=stage)
