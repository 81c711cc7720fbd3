"""What a person had typed when their session ended: kept in the next session, sent again after the sign-in.

Passwords and whatever is sent to the pages of accounts are never kept, nor are files. What one person typed is not
shown to another who signs in on the same machine.
"""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse

KEY = "kept_form"
LIMIT = 300_000  # characters: more than the longest dossier section, less than a nuisance


def keep(request):
    """Keep the posted fields in the session; True if there was something to keep."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    size = sum(len(value) for _, value in fields)
    match = request.resolver_match
    if not size or size > LIMIT or match is None or match.route.startswith("comptes/"):
        return False
    request.session[KEY] = {
        "path": request.get_full_path(),
        "fields": fields,
        "files": bool(request.FILES),
        "user": request.user.pk or getattr(request, "ended_user_id", None),
    }
    return True


def of(request):
    """What is kept for the person who is signed in, or None."""
    kept = request.session.get(KEY)
    return kept if kept and kept["user"] in (None, request.user.pk) else None


def forget(request):
    """Forget what is being sent again just now."""
    if request.method == "POST" and request.session.get(KEY, {}).get("path") == request.get_full_path():
        del request.session[KEY]


def ask_to_sign_in(request):
    """The way to the sign-in page, and from there back to what was typed."""
    following = reverse("accounts:resume") if keep(request) else ""
    return redirect_to_login(following, redirect_field_name=REDIRECT_FIELD_NAME if following else None)
