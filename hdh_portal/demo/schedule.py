"""When everything happens: the replay as one list of events in order of time. Nothing here touches the database."""

import datetime
import functools
import itertools

from hdh_portal.demo import evaluation_schedule, jury_schedule
from hdh_portal.demo.events import DAY, HOUR, MINUTE, Event, working_instant
from hdh_portal.demo.people import dossiers, unfinished
from hdh_portal.demo.script import number, script, shuffled
from hdh_portal.ground.clock import PARIS

HEAD_AFTER = (11 * MINUTE, DAY + MINUTE)  # a minute after each head is due


@functools.cache
def events():
    """Every event of the demonstration, in order of time."""
    found = [*_before(), *_deposits(), *_drafts(), *_evidence(), *_checks(), *_outcomes()]
    found += [*evaluation_schedule.events(), *jury_schedule.events()]
    return sorted(found, key=lambda event: event.at)


# Before the deposits ------------------------------------------------------------------------------------------------


def _before():
    course, seats = script("replay")["course"], script("people")["seats"]
    yield Event(course["call_loaded_at"], "load")
    for place, seat in enumerate(seats):
        yield Event(course["seats_appointed_at"] + place * 2 * MINUTE, "appoint", seat=seat["key"])
    for place, seat in enumerate(seat for seat in seats if seat["declares"]):
        with_interest = script("replay")["checks"]["interests"].get(seat["key"], [])
        yield Event(
            course["declared_at"] + place * 3 * MINUTE,
            "declare",
            seat=seat["key"],
            details={"with_interest": with_interest},
        )


# Deposits -----------------------------------------------------------------------------------------------------------


@functools.cache
def arrivals():
    """`{acronym: instant}` of the deposit that counts, in order of arrival."""
    fixed = script("replay")["deposits"]["fixed"]
    free = [instant for day in _slots(fixed) for instant in day]
    rest = shuffled("arrivals", [acronym for acronym in dossiers() if acronym not in fixed])
    found = fixed | dict(zip(rest, free, strict=True))
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _slots(fixed):
    """Free instants, day by day: those of May are spread over waking hours, those of the last day are given."""
    deposits = script("replay")["deposits"]
    for day, count in enumerate(deposits["may"], 1):
        taken = sum(instant.month == 5 and instant.day == day for instant in fixed.values())
        yield [_waking(day, place) for place in range(taken, count)]
    first = datetime.datetime(2020, 6, 1, tzinfo=PARIS)
    times = [datetime.time.fromisoformat(text) for text in deposits["last_day"]]
    instants = [datetime.datetime.combine(first.date(), time, PARIS) for time in times]
    yield [instant for instant in instants if instant not in fixed.values()]


def _waking(day, place):
    seconds = 8 * 3600 + number(f"May {day} {place}", 14 * 3600)
    return datetime.datetime(2020, 5, day, tzinfo=PARIS) + datetime.timedelta(seconds=seconds)


def _deposits():
    deposits = script("replay")["deposits"]
    for acronym, arrival in arrivals().items():
        half = deposits["half_written"].get(acronym)
        first = arrival - _hours(acronym, "first", 18, 72) if acronym in deposits["twice"] else arrival
        begun = first - _hours(acronym, "begun", 40, 500)
        yield Event(begun - 30 * MINUTE, "sign_up", acronym)
        yield Event(begun, "create", acronym)
        yield Event(begun + 25 * MINUTE, "begin", acronym, details={"keys": half})
        written = first - (18 * HOUR if half else _hours(acronym, "written", 2, 30))
        yield Event(written, "write", acronym, details={"without": deposits["without"].get(acronym, [])})
        yield Event(first - 35 * MINUTE, "join", acronym, details={"without": deposits["without"].get(acronym, [])})
        yield Event(first, "deposit", acronym)
        if acronym in deposits["twice"]:
            yield Event(arrival - 50 * MINUTE, "change", acronym)
            yield Event(arrival, "deposit", acronym)


def _hours(acronym, what, least, most):
    """A span of `least` to `most` hours, to the second."""
    seconds = least * 3600 + number(f"{acronym} {what}", (most - least) * 3600)
    return datetime.timedelta(seconds=seconds)


def _drafts():
    """Those that nobody deposits: left, withdrawn, or sent seconds after the closing."""
    late_at = script("replay")["deposits"]["late_at"]
    for acronym, dossier in unfinished().items():
        begun = late_at - _hours(acronym, "begun", 150, 500)
        yield Event(begun - 30 * MINUTE, "sign_up", acronym)
        yield Event(begun, "create", acronym)
        yield Event(begun + 25 * MINUTE, "begin", acronym, details={"keys": None})
        if dossier.fate == "withdrawn":
            yield Event(begun + 2 * DAY, "withdraw", acronym)
        if dossier.fate == "late":
            yield Event(late_at - 40 * MINUTE, "write", acronym, details={"without": []})
            yield Event(late_at - 12 * MINUTE, "join", acronym, details={"without": []})
            yield Event(late_at, "miss", acronym)


def _evidence():
    closing = script("call")["extensions"][-1]["new"]
    return [Event(closing + later, "publish") for later in HEAD_AFTER]


# Checks -------------------------------------------------------------------------------------------------------------


def _checks():
    plan = script("replay")["checks"]
    bodies = [row["organisation"] for row in script("call")["organisers"] if row["checks"]]
    order = _order_of_checks()
    for body, others in zip(bodies, reversed(bodies), strict=True):
        seats = [seat["key"] for seat in script("people")["seats"] if seat["body"] == body]
        done = {key: plan["done"][key] for key in seats if key in plan["done"]}
        apart = sum(plan["done"].get(seat["key"], 0) for seat in script("people")["seats"] if seat["body"] == others)
        start = plan["both"] if body == bodies[0] else apart
        mine = order[: plan["both"]] + order[start : start + sum(done.values()) - plan["both"]]
        yield from _work(mine, _turns(done), plan["days"])
        rest = [acronym for acronym in order if acronym not in mine]
        begun = [key for key in done if key in plan["begun"]]
        yield from (Event(plan["begun"][key], "look", rest[0], key) for key in begun)
        counts = {key: len(rest[place :: len(done)]) for place, key in enumerate([*begun, *(done.keys() - begun)])}
        yield from _work(rest, begun + _less(_turns(counts), begun), plan["rest"])


def _order_of_checks():
    """Oldest deposits first, but dossiers on which the bodies will disagree come early enough to be reconciled."""
    disagreed = [row["acronym"] for row in script("replay")["checks"]["disagreed"]]
    order = [acronym for acronym in arrivals() if acronym not in disagreed]
    for place, acronym in enumerate(disagreed, 1):
        order.insert(place * 12, acronym)
    return order


def _turns(counts):
    """Each key as often as it counts, evenly mixed: `{"a": 2, "b": 1}` gives a, b, a."""
    marks = [((turn + 0.5) / count, key) for key, count in counts.items() for turn in range(count)]
    return [key for _mark, key in sorted(marks)]


def _less(keys, taken):
    """`keys` without one of each of `taken`."""
    left = list(keys)
    for key in taken:
        left.remove(key)
    return left


def _work(acronyms, keys, days):
    """Take and conclude one dossier after the other, each seat at its own pace through the working hours."""
    with_interest = script("replay")["checks"]["interests"]
    keys = list(keys)
    for place, acronym in enumerate(acronyms):
        if acronym in with_interest.get(keys[place], []):
            other = next(i for i in itertools.count(place + 1) if keys[i] != keys[place])
            keys[place], keys[other] = keys[other], keys[place]
    done = dict.fromkeys(keys, 0)
    for acronym, key in zip(acronyms, keys, strict=True):
        begins = working_instant(days, done[key] / keys.count(key))
        done[key] += 1
        ends = working_instant(days, (done[key] - 0.1) / keys.count(key))
        yield Event(begins, "take", acronym, key)
        yield Event(ends, "check", acronym, key)


def _outcomes():
    plan = script("replay")
    for place, row in enumerate(plan["checks"]["disagreed"]):
        decided = plan["release"]["decided_at"] + place * 7 * MINUTE
        confirmed = plan["release"]["confirmed_at"] + place * 3 * MINUTE
        yield Event(decided, "decide", row["acronym"], "gestion-1", row)
        yield Event(confirmed, "confirm", row["acronym"], "gestion-2")
    yield Event(plan["release"]["proposed_at"], "propose", seat="gestion-1")
    yield Event(plan["release"]["released_at"], "release", seat="gestion-2")
