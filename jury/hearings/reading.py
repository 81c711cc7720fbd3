"""Reading the hearings: who is in the room, and how far a hearing is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from applications.models import Interest
from hdh_portal.ground import french
from hdh_portal.records.canonical import sha256
from hdh_portal.web import saving
from jury.hearings.quorum import after, outside, stops
from jury.models import Hearing, HearingStep, Juror, Presence

# Presence ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """One seat in the room: `status` is a `Presence.Status` or empty if nothing was recorded; `at`: since when."""

    juror: Juror
    status: str
    at: datetime | None

    @property
    def is_present(self):
        return self.status == Presence.Status.PRESENT

    @property
    def is_recused(self):
        return self.status == Presence.Status.RECUSED

    @property
    def words(self):
        """« présent », « sorti », « siège vacant »."""
        if self.juror.user_id is None:
            return _("siège vacant")
        return Presence.Status(self.status).label if self.status else _("pas encore noté")


@dataclass(frozen=True)
class Attendance:
    """Who is in the room for one dossier: what the quorum is counted on."""

    seats: list
    quorum: int

    @property
    def present(self):
        return sum(seat.is_present for seat in self.seats)

    @property
    def recused(self):
        return sum(seat.is_recused for seat in self.seats)

    @property
    def noted(self):
        """Seats that are not in the room and of which the minutes say why."""
        return [seat for seat in self.seats if seat.status and not seat.is_present]

    @property
    def has_quorum(self):
        return self.present >= self.quorum

    @property
    def fields(self):
        """What is noted of each seat, under the name by which a page shows it."""
        return {f"seat-{seat.juror.seat}": seat.status for seat in self.seats}

    @property
    def seen(self):
        """The same, as a page carries it."""
        return saving.carried(self.fields)


def attendance(hearing):
    """The `Attendance` as it stands (three statements beside the jury's row): one `Seat` for each seat of the call.

    Once the hearing is over nobody is presumed to have stayed: who decides is noted again.
    """
    application = hearing.application
    with_interest = Interest.objects.current().filter(user=OuterRef("user"), application=application)
    jurors = Juror.objects.filter(call=application.call_id).annotate(has_interest=Exists(with_interest))
    last = {noted.juror: noted for noted in noted_of([hearing])[hearing.pk]}
    jurors = jurors.select_related("user").order_by("position")
    seats = [seat_of(juror, last.get(juror.pk), hearing, has_interest=juror.has_interest) for juror in jurors]
    return Attendance(seats, application.call.jury.quorum)


def seat_of(juror, noted, hearing, *, has_interest):
    """The `Seat` of a juror; `noted`: what was noted of the seat last, or None; `hearing`: or None.

    An interest that stands is a recusal whatever was recorded, and a seat that was left is not in the room.
    """
    status, since = ("", None) if noted is None or lapsed(noted, hearing) else (noted.status, noted.at)
    if juror.user_id is None:
        return Seat(juror, "", None)
    if noted is not None and noted.recorded_at < juror.seated_at:
        status, since = "", None  # Noted of who sat there before.
    if has_interest and status != Presence.Status.RECUSED:
        return Seat(juror, Presence.Status.RECUSED, None)
    return Seat(juror, status, since)


def lapsed(noted, hearing):
    """True for what was noted during a hearing that is over by now; a recusal holds."""
    over_at = hearing.over_at if hearing is not None else None
    return over_at is not None and noted.at < over_at and noted.status != Presence.Status.RECUSED


@dataclass(frozen=True)
class Noted:
    """A line of presence as it holds: `at` is the corrected instant, `was` those before it, `step` the correction."""

    pk: int
    juror: int
    status: str
    at: datetime
    recorded_at: datetime
    was: tuple = ()
    step: HearingStep | None = None

    @property
    def is_present(self):
        return self.status == Presence.Status.PRESENT


def noted_of(hearings):
    """`{hearing id: [Noted]}` in the order of their instants, in two statements; what was cancelled is left out."""
    rows = Presence.objects.filter(hearing__in=hearings).order_by("id")
    steps = HearingStep.objects.filter(hearing__in=hearings, presence__isnull=False).order_by("id")
    corrected = {}
    for step in steps:
        corrected.setdefault(step.presence_id, []).append(step)
    found = {hearing.pk: [] for hearing in hearings}
    for row in rows:
        made = corrected.get(row.pk, ())
        if made and made[-1].kind == HearingStep.Kind.PRESENCE_CANCELLED:
            continue
        at, step = (made[-1].at, made[-1]) if made else (row.at, None)
        was = tuple(one.was for one in made)
        found[row.hearing_id].append(Noted(row.pk, row.juror_id, row.status, at, row.recorded_at, was, step))
    return {pk: sorted(lines, key=lambda one: (one.at, one.pk)) for pk, lines in found.items()}


# What happened ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """How a hearing went: `stops` below the quorum, `pauses` `[(since, until)]` while it was adjourned, `steps`."""

    hearing: Hearing
    stops: list
    pauses: list
    steps: list

    @property
    def suspended(self):
        """The `Stop` that lasts, of a hearing under way, or None."""
        return self.stops[-1] if self.hearing.is_under_way and self.stops and self.stops[-1].until is None else None

    @property
    def lacked_quorum_at_end(self):
        """True if the hearing is over and the quorum was not there when it ended: it is not well heard."""
        ended_at = self.hearing.ended_at
        return ended_at is not None and bool(self.stops) and self.stops[-1].until == ended_at

    def still(self, now):
        """`[(since, until)]` in order in which the clock of the hearing stood still, up to now."""
        found = [(stop.since, stop.until or now) for stop in self.stops]
        return sorted(found + [(since, until or now) for since, until in self.pauses])


def state_of(hearing):
    """What a page shows of how far a hearing is, and the secretary acts on."""
    instants = (hearing.started_at, hearing.adjourned_at, hearing.ended_at, hearing.absent_at)
    return {"state": [at and at.isoformat() for at in instants]}


def course_of(hearing, noted=None, steps=None):
    """The `Course` of a hearing (three statements, unless its lines are given)."""
    noted = noted_of([hearing])[hearing.pk] if noted is None else noted
    steps = list(hearing.steps.select_related("recorded_by").order_by("id")) if steps is None else steps
    if hearing.started_at is None:
        return Course(hearing, [], [], steps)
    pauses = _pauses(hearing, steps)
    changes = [(one.at, one.juror, one.is_present) for one in noted]
    found = stops(changes, hearing.started_at, hearing.ended_at, hearing.application.call.jury.quorum)
    return Course(hearing, outside(found, pauses), pauses, steps)


def _pauses(hearing, steps):
    found = []
    for step in steps:
        if step.kind == HearingStep.Kind.ADJOURNED and step.at >= hearing.started_at:
            found.append((step.at, None))
        elif step.kind == HearingStep.Kind.RESUMED and found:
            found[-1] = (found[-1][0], step.at)
    return found


# Progress ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Phase:
    """A part of a hearing: key, label, instants (aware) and length in minutes."""

    key: str
    label: str
    begins_at: datetime
    ends_at: datetime
    minutes: int


def phases(hearing, jury, still=()):
    """The parts of a hearing from its real start, or from the planned one before it: those that take time.

    `still`: `[(since, until)]` in which its clock stood still.
    """
    start, found = hearing.started_at or hearing.starts_at, []
    parts = (
        ("presentation", _("Exposé"), jury.presentation_minutes),
        ("questions", _("Questions"), jury.questions_minutes),
        ("debrief", _("Échange"), jury.debrief_minutes),
    )
    for key, label, minutes in parts:
        if minutes:
            end = after(start, timedelta(minutes=minutes), still)
            found.append(Phase(key, label, start, end, minutes))
            start = end
    return found


def current_phase(found, at):
    """The phase that runs at an instant; the last one once all are over, None before the first."""
    begun = [phase for phase in found if phase.begins_at <= at]
    return begun[-1] if begun else None


def status_of(hearing):
    """The tag of a hearing: to come, under way, adjourned, heard, or its team absent."""
    if hearing.absent_at is not None:
        return {"kind": "limit", "icon": "minus", "text": _("Équipe absente")}
    if hearing.adjourned_at is not None:
        return {"kind": "limit", "icon": "half", "text": _("Ajournée")}
    if hearing.ended_at is not None:
        return {"kind": "done", "icon": "check", "text": _("Entendu")}
    if hearing.started_at is not None:
        return {"kind": "know", "icon": "half", "text": _("En cours")}
    return {"kind": "", "icon": "ring", "text": _("À venir")}


def timetable_digest(rows):
    """SHA-256 of references with their instants: which timetable was meant."""
    return sha256(sorted([row.application.reference, french.iso(row.starts_at)] for row in rows))


def words_of(hearing, jury):
    """What a team reads of its hearing: day, hour, place, length."""
    words = {
        "at": french.instant(hearing.starts_at),
        "place": hearing.sitting.place,
        "presentation": jury.presentation_minutes,
        "questions": jury.questions_minutes,
    }
    return (
        _(
            "Le jury entend votre équipe le %(at)s. Lieu\u00a0: %(place)s. "
            "Vous présentez votre projet pendant %(presentation)s\u00a0min, "
            "puis vous répondez aux questions du jury pendant %(questions)s\u00a0min."
        )
        % words
    )


def moved_words(hearing, was, jury):
    """What a team reads of a hearing that was moved: the instant that no longer holds, then all of the new one."""
    return _("Votre audition, prévue le %(was)s, est déplacée. %(words)s") % {
        "was": french.instant(was),
        "words": words_of(hearing, jury),
    }
