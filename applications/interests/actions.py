"""Interests: declared once on the whole list, later on one dossier, lifted by another manager with a reason."""

from django.utils.translation import gettext as _

from applications.interests import reading
from applications.interests.reading import shown_to
from applications.locking import lock
from applications.models import Application, Check, Interest, InterestDeclaration
from applications.officers import officer_of
from applications.permissions import can_lift
from hdh_portal.ground import french
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.reasons import reason_of

LONGEST_REASON = 300


@action
def declare_interests(officer, application_ids, list_digest, *, by, at):
    """Declare, once for the call, the dossiers of the list with which the person has a link; opens the others.

    `application_ids`: ids of dossiers of the list, none is an answer too. `list_digest`: that of the list that was
    shown (`interests.list_digest`): a list that changed since is shown again.
    """
    officer = officer_of(officer.call, by)
    if not officer.call.is_readable(at):
        raise Refused(
            _("La liste des dossiers est donnée deux minutes après la clôture, le %(day)s. Revenez alors.")
            % {"day": french.instant(officer.call.reading_opens_at)},
            code="before_closing",
        )
    if InterestDeclaration.objects.filter(officer=officer).exists():
        raise Refused(
            _(
                "Vous avez déjà déclaré vos liens. "
                "Pour un dossier de plus, ouvrez-le et choisissez «\u202fme déporter\u202f»."
            ),
            code="already_declared",
        )
    rows = list(Application.objects.select_for_update(of=("self",)).filter(pk__in=application_ids).order_by("pk"))
    shown = shown_to(officer)
    if list_digest != reading.list_digest(shown) or {row.pk for row in rows} - {one.application_id for one in shown}:
        raise Refused(
            _("La liste a changé depuis cette page\u00a0: relisez-la, puis déclarez vos liens."), code="list_changed"
        )
    for row in rows:
        write_declared(row, by, at)
    declaration = InterestDeclaration.objects.create(officer=officer, list_digest=list_digest, at=at)
    references = sorted(row.reference for row in rows)
    journal.append(
        officer.chain_id, "interests_declared", by=by, at=at, officer=officer.pk, list=list_digest, interests=references
    )
    return declaration


def write_declared(application, user, at):
    """The row of a declared interest; one that was lifted and is declared again stands again."""
    interest, new = Interest.objects.get_or_create(
        user=user, application=application, kind=Interest.Kind.DECLARED, defaults={"declared_at": at}
    )
    if not new and interest.lifted_at is not None:
        interest.declared_at, interest.lifted_at, interest.lifted_by, interest.lifted_reason = at, None, None, ""
        interest.save(update_fields=["declared_at", "lifted_at", "lifted_by", "lifted_reason"])
    return interest


@action
def declare_interest(application, *, by, at):
    """Declare a link with one dossier: it closes to the person in every role, from now on.

    A check that was begun is given back to the body; a concluded one is kept, and a manager reconciles the dossier.
    """
    application = lock(application)
    officer = officer_of(application.call, by)
    if not Application.objects.visible_to(by).filter(pk=application.pk).exists():
        raise Refused(_("Ce dossier vous est déjà fermé. Revenez à votre liste."), code="already_declared")
    interest = write_declared(application, by, at)
    begun = Check.objects.filter(application=application, officer__user=by, done_at=None)
    given_back = [check.pk for check in begun]
    begun.delete()
    journal.append(
        application.chain_id,
        "interest_declared",
        by=by,
        at=at,
        application=application.reference,
        officer=officer.pk,
        given_back=given_back,
    )
    return interest


@action
def lift_interest(interest, reason, *, by, at):
    """Lift a person's interest in a dossier: another manager, without interest in it, with a reason."""
    application = lock(interest.application)
    interest = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    officer = officer_of(application.call, by)
    if not can_lift(officer, interest):
        raise Refused(
            _("Seule une autre personne, qui gère l’appel et n’a pas de lien avec ce dossier, peut lever un lien."),
            code="not_allowed",
        )
    if interest.lifted_at is not None:
        raise Refused(_("Ce lien est déjà levé\u00a0: rien n’est à faire."), code="already_lifted")
    reason = reason_of(reason, longest=LONGEST_REASON)
    interest.lifted_at, interest.lifted_by, interest.lifted_reason = at, by, reason
    interest.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    journal.append(
        application.chain_id,
        "interest_lifted",
        by=by,
        at=at,
        application=application.reference,
        interest=interest.pk,
        user=interest.user_id,
    )
    return interest
