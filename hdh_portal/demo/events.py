"""What one act of the replay is, and how acts spread over working hours. Nothing here touches the database."""

import datetime
from dataclasses import dataclass, field

MINUTE, HOUR, DAY = (datetime.timedelta(minutes=n) for n in (1, 60, 1440))


@dataclass(frozen=True)
class Event:
    """One act: when, what (a key of `replay.ACTS`), on which dossier or by which seat, and its details."""

    at: datetime.datetime
    act: str
    acronym: str = ""
    seat: str = ""
    details: dict = field(default_factory=dict)


def working_instant(days, share):
    """The instant at which this share of the working hours is over; `days`: pairs of ISO instants."""
    spans = [[datetime.datetime.fromisoformat(text) for text in day] for day in days]
    left = share * sum(((ends - begins) for begins, ends in spans), datetime.timedelta())
    for begins, ends in spans:
        if left <= ends - begins:
            return (begins + left).replace(microsecond=0)
        left -= ends - begins
    return spans[-1][1]
