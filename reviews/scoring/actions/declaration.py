"""Before a dossier opens: the rapporteur declares to have no interest in it, or one, or gives it back."""

from django.utils.translation import gettext as _

from applications.interests.actions import known_nature, write_declared
from applications.locking import lock
from applications.models import Interest
from applications.permissions import has_interest
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from reviews import links
from reviews.assigning.reading import is_frozen
from reviews.models import Assignment, ScoreSheet

DECLINED = (Assignment.End.EXPERTISE, Assignment.End.LOAD)
# Ends that the person brings about, and may take back on the same day.
OWN_ENDS = (Assignment.End.INTEREST, *DECLINED)


def own(assignment, by):
    """The assignment read again, its dossier locked first, while the person has it; refuses everyone else."""
    application = lock(assignment.application)
    mine = Assignment.objects.confirmed().select_related("rapporteur__call__evaluation")
    found = mine.filter(pk=assignment.pk, rapporteur__user=by, rapporteur__removed_at=None).first()
    if found is None:
        raise Refused(
            _("Ce dossier ne vous est plus confié. Revenez à votre liste."),
            code="not_assigned",
            link=links.worklist(application.call),
        )
    application.call = found.rapporteur.call  # The same row: its window is read once.
    found.application = application
    return found


def refuse_outside_window(window, at):
    """Refuse before the evaluation begins and from its last instant on."""
    if window.is_over(at):
        raise Refused(
            _("L’évaluation est terminée depuis %(late)s. Adressez-vous à l’équipe de l’appel.")
            % {"late": french.left(at, window.closes_at)},
            code="window_over",
        )
    if not window.is_open(at):
        raise Refused(
            _("L’évaluation commence le %(day)s. Revenez alors.") % {"day": french.instant(window.opens_at)},
            code="window_not_open",
        )


def refuse_unless_evaluated(assignment, by, at):
    """Refuse where a link closes the dossier, where it is not evaluated any more, and outside the window."""
    if has_interest(by, assignment.application):
        raise Refused(
            _("Ce dossier vous est fermé. Revenez à votre liste."),
            code="has_interest",
            link=links.worklist(assignment.application.call),
        )
    refuse_outside_window(assignment.application.call.evaluation, at)
    if assignment.application.state != State.ADMISSIBLE:
        raise Refused(
            _("Ce dossier ne s’évalue plus. Revenez à votre liste."),
            code="state_is_past",
            link=links.worklist(assignment.application.call),
        )


@action
def declare_no_interest(assignment, *, by, at):
    """Declare to have no interest in the dossier, which opens; declared twice, it is declared once."""
    assignment = own(assignment, by)
    if assignment.declared_at is not None and not has_interest(by, assignment.application):
        return assignment
    refuse_unless_evaluated(assignment, by, at)
    assignment.declared_at = at
    assignment.save(update_fields=["declared_at"])
    _journal(assignment, "no_interest_declared", by, at)
    return assignment


@action
def declare_interest(assignment, nature=Interest.Nature.OTHER, *, by, at):
    """Declare a link with the dossier: it closes to the person in every role, whatever was sent and whenever it is.

    `nature`: an `Interest.Nature`. What was written of a sheet stays as it is; a sheet that was sent counts no more.
    """
    assignment = own(assignment, by)
    if has_interest(by, assignment.application):
        raise Refused(
            _("Ce dossier vous est déjà fermé. Revenez à votre liste."),
            code="already_declared",
            link=links.worklist(assignment.application.call),
        )
    write_declared(assignment.application, by, at, known_nature(nature))
    _end(assignment, Assignment.End.INTEREST, at)
    _journal(assignment, "interest_declared", by, at, void=_sent_sheets(assignment), nature=str(nature))
    return assignment


@action
def decline(assignment, reason, *, by, at):
    """Give a dossier back because its field is too far (EXPERTISE) or there is too much to do (LOAD).

    Refused while the sheet is sent: what was judged is judged, but for a link that is declared. One that was reopened
    is not sent, and may be given back.
    """
    assignment = own(assignment, by)
    window = assignment.application.call.evaluation
    if reason not in DECLINED:
        sentence = _("Choisissez pourquoi vous rendez ce dossier.")
        raise Refused(sentence, code="unknown_value", fields={"reason": sentence})
    if window.is_over(at):
        refuse_outside_window(window, at)
    if ScoreSheet.objects.sent().filter(assignment=assignment).exists():
        raise Refused(
            _("Vous avez envoyé votre fiche\u00a0: ce dossier ne se rend plus, sauf à déclarer un lien."),
            code="already_sent",
            link=links.recusal(assignment.application),
        )
    _end(assignment, reason, at)
    _journal(assignment, "assignment_declined", by, at, reason=str(reason))
    return assignment


@action
def take_back(assignment, *, by, at):
    """Take back in time (`taken_back_until`) a recusal or a return made by a slip: the dossier is theirs as it was.

    Refused once somebody else has the place, and once the shortlist is frozen. The journal keeps both acts.
    """
    application = lock(assignment.application)
    ended = Assignment.objects.filter(rapporteur__user=by, rapporteur__removed_at=None, ended_reason__in=OWN_ENDS)
    assignment = ended.select_related("rapporteur").filter(pk=assignment.pk).first()
    if assignment is None:
        raise Refused(
            _("Ce dossier n’est pas à reprendre. Revenez à votre liste."),
            code="not_assigned",
            link=links.worklist(application.call),
        )
    assignment.application = application
    if at >= assignment.may_be_taken_back_until:
        raise Refused(
            _(
                "Ce choix ne se reprend plus depuis %(until)s\u00a0: "
                "adressez-vous à l’équipe de l’appel pour reprendre ce dossier."
            )
            % {"until": french.midnight_or_hour(assignment.may_be_taken_back_until)},
            code="too_late",
            link=links.worklist(application.call),
        )
    if is_frozen(application.call):
        raise Refused(
            _("La présélection est figée\u00a0: ce dossier ne se reprend plus."),
            code="frozen",
            link=links.worklist(application.call),
        )
    _refuse_taken(assignment)
    if assignment.ended_reason == Assignment.End.INTEREST:
        _erase_declared(assignment, by)
    reason, assignment.ended_at, assignment.ended_reason = assignment.ended_reason, None, ""
    assignment.save(update_fields=["ended_at", "ended_reason"])
    _journal(assignment, "assignment_taken_back", by, at, reason=str(reason))
    return assignment


def _refuse_taken(assignment):
    """Refuse where the place is somebody else's: the dossier has all its rapporteurs, or one of the same body."""
    others = Assignment.objects.current().without_interest().filter(application=assignment.application_id)
    wanted = assignment.application.call.evaluation.sheets_per_dossier
    if others.count() >= wanted or others.filter(body=assignment.body_id).exists():
        raise Refused(
            _(
                "Ce dossier est déjà confié à une autre personne\u00a0: il ne se reprend plus. "
                "Si c’est une erreur, adressez-vous à l’équipe de l’appel."
            ),
            code="place_is_taken",
            link=links.worklist(assignment.application.call),
        )


def _erase_declared(assignment, user):
    """Erase the link that ended the assignment; one that was found meanwhile, or declared elsewhere, stands."""
    rows = Interest.objects.current().select_for_update(of=("self",)).filter(user=user, kind=Interest.Kind.DECLARED)
    row = rows.filter(application=assignment.application, declared_at=assignment.ended_at).first()
    if row is None:
        raise Refused(
            _("Ce lien n’a pas été déclaré avec ce déport\u00a0: seul un gestionnaire de l’appel peut le lever."),
            code="nothing_declared",
            link=links.worklist(assignment.application.call),
        )
    row.delete()


def _sent_sheets(assignment):
    """Ids of the versions that were sent, in their order."""
    sent = ScoreSheet.objects.filter(assignment=assignment, sent_at__isnull=False)
    return list(sent.order_by("version").values_list("pk", flat=True))


def _end(assignment, reason, at):
    assignment.ended_at, assignment.ended_reason = at, reason
    assignment.save(update_fields=["ended_at", "ended_reason"])


def _journal(assignment, verb, by, at, **data):
    data |= {"application": assignment.application.reference, "assignment": assignment.pk}
    journal.append(assignment.chain_id, verb, by=by, at=at, rapporteur=assignment.rapporteur_id, **data)
