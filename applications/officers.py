"""Who acts in a call: officers are appointed with the interests that their body gives them, and removed."""

from django.utils.translation import gettext as _

from applications.found_interests import write_found_interests
from applications.models import Application, CaseOfficer, Check
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@action
def appoint_officer(call, user, *, body, power, by, at):
    """Make a person officer, manager or secretary of a call for `body`; returns the `CaseOfficer`.

    Interests that the portal can find are written at once: same SIREN as the lead or a partner of any sealed version,
    and membership of a dossier. `by` is None when the installation itself appoints (the command that invites).
    """
    seat = call.bodies.filter(organisation=body).first()
    if seat is None:
        raise Refused(_("Cet organisme n’organise pas l’appel\u00a0: choisissez-en un de l’appel."), code="other_body")
    if power == CaseOfficer.Power.OFFICER and not seat.checks:
        raise Refused(
            _(
                "Cet organisme ne contrôle pas les dossiers\u00a0: "
                "choisissez un organisme qui contrôle, ou un autre rôle."
            ),
            code="body_does_not_check",
        )
    if CaseOfficer.objects.in_office().filter(call=call, user=user).exists():
        raise Refused(
            _("Cette personne tient déjà un rôle dans cet appel\u00a0: retirez-le d’abord."), code="already_in_office"
        )
    officer = CaseOfficer.objects.create(call=call, user=user, body=body, power=power, since=at)
    found = write_found_interests(user, body, call, at)
    journal.append(
        call.chain_id, "officer_appointed", by=by, at=at, officer=officer.pk, user=user.pk, power=power, interests=found
    )
    return officer


def refuse_unless_managing(call, by):
    """Refuse an act on the people of a call to who neither manages it nor operates the portal.

    None is the installation itself (the command that invites the first people).
    """
    if by is None or (by.is_superuser and by.is_active):
        return
    if not CaseOfficer.objects.in_office().filter(call=call, user=by, power=CaseOfficer.Power.MANAGER).exists():
        raise Refused(
            _("Seule une personne qui gère cet appel peut le faire. Adressez-vous à l’une d’elles."),
            code="not_allowed",
        )


def end_office(officer, *, by, at):
    """End an office, inside an act: its rights die with it, and checks that were begun go back to its body's others."""
    begun = Check.objects.filter(officer=officer, done_at=None)
    dossiers = Application.objects.select_for_update(of=("self",)).filter(pk__in=begun.values("application"))
    references = sorted(row.reference for row in dossiers.order_by("pk"))
    officer = CaseOfficer.objects.select_for_update(of=("self",)).select_related("call").get(pk=officer.pk)
    if officer.removed_at is not None:
        raise Refused(_("Ce rôle est déjà retiré\u00a0: il n’y a rien à faire."), code="not_in_office")
    begun.delete()
    officer.removed_at = at
    officer.save(update_fields=["removed_at"])
    journal.append(
        officer.chain_id,
        "officer_removed",
        by=by,
        at=at,
        officer=officer.pk,
        user=officer.user_id,
        given_back=references,
    )
    return officer


def officer_of(call, user):
    """The person's office in a call, or a refusal: rights die at once with the role."""
    officer = CaseOfficer.objects.in_office().select_related("body", "call").filter(call=call, user=user).first()
    if officer is None:
        raise Refused(
            _("Vous ne tenez plus de rôle dans cet appel. Adressez-vous à l’équipe de l’appel."), code="not_in_office"
        )
    officer.user = user
    return officer
