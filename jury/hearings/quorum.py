"""When the quorum held, and how a clock runs that stands still while it did not. Pure: plain values in and out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby


@dataclass(frozen=True)
class Stop:
    """An interval below the quorum: aware instants, `until` None while it lasts; `lowest`: fewest who were present."""

    since: datetime
    until: datetime | None
    lowest: int


def stops(changes, begins, ends, quorum):
    """The `Stop`s of a hearing from `begins` to `ends` (None: not over), in order.

    `changes`: `[(instant, seat, is present)]` in order. What changes at the very instant of the beginning counts for
    it; what changes at the end or later does not.
    """
    here, found, since, lowest = set(), [], None, quorum
    seen = [one for one in changes if one[0] <= begins]
    for _at, seat, is_present in seen:
        (here.add if is_present else here.discard)(seat)
    if len(here) < quorum:
        since, lowest = begins, len(here)
    rest = [one for one in changes if one[0] > begins and (ends is None or one[0] < ends)]
    for at, together in groupby(rest, key=lambda one: one[0]):
        for _at, seat, is_present in together:
            (here.add if is_present else here.discard)(seat)
        if len(here) >= quorum and since is not None:
            found.append(Stop(since, at, lowest))
            since = None
        elif len(here) < quorum:
            since, lowest = (at, len(here)) if since is None else (since, min(lowest, len(here)))
    if since is not None:
        found.append(Stop(since, ends, lowest))
    return found


def outside(found, pauses):
    """The parts of `Stop`s that lie outside pauses `[(since, until)]`: who leaves meanwhile breaks nothing off."""
    for since, until in pauses:
        kept = []
        for stop in found:
            if (until is not None and stop.since >= until) or (stop.until is not None and stop.until <= since):
                kept.append(stop)
                continue
            if stop.since < since:
                kept.append(Stop(stop.since, since, stop.lowest))
            if until is not None and (stop.until is None or stop.until > until):
                kept.append(Stop(until, stop.until, stop.lowest))
        found = kept
    return found


def after(start, length, pauses):
    """The instant at which a clock that stands still during `pauses` (`[(since, until)]` in order) has run `length`."""
    at, left = start, length
    for since, until in pauses:
        if until <= at:
            continue
        if since >= at + left:
            break
        left -= max(since - at, timedelta())
        at = until
    return at + left
