"""Invitations: an offer of a role in a call to one address, for fourteen days, accepted once, by a POST.

The token is derived from the row and the portal's key, and only its digest is kept: neither the database nor a task's
arguments hold what opens an invitation, yet the worker can write the link into the mail.
"""

import datetime
import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve, reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from applications.models import Call, CaseOfficer
from applications.officers import refuse_unless_managing
from hdh_portal.accounts.models import Invitation
from hdh_portal.desk.offers import OFFERS
from hdh_portal.ground import clock
from hdh_portal.records import journal, once, outbox
from hdh_portal.records.actions import action, recorded
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.addresses import clean_address

LASTS = datetime.timedelta(days=14)
SALT = "hdh_portal.desk.invitations"


@action
def invite(call, *, email, role, body, seat=None, by=None, at):
    """Offer a role of `call` (a key of `OFFERS`) for `body` to an address; returns the `Invitation`.

    `seat`: number of the seat of the jury, for a juror. An older open offer of the same role is withdrawn. `by`: a
    manager of the call or an operator; None is the installation itself.
    """
    return offer_role(call, email=email, role=role, body=body, seat=seat, by=by, at=at)


def offer_role(call, *, email, role, body, seat, by, at):
    """The same, inside the transaction of an act that does more."""
    refuse_unless_managing(call, by)
    email, offer = clean_address(email), OFFERS[role]
    offer.refuse(call, body, seat)
    if offer.held(call.slug).filter(user__email__iexact=email).exists():
        raise Refused(_("Cette personne tient déjà un rôle dans cet appel."), code="already_in_office")
    waiting(email, call.slug, alike(role)).update(withdrawn_at=at)
    invitation = Invitation(
        email=email,
        role=role,
        call_slug=call.slug,
        body=body,
        seat=seat,
        sent_at=at,
        expires_at=at + LASTS,
        token="",
    )
    invitation.token = _digest(token_of(invitation))
    invitation.save()
    outbox.queue_message(
        "invitation_mail",
        invitation.pk,
        to=email,
        key=f"invitation-{invitation.pk}",
        about=outbox.About(call.chain_id),
    )
    if role == CaseOfficer.Power.MANAGER and by is not None:
        _mail_managers(call, invitation, by)
    journal.append(call.chain_id, "invitation_sent", by=by, at=at, invitation=invitation.pk, role=role)
    return invitation


def _mail_managers(call, invitation, by):
    """Whoever signs with others learns who is to sign with them: nobody brings in a second signature unseen."""
    managers = CaseOfficer.objects.in_office().filter(call=call, power=CaseOfficer.Power.MANAGER).exclude(user=by)
    for officer in managers.select_related("user"):
        outbox.queue_message(
            "manager_invited_mail",
            invitation.pk,
            to=officer.user.email,
            key=f"invitation-{invitation.pk}-{officer.pk}",
            about=outbox.About(call.chain_id),
        )


@action
def send_again(invitation, *, by, at):
    """Offer the same role again, under a new link and for fourteen more days; the older link is withdrawn."""
    invitation = _unanswered(invitation)
    call, email = call_of(invitation), invitation.email
    return offer_role(call, email=email, role=invitation.role, body=invitation.body, seat=invitation.seat, by=by, at=at)


@action
def withdraw_invitation(invitation, *, by, at):
    """Take an offer back: its link says so, and nobody can accept it any more."""
    invitation = _unanswered(invitation)
    refuse_unless_managing(call_of(invitation), by)
    return take_back(invitation, by=by, at=at)


def take_back(invitation, *, by, at):
    """The same for an offer that is locked and open, inside the transaction of an act that does more."""
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    journal.append(call_of(invitation).chain_id, "invitation_withdrawn", by=by, at=at, invitation=invitation.pk)
    return invitation


def _unanswered(invitation):
    """The invitation, locked; one that has expired may still be sent again or withdrawn."""
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("body").get(pk=invitation.pk)
    _refuse_answered(invitation)
    return invitation


@recorded
def accept_invitation(invitation, *, by, at):
    """Make the role row, then mark the invitation; a second request, or one after a lost answer, ends the same way."""
    _refuse_unless_open(invitation, at)
    if not is_for(invitation, by):
        raise Refused(_("Cette invitation est pour une autre adresse que celle de votre compte."), code="other_address")
    call = call_of(invitation)
    if not _holds(invitation, by):
        try:
            OFFERS[invitation.role].grant(call, by, invitation, at)
        except (Refused, IntegrityError):
            if not _holds(invitation, by):
                raise
    _end(invitation, "invitation_accepted", by=by, at=at, accepted_at=at, accepted_by=by)
    return invitation


@recorded
def decline_invitation(invitation, *, by=None, at):
    """Withdraw the offer for whoever holds its link; nobody can accept it any more."""
    _refuse_unless_open(invitation, at)
    _end(invitation, "invitation_declined", by=by, at=at, withdrawn_at=at)
    return invitation


def waiting(email, call_slug, roles):
    """Offers of some roles to an address in a call that were neither accepted nor withdrawn."""
    return unanswered(call_slug).filter(email=email, role__in=roles)


def unanswered(call_slug):
    """Offers of a call that were neither accepted nor withdrawn, the expired ones too."""
    return Invitation.objects.filter(call_slug=call_slug, accepted_at=None, withdrawn_at=None)


def alike(role):
    """The roles that a person holds one of: all offices are alike."""
    return [key for key, offer in OFFERS.items() if isinstance(offer, type(OFFERS[role]))]


def by_token(token):
    """Invitations that this token opens: one or none; a withdrawn one is as good as none."""
    return _of_token(token).filter(withdrawn_at=None)


def ahead_at(path):
    """`{"email", "role", "call"}` of the open invitation whose page stands at a path, or None."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    if match.view_name != "desk:invitation":
        return None
    offer = by_token(match.kwargs["token"]).filter(accepted_at=None, expires_at__gt=clock.now()).first()
    return offer and {"email": offer.email, "role": OFFERS[offer.role].label, "call": call_of(offer).title}


def is_withdrawn(token):
    """True for the token of an offer that was withdrawn, replaced by a newer one, or declined."""
    return _of_token(token).filter(withdrawn_at__isnull=False).exists()


def _of_token(token):
    return Invitation.objects.filter(token=_digest(token)).select_related("body")


def call_of(invitation):
    """The call of an invitation."""
    return Call.objects.get(slug=invitation.call_slug)


def is_for(invitation, user):
    """True if the person has proved that the invited address is theirs."""
    if not user.is_authenticated:
        return False
    return user.emailaddress_set.filter(verified=True, email__iexact=invitation.email).exists()


def link_of(invitation):
    """The address that the mail carries."""
    return settings.HDH_BASE_URL + reverse("desk:invitation", args=[token_of(invitation)])


def token_of(invitation):
    """64 hexadecimal digits, the same for the same row as long as its key is in use or among the fallbacks."""
    parts = [invitation.email, invitation.role, invitation.call_slug, str(invitation.sent_at.timestamp())]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    tokens = [salted_hmac(SALT, "|".join(parts), key, algorithm="sha256").hexdigest() for key in keys]
    return next((token for token in tokens if _digest(token) == invitation.token), tokens[0])


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_answered(invitation):
    if invitation.withdrawn_at or invitation.accepted_at:
        raise Refused(_("Cette invitation a déjà reçu une réponse, ou a été retirée."), code="answered")


def _refuse_unless_open(invitation, at):
    _refuse_answered(invitation)
    if at >= invitation.expires_at:
        raise Refused(_("Cette invitation a expiré\u00a0: demandez-en une autre."), code="expired")


def _holds(invitation, user):
    return OFFERS[invitation.role].granted(invitation).filter(user=user).exists()


@transaction.atomic(durable=True)
def _end(invitation, verb, *, by, at, **changes):
    with once.claimed():
        still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
        if still_open.update(**changes):
            journal.append(call_of(invitation).chain_id, verb, by=by, at=at, invitation=invitation.pk)
