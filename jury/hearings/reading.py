"""Reading the hearings: who is in the room, and how far a hearing is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from applications.models import Interest
from hdh_portal.ground import french
from hdh_portal.records.canonical import sha256
from jury.models import Juror, Presence

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


def attendance(hearing):
    """The `Attendance` as it stands (two statements beside the jury's row): one `Seat` for each seat of the call.

    The last row of a seat says what holds.
    """
    application = hearing.application
    tied = Interest.objects.standing().filter(user=OuterRef("user"), application=application)
    jurors = Juror.objects.filter(call=application.call_id).annotate(is_tied=Exists(tied))
    rows = Presence.objects.filter(hearing=hearing).order_by("id").values_list("juror", "status", "at")
    last = {juror: noted for juror, *noted in rows}
    jurors = jurors.select_related("user").order_by("position")
    seats = [seat_of(juror, last.get(juror.pk), is_tied=juror.is_tied) for juror in jurors]
    return Attendance(seats, application.call.jury.quorum)


def seat_of(juror, noted, *, is_tied):
    """The `Seat` of a juror; `noted`: status and instant that were recorded last, or None.

    An interest that stands is a recusal whatever was recorded, and a seat that was left is not in the room.
    """
    status, since = noted or ("", None)
    if juror.user_id is None:
        return Seat(juror, "", None)
    if since is not None and since < juror.seated_at:
        status, since = "", None  # Noted of who sat there before.
    if is_tied and status != Presence.Status.RECUSED:
        return Seat(juror, Presence.Status.RECUSED, None)
    return Seat(juror, status, since)


# Progress ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Phase:
    """A part of a hearing: key, label, instants (aware) and length in minutes."""

    key: str
    label: str
    begins_at: datetime
    ends_at: datetime
    minutes: int


def phases(hearing, jury):
    """The parts of a hearing from its real start, or from the planned one before it: those that take time."""
    start, found = hearing.started_at or hearing.starts_at, []
    parts = (
        ("presentation", _("Exposé"), jury.presentation_minutes),
        ("questions", _("Questions"), jury.questions_minutes),
        ("debrief", _("Échange"), jury.debrief_minutes),
    )
    for key, label, minutes in parts:
        if minutes:
            end = start + timedelta(minutes=minutes)
            found.append(Phase(key, label, start, end, minutes))
            start = end
    return found


def current_phase(found, at):
    """The phase that runs at an instant; the last one once all are over, None before the first."""
    begun = [phase for phase in found if phase.begins_at <= at]
    return begun[-1] if begun else None


def status_of(hearing):
    """The tag of a hearing: to come, under way, heard."""
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
