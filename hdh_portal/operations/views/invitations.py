"""Inviting people into a call from its page: a new offer, the same one again, or taken back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.office import frame, managing
from hdh_portal.accounts.models import Invitation
from hdh_portal.desk import invitations
from hdh_portal.operations.forms import InvitationForm
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import with_refusal


@require_safe
def invitation_new(request, slug):
    """An address, and the role that is offered to it."""
    officer = managing(request, slug)
    return _page(request, officer, InvitationForm(officer.call, initial={"offer": request.GET.get("role")}))


def _page(request, officer, form, status=200):
    return render(request, "operations/invitation_new.html", frame(officer) | {"form": form}, status=status)


@require_POST
def invitation_send(request, slug):
    """Send the offer."""
    officer = managing(request, slug)
    form = InvitationForm(officer.call, request.POST)
    if not form.is_valid():
        return _page(request, officer, form, status=422)
    try:
        offer = invitations.invite(officer.call, by=request.user, at=request.arrived_at, **form.offered())
    except Refused as refusal:
        return _page(request, officer, with_refusal(form, refusal), status=409)
    messages.success(request, _("L’invitation est partie à %(email)s.") % {"email": offer.email})
    return _back(slug)


@require_POST
def invitation_send_again(request, slug, pk):
    """The same offer under a new link, for fourteen more days."""
    offer = invitations.send_again(_offer(request, slug, pk), by=request.user, at=request.arrived_at)
    messages.success(
        request, _("L’invitation est repartie à %(email)s\u00a0; l’ancien lien ne vaut plus.") % {"email": offer.email}
    )
    return _back(slug)


@require_POST
def invitation_withdraw(request, slug, pk):
    """Take the offer back."""
    offer = invitations.withdraw_invitation(_offer(request, slug, pk), by=request.user, at=request.arrived_at)
    messages.success(request, _("L’invitation de %(email)s est retirée, son lien le dit.") % {"email": offer.email})
    return _back(slug)


def _offer(request, slug, pk):
    """An invitation of a call that the person manages, or 404."""
    managing(request, slug)
    return get_object_or_404(Invitation, call_slug=slug, pk=pk)


def _back(slug):
    return redirect(f"{reverse('operations:person_list', args=[slug])}?vue=invitations")
