"""Who is not signed in is asked to; idle sessions end; whoever selects needs a second factor."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hdh_portal.accounts.kept import KEY, ask_to_sign_in, forget
from hdh_portal.ground import clock

IDLE = datetime.timedelta(hours=2).total_seconds()
STEP = datetime.timedelta(minutes=5).total_seconds()
SEEN = "seen_at"
DEMO_FACTOR = "demo_second_factor"


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless it says otherwise; what a form had sent is kept meanwhile."""

    def handle_no_permission(self, request, view_func):
        """The sign-in page; for a part of a page 401, so that a script says « non enregistré » and keeps the text."""
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        answer = ask_to_sign_in(request)
        if getattr(request, "ended_user_id", None) and KEY in request.session:
            said = _("Votre session est terminée. Connectez-vous : ce que vous venez de saisir est gardé.")
            messages.warning(request, said)
        return answer


class IdleMiddleware:
    """Ends a session after two idle hours; its stamp is written each five minutes at most."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self._watch(request)
            forget(request)
        return self.get_response(request)

    def _watch(self, request):
        now = clock.real().timestamp()
        idle = now - request.session.get(SEEN, now)
        if idle > IDLE:
            request.ended_user_id = request.user.pk
            request.session.flush()
            request.user = AnonymousUser()
        elif SEEN not in request.session or idle >= STEP:
            request.session[SEEN] = now


class SecondFactorMiddleware:
    """Sends whoever holds a selecting role to set up a second factor first, from every page but those of accounts."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        """The page that says why and how, or nothing."""
        if self._may_pass(request) or not self._lacks_factor(request.user):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return redirect("accounts:second_factor")

    def _lacks_factor(self, user):
        """True for whoever selects or administers without one; the sign-in's backend has asked (`with_duties`)."""
        return (user.is_superuser or user.has_role) and not user.has_factor

    def _may_pass(self, request):
        match = request.resolver_match
        if not request.user.is_authenticated or match.route.startswith("comptes/"):
            return True
        # In the demonstration its bar signs people in, and that counts as their second factor.
        return settings.HDH_DEMO and (match.namespace == "demo" or DEMO_FACTOR in request.session)
