"""Pages of accounts that allauth does not have."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.accounts import closing
from hdh_portal.accounts.forms import ClosingForm, NameForm
from hdh_portal.accounts.kept import of, store
from hdh_portal.accounts.naming import change_name
from hdh_portal.accounts.offices import needs_second_factor, obstacle_to_closing
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import with_refusal
from hdh_portal.web.typed import given_back, texts


@require_safe
def second_factor(request):
    """Why a second factor is needed, and the two ways to set one up."""
    context = {"needed": needs_second_factor(request.user), "present": request.user.has_second_factor()}
    return render(request, "accounts/second_factor.html", context)


@require_safe
def name_edit(request):
    """One's own name, as it stands on pages, letters and minutes to come."""
    return _naming(request, NameForm(initial={"name": request.user.name, "seen": request.user.name}))


@require_POST
def name_save(request):
    """Bear another name from now on."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return _naming(request, form, status=422)
    typed = form.cleaned_data
    try:
        change_name(request.user, typed["name"], seen=typed["seen"], by=request.user, at=request.arrived_at)
    except Refused as refusal:
        request.user.refresh_from_db(fields=["name"])
        again = NameForm(typed | {"seen": request.user.name})
        return _naming(request, with_refusal(again, refusal), status=409)
    messages.success(request, _("Votre nom est enregistré."))
    return redirect("accounts:name_edit")


def _naming(request, form, status=200):
    return render(request, "accounts/name_edit.html", {"form": form}, status=status)


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
    found = of(request)
    if found is None:
        return redirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    given = found | {"texts": texts(found["fields"])}
    return render(request, "accounts/resume.html", {"given": given})


def csrf_failure(request, reason=""):
    """The page of a form that is older than the sign-in; what came from our own page can be sent again."""
    is_own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    is_kept = is_own and store(request)
    given = given_back(request) if is_own and not is_kept else {}
    context = {"reference": request.reference, "at": request.arrived_at, "kept": is_kept} | given
    return render(request, "csrf_failure.html", context, status=403)
