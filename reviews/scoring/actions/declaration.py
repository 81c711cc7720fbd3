"""Before a dossier opens: the rapporteur declares to have no interest in it, or one, or gives it back."""

from django.utils.translation import gettext as _

from applications.interests.actions import write_declared
from applications.locking import lock
from applications.permissions import has_interest
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from reviews.models import Assignment, ScoreSheet

DECLINED = (Assignment.End.EXPERTISE, Assignment.End.LOAD)


def own(assignment, by):
    """The assignment read again, its dossier locked first, while the person has it; refuses everyone else."""
    application = lock(assignment.application)
    mine = Assignment.objects.confirmed().select_related("rapporteur__call__evaluation")
    found = mine.filter(pk=assignment.pk, rapporteur__user=by, rapporteur__removed_at=None).first()
    if found is None:
        raise Refused(_("Ce dossier ne vous est plus confié. Revenez à votre liste."), code="not_assigned")
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
        raise Refused(_("Ce dossier vous est fermé. Revenez à votre liste."), code="has_interest")
    refuse_outside_window(assignment.application.call.evaluation, at)
    if assignment.application.state != State.ADMISSIBLE:
        raise Refused(_("Ce dossier ne s’évalue plus. Revenez à votre liste."), code="state_is_past")


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
def declare_interest(assignment, *, by, at):
    """Declare a link with the dossier: it closes to the person in every role, whatever was sent and whenever it is.

    What was written of a sheet stays as it is; a sheet that was sent counts no more.
    """
    assignment = own(assignment, by)
    if has_interest(by, assignment.application):
        raise Refused(_("Ce dossier vous est déjà fermé. Revenez à votre liste."), code="already_declared")
    write_declared(assignment.application, by, at)
    _end(assignment, Assignment.End.INTEREST, at)
    _journal(assignment, "interest_declared", by, at, void=_sent_sheets(assignment))
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
        raise Refused(_("Choisissez une des raisons proposées."), code="unknown_value")
    if window.is_over(at):
        refuse_outside_window(window, at)
    if ScoreSheet.objects.sent().filter(assignment=assignment).exists():
        raise Refused(
            _("Vous avez envoyé votre fiche\u00a0: ce dossier ne se rend plus, sauf à déclarer un lien."),
            code="already_sent",
        )
    _end(assignment, reason, at)
    _journal(assignment, "assignment_declined", by, at, reason=str(reason))
    return assignment


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
