"""The pages of an invitation: seen by whoever holds its link, accepted by the person invited."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.desk import invitations
from hdh_portal.desk.offers import OFFERS
from hdh_portal.ground import clock
from hdh_portal.web import once


@require_safe
@login_not_required
def invitation(request, token):
    """What is offered, and how to answer. It never tells whether the invited address has an account."""
    if invitations.is_withdrawn(token):
        return render(request, "desk/invitation_withdrawn.html", status=410)
    offer = _found(request, token)
    context = {
        "invitation": offer,
        "token": token,
        "call": invitations.call_of(offer),
        "role": OFFERS[offer.role].label,
        "is_expired": clock.now() >= offer.expires_at,
        "is_mine": invitations.is_for(offer, request.user),
    }
    return render(request, "desk/invitation.html", context)


@require_POST
@once.saves_first
def invitation_accept(request, token):
    """Take the role; an offer that was withdrawn meanwhile says so on its page."""
    if invitations.is_withdrawn(token):
        return redirect("desk:invitation", token)
    offer = _found(request, token)
    if offer.accepted_at is None:
        invitations.accept_invitation(offer, by=request.user, at=request.arrived_at)
        messages.success(request, _("Vous tenez maintenant ce rôle."))
    return redirect("desk:my_space")


@require_POST
@login_not_required
def invitation_decline(request, token):
    """Decline: the link alone is enough, nobody needs an account to say no."""
    if invitations.is_withdrawn(token):
        return redirect("desk:invitation", token)
    offer = get_object_or_404(invitations.by_token(token), accepted_at=None)
    by = request.user if request.user.is_authenticated else None
    invitations.decline_invitation(offer, by=by, at=request.arrived_at)
    messages.success(request, _("L’invitation est déclinée. Son lien ne sert plus."))
    return redirect("desk:home")


def _found(request, token):
    """The open invitation of a token, or the accepted one for who accepted it; the same 404 for all the rest."""
    found = invitations.by_token(token)
    mine = found.filter(accepted_by=request.user) if request.user.is_authenticated else found.none()
    return get_object_or_404(found.filter(accepted_at=None) | mine)
