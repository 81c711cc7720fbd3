"""Ending a role, alone or with the invitation of whoever takes it over, in one act."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from applications.models import CaseOfficer
from applications.officers import refuse_unless_managing
from hdh_portal.desk import invitations
from hdh_portal.operations.models import Departure
from hdh_portal.operations.roles import kind_of
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Link, Refused
from hdh_portal.records.reasons import reason_of

LONGEST_REASON = 500


@action
def remove_person(role, reason, *, successor="", understood=False, by, at):
    """End a role (`CaseOfficer`, `Rapporteur`, seated `Juror`), by a manager or an operator, never by its holder.

    `successor`: address that is invited for the same body or seat in the same act, "" for nobody. `understood`: the
    warnings that the page shows were ticked. Returns the `Departure`.
    """
    kind, call, user = kind_of(role), role.call, role.user
    managers = _lock_managers(call)
    offers = list(invitations.unanswered(call.slug).select_for_update(of=("self",)).order_by("pk"))
    offered = kind.offered(role)
    _refuse(role, user, managers, by, understood)
    reason = reason_of(reason, longest=LONGEST_REASON)
    with journal.lines_last():
        kind.end(role, by=by, at=at)
        _withdraw_offers(offers, user, offered, by, at)
        departure = Departure.objects.create(
            call=call,
            user=user,
            role=offered.role,
            body=offered.body,
            seat=offered.seat,
            reason=reason,
            by=by,
            at=at,
            successor=_invite(call, successor, offered, user, by, at),
        )
    outbox.queue_message(
        "role_ended_mail",
        departure.pk,
        to=user.email,
        key=f"depart-{departure.pk}",
        about=outbox.About(call.chain_id),
    )
    return departure


def _lock_managers(call):
    """The offices of those who manage the call, locked: two who remove each other are judged one after the other."""
    rows = CaseOfficer.objects.in_office().select_for_update(of=("self",), no_key=True)
    return list(rows.select_related("user").filter(call=call, power=CaseOfficer.Power.MANAGER).order_by("pk"))


def _refuse(role, user, managers, by, understood):
    """Refuse to who may not, to the person themself, for the last manager, and while a warning is not understood."""
    if by is None:
        raise Refused(_("Indiquez qui retire ce rôle."), code="not_allowed")
    refuse_unless_managing(role.call, by)
    if by.pk == user.pk:
        raise Refused(
            _("Un autre gestionnaire de l’appel retire votre rôle\u00a0: demandez-le-lui, ou à l’exploitation."),
            code="own_role",
        )
    others = [one for one in managers if one.pk != role.pk and one.user.is_active]
    if isinstance(role, CaseOfficer) and role.is_manager and not others:
        raise Refused(
            _("C’est la dernière personne qui gère cet appel. Invitez-en une autre\u00a0; retirez celle-ci ensuite."),
            code="last_manager",
            link=Link("operations:invitation_new", (role.call.slug,), _("Inviter une autre personne")),
        )
    if kind_of(role).warnings(role) and not understood:
        sentence = _("Cochez que vous avez compris ce que l’appel ne pourra plus faire.")
        raise Refused(sentence, code="not_understood", fields={"understood": sentence})


def _withdraw_offers(offers, user, offered, by, at):
    """Take back the open offers of the same kind to the person: a role that was ended does not come back by a link."""
    addresses = {user.email.lower(), *(row.email.lower() for row in user.emailaddress_set.all())}
    alike = invitations.alike(offered.role)
    for offer in offers:
        if offer.role in alike and offer.email.lower() in addresses:
            invitations.take_back(offer, by=by, at=at)


def _invite(call, address, offered, user, by, at):
    """The invitation of whoever takes the role over, or None."""
    address = address.strip().lower()
    if not address:
        return None
    problem = _address_problem(address, user)
    if problem:
        raise Refused(problem, code="successor", fields={"successor": problem})
    return invitations.offer_role(
        call, email=address, role=offered.role, body=offered.body, seat=offered.seat, by=by, at=at
    )


def _address_problem(address, user):
    try:
        validate_email(address)
    except ValidationError:
        return _("Cette adresse n’est pas complète\u00a0: corrigez-la, par exemple prenom.nom@exemple.fr.")
    if address == user.email.lower():
        return _("C’est l’adresse de la personne qui part\u00a0: indiquez celle de qui prend la suite.")
    return ""
