"""The only reader of the clock.

`now()` is the procedure's time: real time plus an offset that only the demonstration sets, in a file of the data
folder that is read again when it changes. `real()` is for leases, limits and sweeps.
"""

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

PARIS = ZoneInfo("Europe/Paris")
_seen = (None, datetime.timedelta())
_own = None


def real():
    """Real instant, aware, UTC."""
    return datetime.datetime.now(datetime.UTC)


def now():
    """Instant of the procedure, aware, UTC."""
    return real() + offset()


def offset():
    """Difference between the demonstration's time and real time; zero outside it."""
    return _read_offset() if settings.HDH_DEMO else datetime.timedelta()


def set_offset(instant):
    """Let the demonstration's clock run on from `instant` (aware)."""
    global _seen, _own
    path = settings.DATA_DIR / "clock"
    temporary = path.with_suffix(".new")
    temporary.write_text(repr((instant - real()).total_seconds()))
    temporary.replace(path)
    # Two settings within one tick of the file system's clock bear the same mark: this process reads again anyway.
    _seen, _own = (None, datetime.timedelta()), None


def set_own_offset(instant):
    """The same for this process alone, until it sets the clock of all: a replay goes through thousands of instants."""
    global _own
    _own = instant - real()


def _read_offset():
    global _seen
    if _own is not None:
        return _own
    path = settings.DATA_DIR / "clock"
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return datetime.timedelta()
    if _seen[0] != stamp:
        _seen = (stamp, datetime.timedelta(seconds=float(path.read_text())))
    return _seen[1]
