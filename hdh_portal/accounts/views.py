"""Pages of accounts that allauth does not have."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.accounts import closing, kept
from hdh_portal.accounts.forms import ClosingForm
from hdh_portal.accounts.offices import needs_second_factor, obstacle_to_closing


@require_safe
def second_factor(request):
    """Why a second factor is needed, and the two ways to set one up."""
    context = {"needed": needs_second_factor(request.user), "present": request.user.has_second_factor()}
    return render(request, "accounts/second_factor.html", context)


@require_safe
def account_closing(request):
    """What closing an account does and what stays."""
    return _closing(request, ClosingForm(user=request.user))


@require_POST
@sensitive_post_parameters("password")
def account_close(request):
    """Close the account of the person, with their password."""
    form = ClosingForm(request.POST, user=request.user)
    if obstacle_to_closing(request.user) or not form.is_valid():
        return _closing(request, form, status=422)
    closing.close_account(request.user, by=request.user)
    logout(request)
    messages.success(request, _("Votre compte est fermé. Un message vous le confirme."))
    return HttpResponseRedirect("/")


def _closing(request, form, status=200):
    context = {
        "form": form,
        "obstacle": obstacle_to_closing(request.user),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "accounts/account_closing.html", context, status=status)


@require_safe
def resume(request):
    """What was typed when the session ended, ready to be sent again."""
    found = kept.of(request)
    if found is None:
        return redirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    texts = [value for _name, value in found["fields"] if value.strip()]
    return render(request, "accounts/resume.html", {"kept": found, "texts": texts})


def csrf_failure(request, reason=""):
    """The page of a form that is older than the sign-in; what came from our own page is kept and can be sent again."""
    own = f"{request.scheme}://{request.get_host()}"
    is_kept = request.headers.get("Origin") == own and kept.keep(request)
    context = {"reference": request.reference, "at": request.arrived_at, "kept": is_kept}
    return render(request, "csrf_failure.html", context, status=403)
