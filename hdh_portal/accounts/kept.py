"""What a person had typed when their session ended: kept in the next session, sent again after the sign-in.

Only where a session stood is anything kept here, once for each: whoever has none gets the text back in the page itself
and leaves nothing on the server. Passwords and whatever is sent to the pages of accounts are never kept nor shown, nor
are files. What one person typed is not shown to another who signs in on the same machine.
"""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render
from django.urls import reverse

from hdh_portal.web.typed import given_back, typed

KEY = "kept_form"
LIMIT = 300_000  # characters: more than the longest dossier section, less than a nuisance


def store(request):
    """Keep the posted fields in the session of who is signed in, or was until now; True if something is kept."""
    user_id = request.user.pk or getattr(request, "ended_user_id", None)
    fields = typed(request)
    size = sum(len(value) for _name, value in fields)
    if user_id is None or request.resolver_match is None or not 0 < size <= LIMIT:
        return False
    request.session[KEY] = {
        "path": request.get_full_path(),
        "fields": fields,
        "files": bool(request.FILES),
        "user": user_id,
    }
    return True


def of(request):
    """What is kept for the person who is signed in, or None."""
    kept = request.session.get(KEY)
    return kept if kept and kept["user"] == request.user.pk else None


def forget(request):
    """Forget what is being sent again just now."""
    if request.method == "POST" and request.session.get(KEY, {}).get("path") == request.get_full_path():
        del request.session[KEY]


def ask_to_sign_in(request):
    """The way to the sign-in page and from there back to what was typed; or a page that gives the text back."""
    if store(request):
        return redirect_to_login(reverse("accounts:resume"), redirect_field_name=REDIRECT_FIELD_NAME)
    if given := given_back(request):
        return render(request, "accounts/sign_in_first.html", given, status=401)
    return redirect_to_login("", redirect_field_name=None)
