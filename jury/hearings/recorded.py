"""What was noted of a hearing, line by line, as it is corrected: start, end, and each presence."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from jury.hearings.reading import noted_of
from jury.models import HearingStep, Juror, Presence


@dataclass(frozen=True)
class Fact:
    """One instant that was noted: `key` names it in the form, `was` are the instants before a correction.

    `presence`: its row, or None for the start (`field` `started_at`) and the end (`ended_at`).
    """

    key: str
    words: str
    at: datetime
    was: tuple
    field: str = ""
    presence: Presence | None = None
    step: HearingStep | None = None


FIELDS = {
    "started_at": HearingStep.Kind.START_CORRECTED,
    "ended_at": HearingStep.Kind.END_CORRECTED,
}


def recorded(hearing):
    """The `Fact`s of a hearing in order: what is a recusal is not among them, for it is not the secretary's."""
    made = list(hearing.steps.select_related("recorded_by").order_by("id"))
    labels = {"started_at": _("Début de l’audition"), "ended_at": _("Fin de l’audition")}
    found = []
    for field, kind in FIELDS.items():
        at = getattr(hearing, field)
        if at is not None:
            steps = _since(made, kind, field)
            found.append(Fact(field, labels[field], at, tuple(one.was for one in steps), field, None, _last(steps)))
    seats = {juror.pk: juror for juror in Juror.objects.filter(call=hearing.application.call_id).select_related("user")}
    rows = {row.pk: row for row in Presence.objects.filter(hearing=hearing).select_related("hearing__application")}
    by = {one.pk: one for one in made}
    for line in noted_of([hearing])[hearing.pk]:
        if line.status != Presence.Status.RECUSED:
            seat = seats[line.juror]
            who = seat.user or _("Siège %(seat)s") % {"seat": seat.seat}
            words = _("%(who)s, %(status)s") % {"who": who, "status": Presence.Status(line.status).label}
            step = by.get(line.step.pk) if line.step else None
            found.append(Fact(f"presence-{line.pk}", words, line.at, line.was, "", rows[line.pk], step))
    return sorted(found, key=lambda one: one.at)


def _since(steps, kind, field):
    """Corrections of the instant that holds: those since it was last noted anew."""
    noted = HearingStep.Kind.STARTED if field == "started_at" else HearingStep.Kind.ENDED
    last = max((one.pk for one in steps if one.kind == noted), default=0)
    return [one for one in steps if one.kind == kind and one.pk > last]


def _last(steps):
    return steps[-1] if steps else None
