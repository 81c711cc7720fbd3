"""The draw of the order of the hearings: its seed stands in the journal before anything is ordered by it."""

from dataclasses import dataclass
from datetime import datetime

from hdh_portal.records.models import JournalEntry
from jury.hearings.timetable import drawn
from jury.models import HearingStep

VERB = "hearing_order_drawn"


@dataclass(frozen=True)
class Draw:
    """A draw as the journal has it: `position` of its line, the seed, the references that it was made for."""

    seed: str
    references: list
    position: int
    at: datetime


def draw_of(call):
    """The one `Draw` of a call, or None: what was not drawn is not called drawn."""
    line = JournalEntry.objects.filter(chain=call.chain_id, verb=VERB).order_by("position").first()
    return line and Draw(line.data["seed"], line.data["references"], line.position, line.occurred_at)


def first_order(hearings):
    """References in the order of the hours to which the teams were summoned, before any move.

    `hearings`: with `application`; two statements.
    """
    rows = list(hearings)
    first = {}
    for step in HearingStep.objects.filter(hearing__in=rows, kind=HearingStep.Kind.MOVED).order_by("id"):
        first.setdefault(step.hearing_id, step.was)
    return [one.application.reference for one in sorted(rows, key=lambda row: first.get(row.pk, row.starts_at))]


def follows(draw, order):
    """True if references stand in the order of the draw, those that have left meanwhile aside."""
    return order == drawn(draw.seed, order)
