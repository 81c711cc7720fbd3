"""How far a hearing is, drawn on the rule: positions in hundredths of its length, a tick for each minute."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hdh_portal.ground import french
from jury.hearings.reading import current_phase, phases

TAGS = {
    "presentation": gettext_lazy("Exposé"),
    "questions": gettext_lazy("Questions du jury"),
    "debrief": gettext_lazy("Échange du jury"),
}
LONG_TICK = 5  # minutes


def progress(hearing, jury, at, course=None):
    """`{"phase", "tag", "until", "is_over", "picture"}`.

    `phase`: the part that runs, None before the hearing and after it; `until`: its end; `is_over`: true when the
    planned time has run out. `course`: of a hearing that began, whose clock stands still below the quorum.
    """
    found = phases(hearing, jury, course.still(at) if course is not None else ())
    running = current_phase(found, at) if hearing.is_under_way else None
    is_over = running is not None and at >= found[-1].ends_at
    return {
        "phase": running,
        "tag": {"kind": "know", "icon": "half", "text": TAGS[running.key]} if running else None,
        "until": running.ends_at if running and not is_over else None,
        "is_over": is_over,
        "picture": _picture(hearing, found, at),
    }


def _picture(hearing, found, at):
    """What the drawing shows: `parts`, `ticks`, `hand` (a length, or empty), `last` (the part after the team left)."""
    start, whole = found[0].begins_at, (found[-1].ends_at - found[0].begins_at).total_seconds()
    # Who has been heard is drawn whole.
    reached = found[-1].ends_at if hearing.ended_at else (at if hearing.started_at else start)

    def place(instant):
        return french.part_of((instant - start).total_seconds(), whole)

    parts = [
        {
            "phase": phase,
            "x": place(phase.begins_at),
            "width": french.part_of(phase.minutes * 60, whole),
            "done": french.part_of((min(reached, phase.ends_at) - phase.begins_at).total_seconds(), whole),
            "is_past": reached >= phase.ends_at,
            "words": _words(phase, at, hearing),
        }
        for phase in found
    ]
    edges = {phase.begins_at for phase in found} | {found[-1].ends_at}
    ticks = []
    for minute in range(int(whole // 60) + 1):
        instant = start + timedelta(minutes=minute)
        length = 48 if instant in edges else 43 if minute % LONG_TICK == 0 else 40
        ticks.append({"x": place(instant), "y": length})
    hand = place(reached) if hearing.is_under_way else ""
    last = place(found[-1].begins_at) if found[-1].key == "debrief" else ""
    return {"parts": parts, "ticks": ticks, "hand": hand, "last": last, "ends_at": found[-1].ends_at}


def _words(phase, at, hearing):
    """« Exposé de 11 h 20 à 11 h 35, terminé »: the part for who does not see the drawing."""
    words = _("%(label)s de %(from)s à %(to)s") % {
        "label": phase.label,
        "from": french.hour(phase.begins_at),
        "to": french.hour(phase.ends_at),
    }
    if hearing.ended_at or (hearing.started_at and at >= phase.ends_at):
        return _("%(words)s, terminé") % {"words": words}
    if hearing.started_at and phase.begins_at <= at:
        return _("%(words)s, en cours") % {"words": words}
    return words
