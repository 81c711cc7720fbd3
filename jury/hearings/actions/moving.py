"""After the summons: a hearing gets another instant, or two take each other's; teams and jury are notified anew."""

from datetime import timedelta

from django.utils.translation import gettext as _

from applications.locking import lock
from applications.models import Member, Notice
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.saving import refuse_unless_shown
from jury import links
from jury.hearings.actions.hearings import step, write
from jury.hearings.actions.timetable import outside, sittings_of
from jury.hearings.emails import MOVED_TO_JUROR, MOVED_TO_TEAM
from jury.hearings.reading import moved_words
from jury.models import Hearing, HearingStep, Juror, Jury
from jury.permissions import can_run, person_at


@action
def move_hearing(hearing, start, reason, *, seen=None, by, at):
    """Give a hearing that was summoned and has not begun another instant; its team and the jury are notified anew.

    `start`: aware instant in a sitting. The notice of the first instant stays, struck through. Returns the hearing.
    `seen`: what the page showed of its place.
    """
    [hearing] = _locked([hearing], by)
    if start == hearing.starts_at:
        return hearing
    refuse_unless_shown(seen, place_of(hearing))
    sitting = _free_slot(hearing, start, at)
    with journal.lines_last(), french.official():
        number = _put(hearing, hearing.starts_at, sitting, start, reason, by, at)
        _notify_jury(hearing.application.call, f"{hearing.pk}-{number}")
    return hearing


def place_of(hearing):
    """What the page of a move shows of the hearing's place."""
    return {"starts_at": hearing.starts_at.isoformat()}


def hours_of(hearings):
    """What the page of a swap shows of each hearing."""
    return {f"starts_at-{hearing.pk}": hearing.starts_at.isoformat() for hearing in hearings}


@action
def swap_hearings(call, one, other, reason, *, seen=None, by, at):
    """Two hearings that were summoned take each other's hours, in one act; both teams and the jury are notified anew.

    Returns both, with the hours that they have now. `seen`: what the page showed of the hours.
    """
    if one.pk == other.pk:
        sentence = _("Choisissez deux auditions différentes.")
        raise Refused(sentence, code="unknown_value", fields={"other": sentence})
    one, other = _locked([one, other], by)
    refuse_unless_shown(seen, hours_of([one, other]))
    first, second = (one.sitting, one.starts_at), (other.sitting, other.starts_at)
    if min(first[1], second[1]) <= at:
        raise Refused(
            _("Une de ces deux heures est passée\u00a0: déplacez l’autre audition depuis sa page."),
            code="too_late",
            link=links.sittings(call),
        )
    # Two hearings never begin at the same instant: one steps aside first.
    one.starts_at = max(first[1], second[1]) + timedelta(days=1)
    one.save(update_fields=["starts_at"])
    with journal.lines_last(), french.official():
        number = _put(other, second[1], *first, reason, by, at)
        _put(one, first[1], *second, reason, by, at)
        _notify_jury(call, f"{other.pk}-{number}")
    return one, other


def _locked(hearings, by):
    """The hearings, read again, with their dossiers, locked in the order of these; each may be moved by this person."""
    dossiers = {row.pk: lock(row) for row in sorted((one.application for one in hearings), key=lambda row: row.pk)}
    for application in dossiers.values():
        if not can_run(person_at(application.call, by), application):
            raise Refused(
                _("L’audition est déplacée par le secrétariat, par une personne sans lien avec ce dossier."),
                code="not_allowed",
            )
    Jury.objects.select_for_update(of=("self",)).get(call=application.call)
    rows = Hearing.objects.select_for_update(of=("self",), no_key=True).select_related("sitting")
    found = {row.pk: row for row in rows.filter(pk__in=[one.pk for one in hearings]).order_by("pk")}
    for row in found.values():
        row.application = dossiers[row.application_id]
        _refuse_move(row)
    return [found[one.pk] for one in hearings]


def _refuse_move(hearing):
    if hearing.summoned_at is None:
        raise Refused(
            _("L’équipe n’est pas convoquée\u00a0: changez son heure dans les horaires."),
            code="not_summoned",
            link=links.timetable(hearing.application.call),
        )
    if hearing.started_at is not None:
        raise Refused(
            _("L’audition a commencé\u00a0: ajournez-la, ou annulez son début, puis déplacez-la."),
            code="already_started",
            link=links.hearing(hearing.application),
        )
    if hearing.absent_at is not None:
        raise Refused(
            _("L’équipe est notée absente\u00a0: annulez cette absence, puis déplacez l’audition."),
            code="team_is_absent",
            link=links.hearing(hearing.application),
        )
    if hearing.application.state != State.SHORTLISTED:
        raise Refused(
            _("Ce dossier n’est plus à entendre. Passez au suivant."),
            code="state_is_past",
            link=links.sittings(hearing.application.call),
        )


def _free_slot(hearing, start, at):
    """The sitting in which the hearing fits at this instant; refused where it does not, or is not to come."""
    call = hearing.application.call
    length = timedelta(minutes=call.jury.hearing_minutes)
    sitting = sittings_of(call, {hearing.pk: start})[hearing.pk]
    others = Hearing.objects.filter(application__call=call, application__state=State.SHORTLISTED).exclude(pk=hearing.pk)
    near = others.filter(starts_at__gt=start - length, starts_at__lt=start + length, absent_at=None).first()
    sentence = ""
    if sitting is None:
        sentence = outside(call)
    elif start <= at:
        sentence = _("Indiquez une heure à venir\u00a0: l’équipe l’apprend par courriel.")
    elif near is not None:
        sentence = _("Une autre audition est prévue à %(hour)s\u00a0: choisissez une heure libre.") % {
            "hour": french.hour(near.starts_at)
        }
    if sentence:
        raise Refused(sentence, code="does_not_fit", fields={"time": sentence})
    return sitting


def _put(hearing, was, sitting, start, reason, by, at):
    """Write the new hour, its step, notice and mails; returns how often the hearing was moved by now."""
    hearing.starts_at, hearing.sitting = start, sitting
    hearing.save(update_fields=["starts_at", "sitting"])
    step(hearing, HearingStep.Kind.MOVED, start, by, at, was=was, reason=reason.strip())
    number = hearing.steps.filter(kind=HearingStep.Kind.MOVED).count()
    _notify_team(hearing, was, number, at)
    write(hearing, "hearing_moved", by, at, was=was.isoformat(), starts_at=start.isoformat())
    return number


def _notify_team(hearing, was, number, at):
    """A new notice beside the first one, and a mail to each of the team."""
    application = hearing.application
    text = moved_words(hearing, was, application.call.jury)
    Notice.objects.create(application=application, kind=f"hearing-{number + 1}", text=text, at=at)
    members = Member.objects.filter(application=application).select_related("user", "application__call").order_by("pk")
    about = outbox.about(application)
    parcels = [
        outbox.Parcel(application.pk, one.user.email, f"audition-{application.reference}-{one.user_id}-{number}", about)
        for one in members
    ]
    outbox.queue_messages(MOVED_TO_TEAM, parcels)


def _notify_jury(call, key):
    """A mail to each of the jury. `key`: of the move, for it to be known as the same."""
    jurors = Juror.objects.filter(call=call, user__isnull=False).select_related("user").order_by("pk")
    of_call, name = outbox.About(call.chain_id), f"jury-{call.slug}-{key}"
    outbox.queue_messages(
        MOVED_TO_JUROR, [outbox.Parcel(one.pk, one.user.email, f"{name}-{one.user_id}", of_call) for one in jurors]
    )
