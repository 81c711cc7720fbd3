"""The demonstration's own pages: another stage, another role, the mails. There are none outside a demonstration."""

import functools

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.accounts.models import User
from hdh_portal.demo import hastening, roles, stages
from hdh_portal.demo import mailbox as mails

A_PAGE = 50


def demonstration_only(view):
    """404 unless this is a demonstration; second guard beside the addresses, which exist in none other."""

    @functools.wraps(view)
    def guarded(request, *args, **others):
        if not settings.HDH_DEMO or stages.current() is None:
            raise Http404
        return view(request, *args, **others)

    return guarded


@login_not_required
@require_POST
@demonstration_only
def stage(request):
    """Restore a stage; whoever was signed in is so again, for the session went with the old database."""
    wanted = stages.stage_named(request.POST.get("stage", ""))
    if wanted is None or not wanted.copy.exists():
        raise Http404
    key, email = roles.current_key(request), getattr(request.user, "email", "")
    stages.restore(wanted)
    hastening.hasten(wanted)
    role = roles.role_at(wanted, key) if key else _own_account(email)
    return _go(roles.become(request, role))


def _own_account(email):
    """Somebody who signed up themselves stays signed in if the stage knows them."""
    known = User.objects.filter(email=email).exists()
    return roles.Role("", "", email) if known else None


@login_not_required
@require_POST
@demonstration_only
def role(request):
    """Become somebody else, or nobody."""
    wanted = roles.role_at(stages.current(), request.POST.get("role", ""))
    if wanted is None:
        raise Http404
    return _go(roles.become(request, wanted))


def _go(user):
    """To what there is to do next, never to an address that a form names."""
    return redirect(reverse(settings.LOGIN_REDIRECT_URL if user else "desk:home"))


@login_not_required
@require_safe
@demonstration_only
def mailbox(request):
    """All mails, newest first, fifty a page."""
    page = Paginator(mails.names(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "demo/mailbox.html", {"page": page, "mails": [mails.read(name) for name in page]})


@login_not_required
@require_safe
@demonstration_only
def mail(request, name):
    """One mail, as plain text."""
    found = mails.read(name)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})
