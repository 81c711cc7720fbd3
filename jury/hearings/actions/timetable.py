"""The timetable: hearings placed in the sittings, then summoned."""

import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from applications.models import Application, Interest, Member, Notice
from applications.states import State
from hdh_portal.ground import clock, french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import name_of
from jury import links
from jury.hearings.drawing import VERB, draw_of
from jury.hearings.emails import TO_JUROR, TO_TEAM
from jury.hearings.reading import timetable_digest, words_of
from jury.models import Hearing, Juror, Jury, Opinion
from jury.permissions import can_place, person_at


@action
def place_hearings(call, places, *, seen=None, by, at):
    """Give every shortlisted dossier its instant; returns the `Hearing` rows in order.

    `places`: `{application id: aware instant}`. All or nothing; a refusal names each row as `time-<application id>`.
    A dossier in which the person has an interest is none of theirs to place: it keeps the hour that it has, or waits.
    `seen`: what the page showed; where somebody placed a hearing otherwise meanwhile, none is (`saving.Clashing`).
    """
    dossiers = _lock_placeable(call, by)
    rows = {row.application_id: row for row in _hearings(call)}
    _refuse_summoned(call, rows.values())
    closed = Interest.objects.current().filter(user=by, application__in=dossiers).order_by()
    mine = {pk: dossiers[pk] for pk in dossiers.keys() - set(closed.values_list("application_id", flat=True))}
    if set(places) - set(mine):
        raise Refused(
            _("La liste des dossiers a changé depuis cette page\u00a0: relisez-la."),
            code="list_changed",
            link=links.timetable(call),
        )
    typed = {name_of("time", pk): start.isoformat() for pk, start in places.items()}
    values = saving.whole(typed, fields_of(rows.values()), seen)
    places = {pk: datetime.fromisoformat(values[name_of("time", pk)]) for pk in places}
    fixed = {pk: rows[pk].starts_at for pk in rows.keys() & (dossiers.keys() - mine.keys())}
    sittings = _sittings_with_room(call, mine, places, fixed)
    before = timetable_digest(rows.values())
    _drop([row for pk, row in rows.items() if pk not in dossiers])
    _move(rows, mine, places, sittings)
    placed = list(_hearings(call))
    digest = timetable_digest(placed)
    if digest != before:
        journal.append(call.chain_id, "hearings_placed", by=by, at=at, hearings=len(placed), timetable=digest)
    return placed


def fields_of(rows):
    """The instants of hearings, in Paris, under the names of their hours on the page of the timetable."""
    return {name_of("time", row.application_id): row.starts_at.astimezone(clock.PARIS).isoformat() for row in rows}


def _lock_placeable(call, by):
    """`{id: dossier}` of the shortlisted ones, locked; refused to who may not place them."""
    rows = Application.objects.select_for_update(of=("self",)).filter(call=call, state=State.SHORTLISTED)
    dossiers = {row.pk: row for row in rows.order_by("pk")}
    if not can_place(person_at(call, by)):
        raise Refused(
            _("Les auditions sont placées par le secrétariat ou un gestionnaire de l’appel."), code="not_allowed"
        )
    if not dossiers:
        raise Refused(
            _("Aucun dossier n’est présélectionné\u00a0: les auditions se placent après la présélection."),
            code="nothing_to_place",
            link=links.sittings(call),
        )
    return dossiers


@action
def draw_order(call, *, by, at):
    """Draw the order of the hearings, once: the seed is journaled, and every order shown from then on follows it.

    Returns the seed, 128 bits of the system's source as hexadecimal text.
    """
    dossiers = _lock_placeable(call, by)
    Jury.objects.select_for_update(of=("self",)).get(call=call)
    if draw_of(call) is not None:
        raise Refused(
            _("L’ordre est déjà tiré au sort\u00a0: un tirage ne se recommence pas. Relisez les horaires."),
            code="already_drawn",
            link=links.timetable(call),
        )
    rows = list(_hearings(call))
    _refuse_summoned(call, rows)
    _drop(rows)
    seed, references = secrets.token_hex(16), sorted(row.reference for row in dossiers.values())
    journal.append(call.chain_id, VERB, by=by, at=at, seed=seed, references=references)
    return seed


def _hearings(call):
    rows = Hearing.objects.select_for_update(of=("self",), no_key=True).filter(application__call=call)
    return rows.select_related("application").order_by("starts_at", "pk")


def _refuse_summoned(call, rows):
    if any(row.summoned_at for row in rows):
        raise Refused(
            _("Les équipes sont convoquées\u00a0: une audition se déplace depuis sa page, et son équipe l’apprend."),
            code="already_summoned",
            link=links.sittings(call),
        )


def _sittings_with_room(call, dossiers, places, fixed):
    """`{application id: Sitting}`; refused with a sentence beside each row that does not fit.

    `fixed`: instants of hearings that the person does not place, and which keep their hours.
    """
    wrong = {pk: _("Indiquez l’heure de cette audition.") for pk in dossiers if pk not in places}
    found, length = sittings_of(call, places), timedelta(minutes=call.jury.hearing_minutes)
    wrong |= {pk: outside(call) for pk in places if found[pk] is None}
    order = [(start, pk) for pk, start in (places | fixed).items() if pk not in wrong]
    last = None
    for start, pk in sorted(order):
        if last is None or start >= last[0] + length:
            last = (start, pk)
        elif pk in places:
            wrong[pk] = _(
                "À cette heure, l’audition de %(hour)s n’est pas finie. Choisissez une heure plus tardive."
            ) % {"hour": french.hour(last[0])}
        else:
            wrong[last[1]] = _(
                "À cette heure, l’audition ne finit pas avant celle de %(hour)s. Choisissez une autre heure."
            ) % {"hour": french.hour(start)}
            last = (start, pk)
    if wrong:
        fields = {("time", pk): sentence for pk, sentence in wrong.items()}
        raise Refused(_("Des auditions ne tiennent pas dans les séances."), code="does_not_fit", fields=fields)
    return found


def sittings_of(call, places):
    """`{application id: Sitting or None}`: the one in which each hearing fits."""
    length, sittings = timedelta(minutes=call.jury.hearing_minutes), list(call.sittings.order_by("position"))
    return {
        pk: next((one for one in sittings if one.opens_at <= start and start + length <= one.closes_at), None)
        for pk, start in places.items()
    }


def outside(call):
    """What a person reads of an hour at which a hearing fits in no sitting."""
    return _("À cette heure, l’audition ne tient pas dans la séance. Elle dure %(minutes)s\u00a0min.") % {
        "minutes": call.jury.hearing_minutes
    }


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
    _refuse_summoned(call, rows)
    if len(rows) < len(dossiers):
        raise Refused(
            _("Une audition n’a pas encore son heure\u00a0: placez-les toutes."),
            code="not_placed",
            link=links.timetable(call),
        )
    if rows[0].starts_at <= at:
        raise Refused(
            _("Une audition commence avant la convocation\u00a0: placez-la plus tard, puis convoquez."),
            code="too_late",
            link=links.timetable(call),
        )
    sittings = {one.pk: one for one in call.sittings.all()}
    for row in rows:
        row.sitting, row.application.call, row.summoned_at = sittings[row.sitting_id], call, at
        row.save(update_fields=["summoned_at"])
    with french.official():
        _notify(call, rows, at)
    digest = timetable_digest(rows)
    journal.append(call.chain_id, "hearings_summoned", by=by, at=at, hearings=len(rows), timetable=digest)
    return rows


def _notify(call, rows, at):
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
