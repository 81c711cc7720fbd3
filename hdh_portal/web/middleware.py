"""What every request passes: its instant and reference, the headers of a page, and the page of a refusal."""

import logging
import sys

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import get_template

from hdh_portal.ground import clock
from hdh_portal.records import attempts
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import entrance, intake, proxy, unavailable
from hdh_portal.web.typed import came_from, written

log = logging.getLogger(__name__)
NOT_ERRORS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "frame-src 'self'; img-src 'self'; style-src 'self'; script-src 'self'"
)


class ArrivalMiddleware:
    """Sets `request.arrived_at`, the instant that counts for a deposit, and `request.reference` for error pages.

    The body is read here, whole: no page acts on a part of what a client meant to send, and the instant is the one at
    which all of it was there. The proxy says it; where none is believed, our clock after the last byte does.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        entered = clock.real()
        request.reference = attempts.new_reference()
        request.arrived_at = entered + clock.offset()  # for the page of an error, until more is known
        proxy.forget_untrusted(request)
        stamped = proxy.believed_start(request, entered)
        entrance.refuse_too_heavy(request)
        try:
            _read_whole(request)
        except UnreadablePostError:
            log.info("a body was broken off %s", request.reference)
            return HttpResponse(status=400)
        except (LookupError, UnicodeError) as error:  # an encoding that is none
            request._mark_post_parse_error()
            raise BadRequest("The body could not be read.") from error
        request.arrived_at = (stamped or clock.real()) + clock.offset()
        return self.get_response(request)

    def process_exception(self, request, exception):
        """A 404 and its like leave a line in the log only."""
        if isinstance(exception, NOT_ERRORS):
            log.info("%s %s in %s", type(exception).__name__, request.reference, _view_name(request))


def _read_whole(request):
    """Read the body to its end: files to the disk, as Django does anyway, all else for what a form may weigh."""
    if request.META.get("CONTENT_LENGTH") in (None, "", "0"):
        return
    if request.content_type == "multipart/form-data":
        intake.NamesAsGiven.reads(request)
        request.POST  # noqa: B018 (reading it is what counts)
    else:
        request.body  # noqa: B018


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
        context |= {"written": written(request), "back": came_from(request)}
        return render(request, "refused.html", context, status=409)


def page_not_found(request, exception):
    """The same page for what does not exist and for what is not yours; what was written for it is given back."""
    is_known = getattr(request, "user", None) is not None and request.user.is_authenticated
    context = {"reference": request.reference, "at": request.arrived_at}
    context |= {"written": written(request) if is_known else []}
    return render(request, "404.html", context, status=404)


def bad_request(request, exception):
    """The page of a request that was cut off, too big or made by no form of ours: 400, or 413 for its weight."""
    log.info("%s %s in %s", type(exception).__name__, getattr(request, "reference", ""), _view_name(request))
    too_big = isinstance(exception, RequestDataTooBig)
    sentence = str(exception) if isinstance(exception, entrance.TooHeavy) else ""
    context = _named(request) | {"too_big": too_big, "sentence": sentence}
    return _bare("400.html", context, status=413 if too_big else 400)


def server_error(request):
    """The page of an error: it needs neither database nor context processors. The error is kept as evidence."""
    exception = sys.exc_info()[1]
    _keep(request, exception)
    delay = unavailable.delay(exception)
    if delay is not None:
        return unavailable.answer(request, delay, _named(request))
    return _bare("500.html", _named(request), status=500)


def _bare(template, context, status):
    """A page that may come from outside all other middleware, and so carries its policy itself."""
    page = get_template(template).render(context)
    return HttpResponse(page, status=status, headers={"Content-Security-Policy": POLICY})


def _named(request):
    """What an error page shows of its request, where the arrival was reached."""
    return {"reference": getattr(request, "reference", ""), "at": getattr(request, "arrived_at", None)}


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
