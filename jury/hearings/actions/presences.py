"""Who is in the room: each seat is checked in, nobody is presumed; what was noted wrongly is corrected, both kept.

`seen`: what the page of the act showed of the seat, of all of them, or of the line.
"""

from django.utils.translation import gettext as _

from applications.models import Interest
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.saving import refuse_unless_shown
from jury import links
from jury.hearings.actions.hearings import locked, refuse_decided, step, write
from jury.hearings.reading import attendance, noted_of
from jury.models import HearingStep, Juror, JurorDeclaration, Presence

STATUSES = (Presence.Status.PRESENT, Presence.Status.LEFT, Presence.Status.ABSENT)


@action
def record_presence(hearing, juror, status, *, seen=None, by, at):
    """A seat enters, leaves or is away; returns the `Presence` that holds. `status`: present, left or absent.

    Refused for a seat with an interest in the dossier, and once the decision on it is confirmed.
    """
    hearing = locked(hearing, by)
    juror = Juror.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=juror.pk)
    _refuse_presence(hearing, juror, status)
    seat = next(one for one in attendance(hearing).seats if one.juror.pk == juror.pk)
    if seat.status == status:
        return Presence.objects.filter(hearing=hearing, juror=juror, status=status).order_by("id").last()
    refuse_unless_shown(seen, {f"seat-{juror.seat}": seat.status})
    row = Presence.objects.create(hearing=hearing, juror=juror, status=status, at=at, recorded_by=by, recorded_at=at)
    write(hearing, "presence_recorded", by, at, seat=juror.seat, status=status)
    return row


@action
def check_in_all(hearing, *, seen=None, by, at):
    """Note as present every seat that has declared, has no interest and is not noted absent; returns the rows."""
    hearing = locked(hearing, by)
    _refuse_too_early(hearing)
    refuse_decided(hearing)
    application = hearing.application
    seats = Juror.objects.select_for_update(of=("self",), no_key=True).filter(call=application.call).order_by("pk")
    list(seats)
    room = attendance(hearing)
    refuse_unless_shown(seen, room.fields)
    declared = set(JurorDeclaration.objects.filter(application=application).values_list("juror_id", "user_id"))
    found = [
        seat.juror
        for seat in room.seats
        if seat.status in ("", Presence.Status.LEFT) and (seat.juror.pk, seat.juror.user_id) in declared
    ]
    row = {"hearing": hearing, "status": Presence.Status.PRESENT, "at": at, "recorded_by": by, "recorded_at": at}
    rows = Presence.objects.bulk_create(Presence(juror=juror, **row) for juror in found)
    if rows:
        write(hearing, "presences_checked_in", by, at, seats=sorted(juror.seat for juror in found))
    return rows


@action
def correct_presence(presence, instant, reason, *, seen=None, by, at):
    """Say at what instant a line of presence really was (None: it never was); both are kept, with who and why."""
    hearing = locked(presence.hearing, by)
    refuse_decided(hearing)
    presence = Presence.objects.select_related("juror").get(pk=presence.pk)
    held = next((one for one in noted_of([hearing])[hearing.pk] if one.pk == presence.pk), None)
    if held is None:
        raise Refused(
            _("Ce relevé est déjà annulé\u00a0: notez la présence de nouveau."),
            code="already_cancelled",
            link=links.hearing(hearing.application),
        )
    if presence.status == Presence.Status.RECUSED:
        raise Refused(_("Seule une autre personne peut lever un déport, sur la page des déports."), code="recused")
    refuse_unless_shown(seen, {f"presence-{held.pk}": held.at.isoformat()})
    refuse_without_reason(reason)
    if instant is not None:
        refuse_later_than(instant, at)
    kind = HearingStep.Kind.PRESENCE_CANCELLED if instant is None else HearingStep.Kind.PRESENCE_CORRECTED
    made = step(hearing, kind, instant or at, by, at, was=held.at, presence=presence, reason=reason.strip())
    data = {"seat": presence.juror.seat, "presence": presence.pk, "was": held.at.isoformat()}
    write(hearing, kind, by, at, instant=instant and instant.isoformat(), **data)
    return made


def refuse_without_reason(reason):
    """A correction says why."""
    if not reason.strip():
        raise Refused(
            _("Dites pourquoi\u00a0: le motif figure au procès-verbal."),
            code="incomplete",
            fields={"reason": _("Indiquez le motif de la correction.")},
        )


def refuse_later_than(instant, at):
    """What has not happened yet is no correction."""
    if instant > at:
        sentence = _("Indiquez un instant passé.")
        raise Refused(sentence, code="in_the_future", fields={"time": sentence})


def _refuse_too_early(hearing):
    if hearing.summoned_at is None:
        raise Refused(
            _("Les présences se notent après la convocation\u00a0: convoquez d’abord."),
            code="not_summoned",
            link=links.timetable(hearing.application.call),
        )


def _refuse_presence(hearing, juror, status):
    application = hearing.application
    if status not in STATUSES:
        raise Refused(_("Choisissez\u00a0: présent, sorti ou absent."), code="unknown_value")
    if juror.call_id != application.call_id or juror.user_id is None:
        raise Refused(_("Personne n’occupe ce siège dans ce jury."), code="seat_is_free")
    _refuse_too_early(hearing)
    refuse_decided(hearing)
    if Interest.objects.current().filter(application=application, user=juror.user_id).exists():
        raise Refused(
            _("%(seat)s s’est déporté de ce dossier et ne revient pas dans la salle.") % {"seat": juror.user},
            code="recused",
        )
    declared = JurorDeclaration.objects.filter(application=application, juror=juror, user=juror.user_id)
    if status == Presence.Status.PRESENT and not declared.exists():
        raise Refused(
            _("%(seat)s n’a pas encore déclaré ses liens\u00a0: la déclaration vient d’abord.") % {"seat": juror.user},
            code="not_declared",
        )
