"""Interests: declared once on the whole list, later on one dossier, lifted by another manager with a reason."""

from django.utils.translation import gettext as _

from applications import links
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
from hdh_portal.web.saving import refuse_unless_shown

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
            link=links.check_list(officer.call),
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


def write_declared(application, user, at, nature=""):
    """The row of a declared interest; one that was lifted and is declared again stands again."""
    values = {"declared_at": at, "nature": nature}
    interest, new = Interest.objects.get_or_create(
        user=user, application=application, kind=Interest.Kind.DECLARED, defaults=values
    )
    if not new and interest.lifted_at is not None:
        values |= {"lifted_at": None, "lifted_by": None, "lifted_reason": ""}
        for name, value in values.items():
            setattr(interest, name, value)
        interest.save(update_fields=list(values))
    return interest


def known_nature(nature):
    """The kind of a link as it was chosen, or a refusal beside its field."""
    if nature not in Interest.Nature.values:
        sentence = _("Choisissez ce qui vous lie à ce projet.")
        raise Refused(sentence, code="no_nature", fields={"nature": sentence})
    return nature


@action
def declare_interest(application, nature=Interest.Nature.OTHER, *, by, at):
    """Declare a link with one dossier: it closes to the person in every role, from now on.

    `nature`: an `Interest.Nature`. A check that was begun is given back to the body; a concluded one is kept, and a
    manager reconciles the dossier.
    """
    application = lock(application)
    officer = officer_of(application.call, by)
    if not Application.objects.visible_to(by).filter(pk=application.pk).exists():
        raise Refused(
            _("Ce dossier vous est déjà fermé. Revenez à votre liste."),
            code="already_declared",
            link=links.check_list(application.call),
        )
    interest = write_declared(application, by, at, known_nature(nature))
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
        nature=str(nature),
    )
    return interest


@action
def take_back_interest(interest, *, by, at):
    """Take back a link that one has declared by a slip, in time (`taken_back_until`); the journal keeps both.

    The dossier opens again, unless another link closes it. A check that was given back is to be taken anew.
    """
    application = lock(interest.application)
    erase_fresh(application, by, at)
    data = {"application": application.reference, "user": by.pk}
    journal.append(application.chain_id, "interest_taken_back", by=by, at=at, **data)
    return application


def erase_fresh(application, user, at):
    """Erase what the person has declared of late on a dossier, which is locked; a refusal once the time is over."""
    rows = Interest.objects.current().select_for_update(of=("self",))
    row = rows.filter(application=application, user=user, kind=Interest.Kind.DECLARED).first()
    if row is None:
        raise Refused(
            _("Aucun déport de votre part n’est à reprendre sur ce dossier. Relisez vos liens."),
            code="nothing_declared",
            link=links.declaration(application.call),
        )
    if at >= row.may_be_taken_back_until:
        raise Refused(
            _(
                "Ce déport ne se reprend plus depuis %(until)s\u00a0: "
                "un autre gestionnaire de l’appel peut le lever, avec une raison."
            )
            % {"until": french.midnight_or_hour(row.may_be_taken_back_until)},
            code="too_late",
        )
    row.delete()


def fields_of(interest):
    """What the page of a link shows of it: one that was lifted and declared again is another."""
    return {"declared_at": interest.declared_at.isoformat()}


@action
def lift_interest(interest, reason, *, seen=None, by, at):
    """Lift a person's interest in a dossier: another manager, without interest in it, with a reason."""
    application = lock(interest.application)
    interest = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    officer = officer_of(application.call, by)
    if not can_lift(officer, interest):
        raise Refused(
            _("Seule une autre personne, gestionnaire de l’appel et sans lien avec ce dossier, peut lever un lien."),
            code="not_allowed",
        )
    if interest.lifted_at is not None:
        raise Refused(_("Ce lien est déjà levé\u00a0: il n’y a rien à faire."), code="already_lifted")
    refuse_unless_shown(seen, fields_of(interest))
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
