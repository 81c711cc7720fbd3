"""What every request passes: its instant and reference, the headers of a page, and the page of a refusal."""

import datetime
import ipaddress
import logging
import re
import sys

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from hdh_portal import clock
from hdh_portal.records import attempts
from hdh_portal.records.exceptions import Refused

log = logging.getLogger(__name__)
START = re.compile(r"t=(\d{10}\.\d{3})")
OLDEST = datetime.timedelta(minutes=10)
NOT_ERRORS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "frame-src 'self'; img-src 'self'; style-src 'self'; script-src 'self'"
)


class ArrivalMiddleware:
    """Sets `request.arrived_at`, the instant that counts for a deposit, and `request.reference` for error pages."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.trusted = [ipaddress.ip_network(part) for part in settings.HDH_TRUSTED_PROXY if part != "unix"]

    def __call__(self, request):
        entered = clock.real()
        request.arrived_at = (self._told(request, entered) or entered) + clock.offset()
        request.reference = attempts.new_reference()
        return self.get_response(request)

    def process_exception(self, request, exception):
        """A 404 and its like leave a line in the log only."""
        if isinstance(exception, NOT_ERRORS):
            log.info("%s %s in %s", type(exception).__name__, request.reference, _view_name(request))

    def _told(self, request, entered):
        """The instant at which a trusted proxy says that the request began, or None."""
        header = request.headers.get("X-Request-Start")
        if header is None:
            return None
        found = START.fullmatch(header)
        told = found and datetime.datetime.fromtimestamp(float(found[1]), datetime.UTC)
        if told and self._is_trusted(request.META.get("REMOTE_ADDR", "")) and entered - OLDEST <= told <= entered:
            return told
        log.warning("X-Request-Start not believed, from %s", request.META.get("REMOTE_ADDR"))
        return None

    def _is_trusted(self, address):
        # gunicorn behind a Unix socket gives no address: only the proxy reaches that socket.
        if not address:
            return "unix" in settings.HDH_TRUSTED_PROXY
        return any(ipaddress.ip_address(address) in network for network in self.trusted)


def _view_name(request):
    """Name of the view that was asked for, if it was found before something went wrong."""
    return request.resolver_match.view_name if request.resolver_match else "?"


class PolicyMiddleware:
    """Content-Security-Policy on every page; no copy of a private page anywhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        user = getattr(request, "user", None)
        # Of an error nobody asks whose page it is: the answer may be what the error kept from being read.
        if response.status_code >= 500 or (user is not None and user.is_authenticated):
            response.headers["Cache-Control"] = "no-store, private"
        return response


class RefusedMiddleware:
    """An uncaught `Refused` becomes a page that says why and what to do, status 409; so does an empty 405."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request, exception):
        """The page of a refusal."""
        if not isinstance(exception, Refused):
            return None
        reference = exception.reference or request.reference
        context = {"refusal": exception, "reference": reference, "at": request.arrived_at}
        return render(request, "refused.html", context, status=409)


def page_not_found(request, exception):
    """The same page for what does not exist and for what is not yours."""
    return render(request, "404.html", {"reference": request.reference, "at": request.arrived_at}, status=404)


def server_error(request):
    """The page of an error: it needs neither database nor context processors. The error is kept as evidence."""
    _keep(request, sys.exc_info()[1])
    context = {"reference": getattr(request, "reference", ""), "at": getattr(request, "arrived_at", None)}
    return HttpResponse(get_template("500.html").render(context), status=500)


def _keep(request, exception):
    """Keep an error, wherever on the way of a request it came, under the reference that its page shows."""
    name = _view_name(request)
    # The log writes the exception's type and frames, and reports them where that is asked for (`operations.logs`).
    log.error("error %s in %s: %s", request.reference, name, type(exception).__name__, exc_info=exception)
    attempts.record(
        verb=name,
        code=type(exception).__name__,
        by=_actor_id(request),
        at=request.arrived_at,
        reference=request.reference,
    )


def _actor_id(request):
    try:
        return request.user.pk
    except Exception:  # What broke the request may break this too, and its page must come all the same.
        return None
