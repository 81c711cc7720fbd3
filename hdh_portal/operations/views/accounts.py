"""Accounts, for those who operate the portal: found by their address, blocked, unblocked; a second factor reset."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.accounts import blocking
from hdh_portal.accounts.models import AccountBlock, User
from hdh_portal.ground import clock
from hdh_portal.operations.actions.second_factor import ask_reset, confirm_reset, may_reset, refuse_reset, waiting_reset
from hdh_portal.operations.forms import IdentityForm, ReasonForm
from hdh_portal.operations.roles import roles_of
from hdh_portal.operations.views.second_factor import say_asked, say_confirmed, say_refused
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import with_refusal

PAGE = 25


def _operating(request):
    """404 to whoever does not operate the portal."""
    if not request.user.is_superuser:
        raise Http404


def _account(request, pk):
    _operating(request)
    return get_object_or_404(User, pk=pk)


@require_safe
def account_list(request):
    """The account of one address, and the accounts that are blocked now."""
    _operating(request)
    address = request.GET.get("adresse", "").strip().replace("\x00", "")
    blocks = AccountBlock.objects.filter(lifted_at=None).select_related("user", "by")
    context = {
        "address": address,
        "found": User.objects.filter(email__iexact=address).first() if address else None,
        "page": Paginator(blocks, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "operations/account_list.html", context)


@require_safe
def account_detail(request, pk):
    """One account: what it is, its roles, and what may be done with it."""
    return _page(request, _account(request, pk))


def _page(request, user, *, form=None, identity=None, status=200):
    now = clock.now()
    blocks = user.blocks.select_related("by", "lifted_by")
    context = {
        "person": user,
        "roles": [{"call": role.call, "label": kind.offered(role).label} for kind, role in roles_of(user)],
        "blocks": blocks,
        "is_blocked": any(block.lifted_at is None for block in blocks),
        "is_you": user.pk == request.user.pk,
        "has_factor": user.has_second_factor(),
        "form": form or ReasonForm(),
        "reset": waiting_reset(user, now),
        "may_reset": may_reset(request.user, user),
        "identity_form": identity or IdentityForm(auto_id="identity_%s"),
    }
    return render(request, "operations/account_detail.html", context, status=status)


@require_POST
def account_block(request, pk):
    """Block the account: its sessions end."""
    said = _("Le compte est bloqué\u00a0: ses connexions sont fermées, un courriel le dit à la personne.")
    return _judge(request, _account(request, pk), blocking.block_account, said)


@require_POST
def account_unblock(request, pk):
    """Lift the block."""
    said = _("Le blocage est levé\u00a0: la personne peut se connecter de nouveau, un courriel le lui dit.")
    return _judge(request, _account(request, pk), blocking.unblock_account, said)


def _judge(request, user, act, said):
    form = ReasonForm(request.POST)
    try:
        act(user, form.typed("reason"), by=request.user, at=request.arrived_at)
    except Refused as refusal:
        return _page(request, user, form=with_refusal(form, refusal), status=422 if refusal.fields else 409)
    messages.success(request, said)
    return redirect("operations:account_detail", user.pk)


@require_POST
def account_factor_ask(request, pk):
    """Ask for a reset of the second factor; another person confirms."""
    user = _account(request, pk)
    form = IdentityForm(request.POST, auto_id="identity_%s")
    try:
        ask_reset(user, form.typed("identity"), by=request.user, at=request.arrived_at)
    except Refused as refusal:
        return _page(request, user, identity=with_refusal(form, refusal), status=422 if refusal.fields else 409)
    say_asked(request)
    return redirect("operations:account_detail", pk)


@require_POST
def account_factor_confirm(request, pk):
    """Confirm what another person asked."""
    user = _account(request, pk)
    confirm_reset(user, request.POST.get("request"), by=request.user, at=request.arrived_at)
    say_confirmed(request, user)
    return redirect("operations:account_detail", pk)


@require_POST
def account_factor_refuse(request, pk):
    """Refuse what another person asked."""
    user = _account(request, pk)
    refuse_reset(user, request.POST.get("request"), by=request.user, at=request.arrived_at)
    say_refused(request)
    return redirect("operations:account_detail", pk)
