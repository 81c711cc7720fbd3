"""The run of a hearing: started and ended one at a time, with its quorum. `seen`: what the page of the act showed."""

from django.utils.translation import gettext as _

from applications.locking import lock
from applications.models import Interest
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.saving import refuse_unless_shown
from jury import links
from jury.dossiers import is_frozen
from jury.hearings.reading import course_of, state_of
from jury.models import Decision, Hearing, HearingStep, Juror, Jury, Presence
from jury.permissions import can_run, person_at

Kind = HearingStep.Kind

# The hearing --------------------------------------------------------------------------------------------------------


def locked(hearing, by):
    """The hearing with its dossier, locked in that order; refused to who does not run it, and once frozen."""
    application = lock(hearing.application)
    hearing = Hearing.objects.select_for_update(of=("self",), no_key=True).get(pk=hearing.pk)
    hearing.application = application
    if not can_run(person_at(application.call, by), application):
        raise Refused(
            _("L’audition est conduite par le secrétariat, par une personne sans lien avec ce dossier."),
            code="not_allowed",
        )
    return hearing


def refuse_decided(hearing):
    """Refuse what would change the room under a confirmed decision; the way out is to record it anew."""
    if is_frozen(hearing.application.call):
        raise Refused(
            _("Les décisions du jury sont figées\u00a0: rien n’y change plus."),
            code="decided",
            link=links.minutes(hearing.application.call),
        )
    if Decision.objects.filter(application=hearing.application, confirmed_at__isnull=False).exists():
        raise Refused(
            _(
                "La décision sur ce dossier est confirmée. Enregistrez-la de nouveau, depuis la délibération\u00a0: "
                "elle redevient à confirmer, et l’audition et ses présences se corrigent."
            ),
            code="decided",
            link=links.decision(hearing.application),
        )


def step(hearing, kind, at, by, now, **more):
    """Leave the `HearingStep`."""
    return HearingStep.objects.create(hearing=hearing, kind=kind, at=at, recorded_by=by, recorded_at=now, **more)


def write(hearing, verb, by, at, **data):
    """The line of the journal."""
    data = {"application": hearing.application.reference, "hearing": hearing.pk} | data
    journal.append(hearing.chain_id, verb, by=by, at=at, **data)


@action
def start_hearing(hearing, *, seen=None, by, at):
    """Start a hearing that was summoned, on its day or later, while no other is under way; returns it.

    Seats with an interest are noted as recused; nobody is presumed present, and below the quorum it is suspended.
    """
    hearing = locked(hearing, by)
    call = hearing.application.call
    Jury.objects.select_for_update(of=("self",)).get(call=call)
    if hearing.is_under_way:
        return hearing
    refuse_unless_shown(seen, state_of(hearing))
    _refuse_start(hearing, call, at)
    hearing.started_at = at
    hearing.save(update_fields=["started_at"])
    rows = _recusals(hearing, by, at)
    Presence.objects.bulk_create(rows)
    step(hearing, Kind.STARTED, at, by, at)
    write(hearing, "hearing_started", by, at, recused=[row.juror.seat for row in rows])
    return hearing


def _refuse_start(hearing, call, at):
    if hearing.ended_at is not None:
        raise Refused(
            _("Cette audition est finie\u00a0: passez à la suivante, ou rouvrez-la."),
            code="already_ended",
            link=links.hearing(hearing.application),
        )
    if hearing.absent_at is not None:
        raise Refused(
            _("L’équipe est notée absente\u00a0: annulez cette absence, puis commencez."),
            code="team_is_absent",
            link=links.hearing(hearing.application),
        )
    if hearing.adjourned_at is not None:
        raise Refused(
            _("Cette audition est ajournée\u00a0: reprenez-la."),
            code="adjourned",
            link=links.hearing(hearing.application),
        )
    if hearing.summoned_at is None:
        raise Refused(
            _("L’équipe n’est pas convoquée\u00a0: convoquez d’abord."), code="not_summoned", link=links.timetable(call)
        )
    if hearing.application.state != State.SHORTLISTED:
        raise Refused(
            _("Ce dossier n’est plus à entendre. Passez au suivant."), code="state_is_past", link=links.sittings(call)
        )
    if french.day_of(at) < french.day_of(hearing.starts_at):
        raise Refused(
            _("L’audition est prévue le %(day)s\u00a0: commencez-la ce jour-là, ou déplacez-la.")
            % {"day": french.long_day(hearing.starts_at)},
            code="too_early",
            link=links.move(hearing.application),
        )
    refuse_another_under_way(hearing, call)


def refuse_another_under_way(hearing, call):
    """One hearing at a time: those that are adjourned keep nobody from being heard."""
    under_way = Hearing.objects.filter(application__call=call, started_at__isnull=False, ended_at=None)
    under_way = under_way.filter(adjourned_at=None).exclude(pk=hearing.pk)
    # A team that withdrew while it was heard leaves a hearing that nobody can end.
    if under_way.filter(application__state=State.SHORTLISTED).exists():
        raise Refused(
            _("Une autre audition est en cours\u00a0: finissez-la ou ajournez-la d’abord."),
            code="another_under_way",
            link=links.sittings(call),
        )


def _recusals(hearing, by, at):
    """A line for each seat with an interest of which none is noted yet."""
    application = hearing.application
    with_interest = Interest.objects.current().filter(application=application).order_by().values("user")
    said = Presence.objects.filter(hearing=hearing, status=Presence.Status.RECUSED).order_by().values("juror")
    seats = Juror.objects.filter(call=application.call, user__in=with_interest).exclude(pk__in=said).order_by("seat")
    row = {"hearing": hearing, "status": Presence.Status.RECUSED, "at": at, "recorded_by": by, "recorded_at": at}
    return [Presence(juror=juror, **row) for juror in seats]


@action
def end_hearing(hearing, *, seen=None, by, at):
    """End a hearing that is under way and has its quorum; returns it."""
    hearing = locked(hearing, by)
    if hearing.started_at is None:
        raise Refused(
            _("L’audition n’a pas commencé\u00a0: rien n’est à finir."),
            code="not_started",
            link=links.hearing(hearing.application),
        )
    if hearing.ended_at is not None:
        return hearing
    refuse_unless_shown(seen, state_of(hearing))
    if hearing.adjourned_at is not None:
        raise Refused(
            _("Cette audition est ajournée\u00a0: reprenez-la, puis finissez-la."),
            code="adjourned",
            link=links.hearing(hearing.application),
        )
    if course_of(hearing).suspended is not None:
        raise Refused(
            _("Le quorum n’est pas atteint\u00a0: notez un retour, ou ajournez l’audition."),
            code="no_quorum",
            link=links.hearing(hearing.application),
        )
    hearing.ended_at = at
    hearing.save(update_fields=["ended_at"])
    step(hearing, Kind.ENDED, at, by, at)
    write(hearing, "hearing_ended", by, at)
    return hearing
