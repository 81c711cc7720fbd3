"""Who sits: a seat is taken with the interests that its organisation gives, left, or named to act as president."""

from django.utils.translation import gettext as _

from applications.found_interests import write_found_interests
from applications.models import CaseOfficer
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.saving import refuse_unless_shown
from jury import links
from jury.dossiers import is_frozen
from jury.models import Hearing, Juror, Jury, Presence


def _locked(juror):
    Jury.objects.select_for_update(of=("self",)).get(call=juror.call_id)
    return Juror.objects.select_for_update(of=("self",)).select_related("call", "organisation").get(pk=juror.pk)


@action
def seat_juror(juror, user, *, by, at):
    """Give a free seat to a person; returns the `Juror`."""
    juror = _locked(juror)
    if juror.user_id is not None:
        raise Refused(_("Ce siège est déjà occupé."), code="seat_is_taken")
    if Juror.objects.filter(call=juror.call, user=user).exists():
        raise Refused(_("Cette personne siège déjà dans ce jury."), code="already_seated")
    juror.user, juror.seated_at = user, at
    juror.save(update_fields=["user", "seated_at"])
    found = write_found_interests(user, juror.organisation, juror.call, at)
    data = {"juror": juror.pk, "seat": juror.seat, "user": user.pk, "interests": found}
    journal.append(juror.chain_id, "juror_seated", by=by, at=at, **data)
    return juror


def free_seat(juror, *, by, at):
    """Free a seat, inside an act: the person's rights die at once; what was minuted of the seat stays."""
    juror = _locked(juror)
    if juror.user_id is None:
        raise Refused(_("Ce siège est libre\u00a0: il n’y a rien à faire."), code="seat_is_free")
    _leave_the_room(juror, by, at)
    user, juror.user, juror.seated_at = juror.user_id, None, None
    juror.save(update_fields=["user", "seated_at"])
    journal.append(juror.chain_id, "juror_left", by=by, at=at, juror=juror.pk, seat=juror.seat, user=user)
    return juror


def _leave_the_room(juror, by, at):
    """In a hearing under way the person is no longer in the room: the quorum is counted without them."""
    under_way = Hearing.objects.filter(application__call=juror.call, started_at__isnull=False, ended_at=None)
    for hearing in under_way.order_by("pk"):
        last = Presence.objects.filter(hearing=hearing, juror=juror, at__gte=juror.seated_at).order_by("id").last()
        if last is not None and last.status == Presence.Status.PRESENT:
            row = {"hearing": hearing, "juror": juror, "status": Presence.Status.LEFT}
            Presence.objects.create(**row, at=at, recorded_by=by, recorded_at=at)


def acting_fields(seats):
    """Who is named among these seats, in order, under the name by which the page shows it."""
    named = sorted((seat for seat in seats if seat.acting_order is not None), key=lambda seat: seat.acting_order)
    return {"acting": [seat.pk for seat in named]}


@action
def name_acting_presidents(call, jurors, *, seen=None, by, at):
    """Name, in order, the seats that preside where the presidency is recused; returns them. An empty list names none.

    By the presidency, the secretary, or a manager of the call. `seen`: whom the page showed.
    """
    Jury.objects.select_for_update(of=("self",)).get(call=call)
    office = CaseOfficer.objects.in_office().filter(call=call, user=by, power__in=["secretary", "manager"])
    seats = list(Juror.objects.select_for_update(of=("self",)).filter(call=call).order_by("pk"))
    if not office.exists() and not any(seat.presidency and seat.user_id == by.pk for seat in seats):
        raise Refused(
            _("La suppléance est désignée par la présidence, le secrétariat ou un gestionnaire de l’appel."),
            code="not_allowed",
        )
    if is_frozen(call):
        raise Refused(
            _("Les décisions sont figées\u00a0: la suppléance ne change plus."),
            code="frozen",
            link=links.sittings(call),
        )
    order = [juror.pk for juror in jurors]
    known = {seat.pk: seat for seat in seats}
    if len(set(order)) != len(order) or any(pk not in known or known[pk].presidency for pk in order):
        raise Refused(
            _("Choisissez, dans l’ordre, des sièges de ce jury autres que la présidence."), code="unknown_value"
        )
    before = acting_fields(seats)
    if before["acting"] == order:
        return [known[pk] for pk in order]
    refuse_unless_shown(seen, before)
    for seat in seats:
        if seat.acting_order is not None:
            seat.acting_order = None
            seat.save(update_fields=["acting_order"])
    for number, pk in enumerate(order, 1):
        known[pk].acting_order = number
        known[pk].save(update_fields=["acting_order"])
    data = {"seats": [known[pk].seat for pk in order]}
    journal.append(call.chain_id, "acting_presidents_named", by=by, at=at, **data)
    return [known[pk] for pk in order]
