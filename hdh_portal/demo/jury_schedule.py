"""When the jury sits, hears and decides, and when all learn it. Nothing here touches the database."""

import datetime

from hdh_portal.demo.events import MINUTE, Event
from hdh_portal.demo.people import dossiers, jurors
from hdh_portal.demo.script import number, script
from hdh_portal.ground.clock import PARIS

SECRETARY = "secretariat"
ABSENT = "absent"
CHECK_IN = datetime.timedelta(seconds=20)  # how long before a hearing or a decision everybody is checked in
THOUSAND_EUROS = 100_000


def events():
    """Every event of the jury, in no order."""
    yield from _before()
    for acronym, starts in timetable().items():
        yield from _heard(acronym, starts)
    yield from _decided()


def timetable():
    """`{acronym: instant}` of the hearings, in order."""
    plan = script("course")["jury"]
    starts = [
        datetime.datetime.combine(sitting["opens_at"].date(), datetime.time.fromisoformat(hour), PARIS)
        for sitting, hours in zip(script("call")["calendar"]["sittings"], plan["hours"], strict=True)
        for hour in hours
    ]
    return dict(zip(plan["order"], starts, strict=True))


def _before():
    plan = script("course")["jury"]
    for place, (number_of_seat, seat) in enumerate(jurors().items()):
        yield Event(
            plan["seated_at"] + 3 * place * MINUTE, "seat_juror", seat=seat.key, details={"seat": number_of_seat}
        )
        declared = plan["declared_at"] + (25 * place + number(f"{seat.key} declares", 20)) * MINUTE
        yield Event(declared, "declare_as_juror", seat=seat.key, details={"seat": number_of_seat})
    yield Event(plan["acting_named_at"], "name_acting", seat=SECRETARY, details={"seats": plan["acting"]})
    yield Event(plan["placed_at"], "place_hearings", seat=SECRETARY, details={"places": timetable()})
    yield Event(plan["summoned_at"], "summon", seat=SECRETARY)


def _heard(acronym, starts):
    """A hearing begins up to two minutes late, once everybody is checked in; who leaves is noted then."""
    plan, minutes = script("course")["jury"], script("call")["jury"]["hearing_minutes"]
    began = starts + datetime.timedelta(seconds=number(f"{acronym} begins", 120))
    away = [row["seat"] for row in _presences(acronym) if row["status"] == ABSENT]
    yield Event(began - CHECK_IN, "check_in", acronym, SECRETARY, {"away": away})
    yield Event(began, "start_hearing", acronym, SECRETARY)
    for row in _presences(acronym):
        if row["status"] != ABSENT:
            yield Event(began + row["after_minutes"] * MINUTE, "record_presence", acronym, SECRETARY, row)
    if not dossiers()[acronym].is_laureate:
        for seat in plan["noting"]:
            noted = {"seat": seat, "complete": False}
            yield Event(began + plan["noted_after"] * MINUTE, "note", acronym, details=noted)
            yield Event(began + plan["noted_again_after"] * MINUTE, "note", acronym, details=noted | {"complete": True})
    ended = began + (sum(minutes.values()) - 1) * MINUTE - datetime.timedelta(seconds=number(f"{acronym} ends", 60))
    yield Event(ended, "end_hearing", acronym, SECRETARY)


def _presences(acronym):
    return [row for row in script("course")["jury"]["presences"] if row["acronym"] == acronym]


def _decided():
    """Two dossiers a minute, within the hours of the sitting; who is present is checked in for each."""
    plan = script("course")["decisions"]
    for place, acronym in enumerate(timetable()):
        recorded, away = plan["recorded_at"] + place * MINUTE / 2, [row["seat"] for row in _presences(acronym)]
        yield Event(recorded - CHECK_IN, "check_in", acronym, SECRETARY, {"away": away})
        yield Event(recorded, "record_decision", acronym, SECRETARY, decision(acronym))
        yield Event(plan["confirmed_at"] + place * MINUTE / 3, "confirm_decision", acronym)
    yield Event(plan["proposed_at"], "propose_deliberation", seat=SECRETARY)
    yield Event(plan["frozen_at"], "freeze_deliberation")
    stage = {"stage": "results"}
    yield Event(plan["release_proposed_at"], "propose", seat="gestion-1", details=stage)
    yield Event(plan["released_at"], "release", seat="gestion-2", details=stage)


def decision(acronym):
    """What the jury decides on a dossier, as the action takes it; amounts of laureates are fictitious, in cents."""
    plan, dossier = script("course")["decisions"], dossiers()[acronym]
    if dossier.is_laureate:
        return {"conclusion": "laureate", "amount_cents": _granted(dossier)}
    if acronym in plan["reserve"]:
        return {"conclusion": "reserve", "rank": plan["reserve"].index(acronym) + 1}
    return {"conclusion": "not_selected", "reason": plan["not_selected"][acronym]}


def _granted(dossier):
    plan = script("course")["decisions"]
    if number(f"{dossier.acronym} cut", plan["cut_every"]):
        return dossier.cents
    cut = dossier.cents * plan["cut_percent"] // 100
    return cut - cut % THOUSAND_EUROS
