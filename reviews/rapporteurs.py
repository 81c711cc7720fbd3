"""Who scores in a call: rapporteurs are appointed with the interests that their body gives them, and removed."""

from django.utils.translation import gettext as _

from applications.found_interests import write_found_interests
from applications.models import Application
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from reviews.models import Assignment, Rapporteur, sheet_is_sent


@action
def appoint_rapporteur(call, user, *, body, capacity=None, by, at):
    """Make a person rapporteur of a call for a body that sends some; returns the `Rapporteur`."""
    if not call.rapporteur_bodies.filter(organisation=body).exists():
        raise Refused(
            _("%(body)s n’envoie pas de rapporteurs pour cet appel\u00a0: choisissez un des organismes de la liste.")
            % {"body": body},
            code="other_body",
        )
    if Rapporteur.objects.in_office().filter(call=call, user=user).exists():
        raise Refused(_("Cette personne est déjà rapporteur de cet appel."), code="already_in_office")
    rapporteur = Rapporteur.objects.create(call=call, user=user, body=body, capacity=capacity, since=at)
    found = write_found_interests(user, body, call, at)
    data = {"rapporteur": rapporteur.pk, "user": user.pk, "body": body.pk, "interests": found}
    journal.append(call.chain_id, "rapporteur_appointed", by=by, at=at, **data)
    return rapporteur


def end_rapporteurship(rapporteur, *, by, at):
    """End a role, inside an act: its rights die with it, and what it had not sent is free for somebody else.

    Sent sheets stay. One that was reopened and not sent again counts for nobody: its place is free too.
    """
    open_still = Assignment.objects.current().filter(~sheet_is_sent(), rapporteur=rapporteur)
    dossiers = Application.objects.select_for_update(of=("self",)).filter(pk__in=open_still.values("application"))
    references = sorted(row.reference for row in dossiers.order_by("pk"))
    rapporteur = Rapporteur.objects.select_for_update(of=("self",)).select_related("call").get(pk=rapporteur.pk)
    if rapporteur.removed_at is not None:
        raise Refused(_("Ce rôle est déjà retiré\u00a0: il n’y a rien à faire."), code="not_in_office")
    for assignment in open_still:
        assignment.ended_at, assignment.ended_reason = at, Assignment.End.REPLACED
        assignment.save(update_fields=["ended_at", "ended_reason"])
    rapporteur.removed_at = at
    rapporteur.save(update_fields=["removed_at"])
    data = {"rapporteur": rapporteur.pk, "user": rapporteur.user_id, "given_back": references}
    journal.append(rapporteur.chain_id, "rapporteur_removed", by=by, at=at, **data)
    return rapporteur
