"""What the minutes tell of the course of one hearing: intervals of presence, losses of the quorum, what was corrected.

Texts are French. Each instant is to the second; where it was corrected, the first one is told beside the second, with
who corrected it, when and why.
"""

from django.utils.translation import gettext as _

from hdh_portal.ground import french
from jury.hearings.reading import course_of
from jury.models import HearingStep, Presence

Kind = HearingStep.Kind
# What the sentence on the hearing itself says already, and what stands beside the presence that it corrects.
SAID = (Kind.STARTED, Kind.ENDED, Kind.ABSENT, *HearingStep.OF_PRESENCE)


def course_lines(hearing, noted, steps, seats):
    """Sentences in order. `noted`: lines of presence as they hold; `seats`: `{juror id: number}`."""
    course = course_of(hearing, noted, steps)
    found = [_step(one) for one in steps if one.kind not in SAID]
    if hearing.started_at is None:
        return found
    found += _stops(course)
    whole, parts = [], []
    for juror, number in seats.items():
        lines = [one for one in noted if one.juror == juror and one.at < hearing.ended_at]
        spans = _spans(lines, hearing)
        if spans == [(hearing.started_at, hearing.ended_at)] and not any(one.was for one in lines):
            whole.append(number)
        elif lines and not _is_recusal(lines):
            parts.append(_intervals(number, spans, lines))
    if whole:
        sentence = french.ngettext(
            "Présent du début à la fin\u00a0: siège %%(seats)s.",
            "Présents du début à la fin\u00a0: sièges %%(seats)s.",
            len(whole),
        )
        found.append(sentence % {"seats": ", ".join(map(str, whole))})
    cancelled = [one for one in steps if one.kind == Kind.PRESENCE_CANCELLED]
    return found + parts + [_cancelled(one, seats) for one in cancelled]


def _step(step):
    """« Début corrigé : 9:01:12 au lieu de 9:10:00, par Alix Brun le 6 juillet 9:30:00, motif : … »."""
    values = {
        "what": str(step.get_kind_display()).capitalize(),
        "at": _clock(step.at),
        "was": _clock(step.was) if step.was else "",
        "by": step.recorded_by,
        "when": french.short_instant(step.recorded_at),
        "reason": step.reason,
    }
    if step.kind in HearingStep.CORRECTIONS:
        return _("%(what)s\u00a0: %(at)s au lieu de %(was)s, par %(by)s le %(when)s. Motif\u00a0: %(reason)s") % values
    if step.kind == Kind.MOVED:
        values |= {"at": french.instant(step.at), "was": french.instant(step.was)}
        return _("Déplacée au %(at)s au lieu du %(was)s, par %(by)s le %(when)s. Motif\u00a0: %(reason)s") % values
    if step.was is not None:
        return _("%(what)s à %(at)s par %(by)s\u202f; noté auparavant à %(was)s.") % values
    return _("%(what)s à %(at)s par %(by)s.") % values


def _stops(course):
    if not course.stops:
        return [_("Le quorum n’a jamais manqué.")]
    return [
        _("Quorum perdu à %(since)s, revenu à %(until)s\u00a0: %(lowest)s au plus bas. Audition suspendue.")
        % {
            "since": _clock(stop.since),
            "until": _clock(stop.until),
            "lowest": french.ngettext("%(count)s\u00a0présent", "%(count)s\u00a0présents", stop.lowest),
        }
        for stop in course.stops
    ]


def _spans(lines, hearing):
    """`[(since, until)]` in which a seat was present during the hearing."""
    found, since = [], None
    for one in lines:
        if one.is_present and since is None:
            since = max(one.at, hearing.started_at)
        elif not one.is_present and since is not None:
            found.append((since, one.at))
            since = None
    if since is not None:
        found.append((since, hearing.ended_at))
    return [span for span in found if span[1] > hearing.started_at]


def _is_recusal(lines):
    return all(one.status == Presence.Status.RECUSED for one in lines)


def _intervals(number, spans, lines):
    """« Siège 9 : présent de 9:01:12 à 11:36:00 (noté d’abord 11:38:10, …) »."""
    words = [_("de %(since)s à %(until)s") % {"since": _clock(one), "until": _clock(other)} for one, other in spans]
    said = _("présent %(spans)s") % {"spans": ", ".join(words)} if words else _("absent")
    sentence = _("Siège %(seat)s\u00a0: %(said)s") % {"seat": number, "said": said}
    return " ".join([f"{sentence}.", *(_corrected(one) for one in lines if one.was)])


def _corrected(noted):
    values = {
        "at": _clock(noted.at),
        "was": ", ".join(map(_clock, noted.was)),
        "by": noted.step.recorded_by,
        "when": french.short_instant(noted.step.recorded_at),
        "reason": noted.step.reason,
    }
    return _("%(at)s au lieu de %(was)s, corrigé par %(by)s le %(when)s. Motif\u00a0: %(reason)s") % values


def _cancelled(step, seats):
    values = {
        "seat": seats[step.presence.juror_id],
        "status": step.presence.get_status_display(),
        "was": _clock(step.was),
        "by": step.recorded_by,
        "when": french.short_instant(step.recorded_at),
        "reason": step.reason,
    }
    return (
        _(
            "Siège %(seat)s\u00a0: «\u202f%(status)s\u202f» noté à %(was)s, annulé par %(by)s le %(when)s. "
            "Motif\u00a0: %(reason)s"
        )
        % values
    )


def _clock(instant):
    return french.clock_time(instant)
