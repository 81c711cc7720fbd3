"""One-time keys: a form that creates something carries one, and two clicks on its button make one thing.

The page draws the key (`new_key`), the form sends it under `once`, and what is created keeps its digest, unique in the
database and bound to the person (`digest_of`): a second request finds what the first one made.

Every other form has such a key by nature: the CSRF token, which Django masks anew for each page that it renders
(docs.djangoproject.com, « How it works »). Who posts the very same twice from the same page clicked twice, or never had
the first answer: `OnceMiddleware` lets it be done once and leads both where the first one led.
"""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from hdh_portal.records import once
from hdh_portal.records.canonical import sha256

FIELD = "once"
LONGEST = 64


def new_key():
    """A key that no other page has."""
    return secrets.token_urlsafe(16)


def digest_of(data, user):
    """What the created row keeps of the key in a posted form; None where it has none, or none of ours."""
    key = data.get(FIELD, "")
    return sha256([user.pk, key]) if 16 <= len(key) <= LONGEST else None


def may_be_repeated(view):
    """Mark a view that itself answers the same sent twice: a save merges it, a deposit knows its digest."""
    view.may_be_repeated = True
    return view


def saves_first(view):
    """Mark a view whose first act may be repeated, and whose second one counts: what was typed is saved, then sent."""
    view.acts_before = 1
    return view


class OnceMiddleware:
    """Of two requests of one page that say the same, one is done, and both lead to the same page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.once_key = None
        with once.offering() as offer:
            response = self.get_response(request)
        return response if request.once_key is None else _settled(request, response, offer)

    def process_view(self, request, view, args, kwargs):
        """Answer what was done before; else the act of this request may claim its key."""
        key = None if getattr(view, "may_be_repeated", False) else _key(request)
        if key is not None and (done := once.found(key)) is not None:
            return _led(request, done)
        request.once_key = once.offer(key, getattr(view, "acts_before", 0))
        return None

    def process_exception(self, request, exception):
        """Another request was quicker: `__call__` says where it led."""
        return HttpResponse(status=409) if isinstance(exception, once.AlreadyDone) else None


def _key(request):
    """The key of a page's form, or None: a script's save merges, and a file is known by its bytes."""
    if request.method != "POST" or request.headers.get("HX-Request") or request.FILES:
        return None
    if "csrfmiddlewaretoken" not in request.POST or not request.user.is_authenticated:
        return None
    return sha256([request.user.pk, request.get_full_path(), [list(pair) for pair in request.POST.lists()]])


def _settled(request, response, offer):
    """Note where the act led; what failed because an equal request was quicker leads where that one led."""
    if offer.is_claimed:
        once.settle(request.once_key, response.headers.get("Location", ""))
        return response
    done = once.found(request.once_key) if response.status_code >= 400 else None
    return response if done is None else _led(request, done)


def _led(request, done):
    messages.success(request, _("Cette demande est arrivée deux fois\u00a0: elle n’a compté qu’une fois."))
    return redirect(done.location or resolve_url(settings.LOGIN_REDIRECT_URL))
