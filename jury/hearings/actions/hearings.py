"""Hearings: placed in the sittings, summoned once, started and ended one at a time, with who is in the room."""

from datetime import timedelta

from django.utils.translation import gettext as _

from applications.locking import lock
from applications.models import Application, Interest, Member, Notice
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from jury.hearings.emails import TO_JUROR, TO_TEAM
from jury.hearings.reading import timetable_digest, words_of
from jury.models import Decision, Hearing, Juror, JurorDeclaration, Jury, Opinion, Presence
from jury.permissions import can_place, can_run, person_at

# The timetable ------------------------------------------------------------------------------------------------------


@action
def place_hearings(call, places, *, by, at):
    """Give every shortlisted dossier its instant; returns the `Hearing` rows in order.

    `places`: `{application id: aware instant}`. All or nothing; a refusal names each row as `time-<application id>`.
    """
    dossiers = _lock_placeable(call, by)
    rows = {row.application_id: row for row in _hearings(call)}
    _refuse_summoned(rows.values())
    if set(places) - set(dossiers):
        raise Refused(_("La liste des dossiers a changé depuis cette page\u00a0: relisez-la."), code="list_changed")
    sittings = _fitting(call, dossiers, places)
    before = timetable_digest(rows.values())
    _drop([row for pk, row in rows.items() if pk not in dossiers])
    _move(rows, dossiers, places, sittings)
    placed = list(_hearings(call))
    digest = timetable_digest(placed)
    if digest != before:
        journal.append(call.chain_id, "hearings_placed", by=by, at=at, hearings=len(placed), timetable=digest)
    return placed


def _lock_placeable(call, by):
    """`{id: dossier}` of the shortlisted ones, locked; refused to who may not place them."""
    rows = Application.objects.select_for_update(of=("self",)).filter(call=call, state=State.SHORTLISTED)
    dossiers = {row.pk: row for row in rows.order_by("pk")}
    if not can_place(person_at(call, by), list(dossiers)):
        raise Refused(
            _(
                "Les auditions sont placées par le secrétariat ou la gestion de l’appel, "
                "par une personne qui n’a de lien avec aucun des dossiers."
            ),
            code="not_allowed",
        )
    if not dossiers:
        raise Refused(
            _("Aucun dossier n’est présélectionné\u00a0: les auditions se placent après la présélection."),
            code="nothing_to_place",
        )
    return dossiers


def _hearings(call):
    rows = Hearing.objects.select_for_update(of=("self",), no_key=True).filter(application__call=call)
    return rows.select_related("application").order_by("starts_at", "pk")


def _refuse_summoned(rows):
    if any(row.summoned_at for row in rows):
        raise Refused(_("Les équipes sont convoquées\u00a0: les horaires ne changent plus."), code="already_summoned")


def _fitting(call, dossiers, places):
    """`{application id: Sitting}`; refused with a sentence beside each row that does not fit."""
    length, wrong, found = timedelta(minutes=call.jury.hearing_minutes), {}, {}
    sittings = list(call.sittings.order_by("position"))
    for pk in dossiers:
        if pk not in places:
            wrong[pk] = _("Donnez l’heure de cette audition.")
    last = None
    for pk, start in sorted(places.items(), key=lambda place: (place[1], place[0])):
        found[pk] = next((one for one in sittings if one.opens_at <= start and start + length <= one.closes_at), None)
        if found[pk] is None:
            wrong[pk] = _("À cette heure, l’audition ne tient pas dans la séance. Elle dure %(minutes)s\u00a0min.") % {
                "minutes": call.jury.hearing_minutes
            }
        elif last is not None and start < last + length:
            wrong[pk] = _(
                "À cette heure, l’audition de %(hour)s n’est pas finie. Choisissez une heure plus tardive."
            ) % {"hour": french.hour(last)}
        else:
            last = start
    if wrong:
        fields = {("time", pk): sentence for pk, sentence in wrong.items()}
        raise Refused(_("Des auditions ne tiennent pas dans les séances."), code="does_not_fit", fields=fields)
    return found


def _drop(rows):
    """Places of dossiers that left the procedure before the summons."""
    Opinion.objects.filter(hearing__in=rows).delete()
    for row in rows:
        row.delete()


def _move(rows, dossiers, places, sittings):
    """Set the instants; rows that move first step aside, since two hearings never begin at the same instant."""
    moving = [row for pk, row in rows.items() if pk in dossiers and row.starts_at != places[pk]]
    aside = max((one.closes_at for one in sittings.values()), default=None)
    for number, row in enumerate(moving, 1):
        row.starts_at = aside + timedelta(days=number)
        row.save(update_fields=["starts_at"])
    for row in moving:
        row.sitting, row.starts_at = sittings[row.application_id], places[row.application_id]
        row.save(update_fields=["sitting", "starts_at"])
    Hearing.objects.bulk_create(
        Hearing(application_id=pk, sitting=sittings[pk], starts_at=places[pk]) for pk in dossiers if pk not in rows
    )


@action
def summon(call, *, by, at):
    """Tell every team and every juror when they are heard; from then on the places are fixed. Returns the hearings."""
    dossiers = _lock_placeable(call, by)
    rows = [row for row in _hearings(call) if row.application_id in dossiers]
    _refuse_summoned(rows)
    if len(rows) < len(dossiers):
        raise Refused(_("Une audition n’a pas encore son heure\u00a0: placez-les toutes."), code="not_placed")
    if rows[0].starts_at <= at:
        raise Refused(
            _("Une audition commence avant la convocation\u00a0: placez-la plus tard, puis convoquez."), code="too_late"
        )
    sittings = {one.pk: one for one in call.sittings.all()}
    for row in rows:
        row.sitting, row.application.call, row.summoned_at = sittings[row.sitting_id], call, at
        row.save(update_fields=["summoned_at"])
    with french.official():
        _tell(call, rows, at)
    digest = timetable_digest(rows)
    journal.append(call.chain_id, "hearings_summoned", by=by, at=at, hearings=len(rows), timetable=digest)
    return rows


def _tell(call, rows, at):
    """Notices and mails: rows now, work later."""
    Notice.objects.bulk_create(
        Notice(application=row.application, kind="hearing", text=words_of(row, call.jury), at=at) for row in rows
    )
    members = Member.objects.filter(application__in=[row.application_id for row in rows])
    members = members.select_related("user", "application__call").order_by("pk")
    outbox.queue_messages(TO_TEAM, [_parcel(one) for one in members])
    jurors = Juror.objects.filter(call=call, user__isnull=False).select_related("user").order_by("pk")
    of_call = outbox.About(call.chain_id)
    parcels = [outbox.Parcel(one.pk, one.user.email, f"jury-{call.slug}-{one.user_id}", of_call) for one in jurors]
    outbox.queue_messages(TO_JUROR, parcels)


def _parcel(member):
    key = f"audition-{member.application.reference}-{member.user_id}"
    return outbox.Parcel(member.application_id, member.user.email, key, outbox.about(member.application))


# The hearing --------------------------------------------------------------------------------------------------------


def _locked(hearing, by):
    """The hearing with its dossier, locked in that order; refused to who does not run it."""
    application = lock(hearing.application)
    hearing = Hearing.objects.select_for_update(of=("self",), no_key=True).get(pk=hearing.pk)
    hearing.application = application
    if not can_run(person_at(application.call, by), application):
        raise Refused(
            _("L’audition est conduite par le secrétariat, par une personne sans lien avec ce dossier."),
            code="not_allowed",
        )
    return hearing


@action
def start_hearing(hearing, *, by, at):
    """Start a hearing that was summoned, on its day or later, while no other is under way; returns it.

    Seats with an interest are recused; the others who have declared are present until the secretary says otherwise.
    """
    hearing = _locked(hearing, by)
    call = hearing.application.call
    Jury.objects.select_for_update(of=("self",)).get(call=call)
    if hearing.is_under_way:
        return hearing
    _refuse_start(hearing, call, at)
    hearing.started_at = at
    hearing.save(update_fields=["started_at"])
    rows = _first_presences(hearing, by, at)
    Presence.objects.bulk_create(rows)
    _journal(hearing, "hearing_started", by, at, recused=_seats(rows, "recused"), present=_seats(rows, "present"))
    return hearing


def _refuse_start(hearing, call, at):
    if hearing.ended_at is not None:
        raise Refused(_("Cette audition est finie\u00a0: passez à la suivante."), code="already_ended")
    if hearing.summoned_at is None:
        raise Refused(_("L’équipe n’est pas convoquée\u00a0: convoquez d’abord."), code="not_summoned")
    if hearing.application.state != State.SHORTLISTED:
        raise Refused(_("Ce dossier n’est plus à entendre. Passez au suivant."), code="state_is_past")
    if french.day_of(at) < french.day_of(hearing.starts_at):
        raise Refused(
            _("L’audition est prévue le %(day)s\u00a0: commencez-la ce jour-là.")
            % {"day": french.long_day(hearing.starts_at)},
            code="too_early",
        )
    under_way = Hearing.objects.filter(application__call=call, started_at__isnull=False, ended_at=None)
    # A team that withdrew while it was heard leaves a hearing that nobody can end.
    if under_way.filter(application__state=State.SHORTLISTED).exists():
        raise Refused(_("Une autre audition est en cours\u00a0: finissez-la d’abord."), code="another_under_way")


def _first_presences(hearing, by, at):
    application = hearing.application
    tied = set(Interest.objects.standing().filter(application=application).values_list("user_id", flat=True))
    declared = set(
        JurorDeclaration.objects.filter(application=application).order_by("pk").values_list("juror_id", "user_id")
    )
    rows = []
    for juror in Juror.objects.filter(call=application.call, user__isnull=False).order_by("seat"):
        if juror.user_id in tied:
            status = Presence.Status.RECUSED
        elif (juror.pk, juror.user_id) in declared:
            status = Presence.Status.PRESENT
        else:
            continue
        rows.append(Presence(hearing=hearing, juror=juror, status=status, at=at, recorded_by=by, recorded_at=at))
    return rows


def _seats(rows, status):
    return [row.juror.seat for row in rows if row.status == status]


@action
def end_hearing(hearing, *, by, at):
    """End a hearing that is under way; returns it."""
    hearing = _locked(hearing, by)
    if hearing.started_at is None:
        raise Refused(_("L’audition n’a pas commencé\u00a0: rien n’est à finir."), code="not_started")
    if hearing.ended_at is not None:
        return hearing
    hearing.ended_at = at
    hearing.save(update_fields=["ended_at"])
    _journal(hearing, "hearing_ended", by, at)
    return hearing


@action
def record_presence(hearing, juror, status, *, by, at):
    """A seat enters, leaves or is away; returns the `Presence` that holds. `status`: present, left or absent.

    Refused for a seat with an interest in the dossier, and once the decision on it is confirmed.
    """
    hearing = _locked(hearing, by)
    juror = Juror.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=juror.pk)
    _refuse_presence(hearing, juror, status)
    own = Presence.objects.filter(hearing=hearing, juror=juror, at__gte=juror.seated_at)  # Not of who sat there before.
    last = own.order_by("-id").first()
    if last is not None and last.status == status:
        return last
    row = Presence.objects.create(hearing=hearing, juror=juror, status=status, at=at, recorded_by=by, recorded_at=at)
    _journal(hearing, "presence_recorded", by, at, seat=juror.seat, status=status)
    return row


def _refuse_presence(hearing, juror, status):
    application = hearing.application
    if status not in (Presence.Status.PRESENT, Presence.Status.LEFT, Presence.Status.ABSENT):
        raise Refused(_("Choisissez\u00a0: présent, sorti ou absent."), code="unknown_value")
    if juror.call_id != application.call_id or juror.user_id is None:
        raise Refused(_("Personne n’occupe ce siège dans ce jury."), code="seat_is_free")
    if hearing.started_at is None:
        raise Refused(_("Les présences se notent une fois l’audition commencée."), code="not_started")
    if Decision.objects.filter(application=application, confirmed_at__isnull=False).exists():
        raise Refused(_("La décision est confirmée\u00a0: les présences ne changent plus."), code="decided")
    if Interest.objects.standing().filter(application=application, user=juror.user_id).exists():
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


def _journal(hearing, verb, by, at, **data):
    data = {"application": hearing.application.reference, "hearing": hearing.pk} | data
    journal.append(hearing.chain_id, verb, by=by, at=at, **data)
