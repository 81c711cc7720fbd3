"""What a secretary undoes or corrects of a hearing: each by an act, with its reason, both instants kept.

`seen`: what the page of the act showed, in each of them.
"""

from django.utils.translation import gettext as _

from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.saving import refuse_unless_shown
from jury import links
from jury.hearings.actions.hearings import (
    Kind,
    locked,
    refuse_another_under_way,
    refuse_decided,
    step,
    write,
)
from jury.hearings.actions.presences import refuse_later_than, refuse_without_reason
from jury.hearings.reading import attendance, state_of
from jury.models import Jury, Presence


def _alone(hearing):
    """Lock the jury's row: one hearing at a time."""
    call = hearing.application.call
    Jury.objects.select_for_update(of=("self",)).get(call=call)
    refuse_another_under_way(hearing, call)


@action
def cancel_start(hearing, *, seen=None, by, at):
    """Take back a start: the hearing has not begun, and the cancelled instant is kept. Returns the hearing."""
    hearing = locked(hearing, by)
    refuse_decided(hearing)
    if hearing.ended_at is not None:
        raise Refused(
            _("Cette audition est finie\u00a0: rouvrez-la, puis annulez son début."),
            code="already_ended",
            link=links.hearing(hearing.application),
        )
    if hearing.started_at is None:
        return hearing
    refuse_unless_shown(seen, state_of(hearing))
    was, hearing.started_at, hearing.adjourned_at = hearing.started_at, None, None
    hearing.save(update_fields=["started_at", "adjourned_at"])
    step(hearing, Kind.START_CANCELLED, at, by, at, was=was)
    write(hearing, "hearing_start_cancelled", by, at, was=was.isoformat())
    return hearing


@action
def reopen_hearing(hearing, *, seen=None, by, at):
    """Go on with a hearing that was ended; the first end is kept. Returns the hearing."""
    hearing = locked(hearing, by)
    refuse_decided(hearing)
    if hearing.ended_at is None:
        return hearing
    refuse_unless_shown(seen, state_of(hearing))
    _alone(hearing)
    was, hearing.ended_at = hearing.ended_at, None
    hearing.save(update_fields=["ended_at"])
    step(hearing, Kind.REOPENED, at, by, at, was=was)
    write(hearing, "hearing_reopened", by, at, was=was.isoformat())
    return hearing


@action
def adjourn_hearing(hearing, *, seen=None, by, at):
    """Break a hearing off, to be resumed: everybody leaves the room, and another one may be heard meanwhile."""
    hearing = locked(hearing, by)
    if not hearing.is_under_way:
        if hearing.adjourned_at is not None:
            return hearing
        raise Refused(
            _("Seule une audition en cours s’ajourne."), code="not_under_way", link=links.hearing(hearing.application)
        )
    refuse_unless_shown(seen, state_of(hearing))
    gone = [seat.juror for seat in attendance(hearing).seats if seat.is_present]
    row = {"hearing": hearing, "status": Presence.Status.LEFT, "at": at, "recorded_by": by, "recorded_at": at}
    Presence.objects.bulk_create(Presence(juror=juror, **row) for juror in gone)
    hearing.adjourned_at = at
    hearing.save(update_fields=["adjourned_at"])
    step(hearing, Kind.ADJOURNED, at, by, at)
    write(hearing, "hearing_adjourned", by, at)
    return hearing


@action
def resume_hearing(hearing, *, seen=None, by, at):
    """Go on with an adjourned hearing; who is there is noted again. Returns the hearing."""
    hearing = locked(hearing, by)
    if hearing.adjourned_at is None:
        return hearing
    refuse_unless_shown(seen, state_of(hearing))
    if hearing.application.state != State.SHORTLISTED:
        raise Refused(
            _("Ce dossier n’est plus à entendre. Passez au suivant."),
            code="state_is_past",
            link=links.sittings(hearing.application.call),
        )
    _alone(hearing)
    hearing.adjourned_at = None
    hearing.save(update_fields=["adjourned_at"])
    step(hearing, Kind.RESUMED, at, by, at)
    write(hearing, "hearing_resumed", by, at)
    return hearing


@action
def note_absent_team(hearing, *, seen=None, by, at):
    """The team did not come: on which the jury decides as well; it was not heard. Returns the hearing."""
    hearing = locked(hearing, by)
    if hearing.absent_at is not None:
        return hearing
    refuse_unless_shown(seen, state_of(hearing))
    if hearing.started_at is not None:
        raise Refused(
            _("L’audition a commencé\u00a0: annulez son début, puis notez l’équipe absente."),
            code="already_started",
            link=links.hearing(hearing.application),
        )
    if hearing.summoned_at is None or at < hearing.starts_at:
        raise Refused(
            _("L’équipe n’est attendue que le %(at)s\u00a0: son absence se note alors.")
            % {"at": french.instant(hearing.starts_at)},
            code="too_early",
        )
    if hearing.application.state != State.SHORTLISTED:
        raise Refused(
            _("Ce dossier n’est plus à entendre. Passez au suivant."),
            code="state_is_past",
            link=links.sittings(hearing.application.call),
        )
    hearing.absent_at = at
    hearing.save(update_fields=["absent_at"])
    step(hearing, Kind.ABSENT, at, by, at)
    write(hearing, "team_absent", by, at)
    return hearing


@action
def cancel_absence(hearing, *, seen=None, by, at):
    """The team is there after all: the hearing may begin, or be moved. Returns the hearing."""
    hearing = locked(hearing, by)
    refuse_decided(hearing)
    if hearing.absent_at is None:
        return hearing
    refuse_unless_shown(seen, state_of(hearing))
    was, hearing.absent_at = hearing.absent_at, None
    hearing.save(update_fields=["absent_at"])
    step(hearing, Kind.ABSENCE_CANCELLED, at, by, at, was=was)
    write(hearing, "team_absence_cancelled", by, at, was=was.isoformat())
    return hearing


ENDS = {"started_at": Kind.START_CORRECTED, "ended_at": Kind.END_CORRECTED}


@action
def correct_hearing(hearing, field, instant, reason, *, seen=None, by, at):
    """Say when a hearing really began (`started_at`) or ended (`ended_at`); both instants are kept. Returns it."""
    hearing = locked(hearing, by)
    refuse_decided(hearing)
    was = getattr(hearing, field)
    if was is None:
        raise Refused(_("Rien n’est noté de cet instant\u00a0: il n’y a rien à corriger."), code="nothing_noted")
    refuse_unless_shown(seen, {field: was.isoformat()})
    refuse_without_reason(reason)
    refuse_later_than(instant, at)
    setattr(hearing, field, instant)
    _refuse_disorder(hearing)
    hearing.save(update_fields=[field])
    if field == "started_at":
        _move_recusals(hearing, was, by, at)
    step(hearing, ENDS[field], instant, by, at, was=was, reason=reason.strip())
    write(hearing, "hearing_corrected", by, at, field=field, was=was.isoformat(), instant=instant.isoformat())
    return hearing


def _refuse_disorder(hearing):
    sentence = ""
    if hearing.started_at < hearing.summoned_at:
        sentence = _("Une audition commence après la convocation.")
    elif hearing.ended_at is not None and hearing.ended_at <= hearing.started_at:
        sentence = _("Une audition finit après avoir commencé.")
    if sentence:
        raise Refused(sentence, code="out_of_order", fields={"time": sentence})


def _move_recusals(hearing, was, by, at):
    """Who was recused left the room when the hearing began: with the real start, at its instant."""
    rows = Presence.objects.filter(hearing=hearing, status=Presence.Status.RECUSED, at=was)
    for row in rows.order_by("id"):
        reason = str(Kind.START_CORRECTED.label)
        step(hearing, Kind.PRESENCE_CORRECTED, hearing.started_at, by, at, was=was, presence=row, reason=reason)
