"""The page of a database that is away, or that has no answer in time: what is safe, when to come back, what was typed.

Source of the codes: postgresql.org/docs/15/errcodes-appendix.html, sqlite.org/rescode.html.
"""

import sqlite3

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import get_template

from hdh_portal.web.entrance import clean_posted
from hdh_portal.web.typed import given_back

# Somebody else's lock, an overlong question, two that waited for each other: a moment later all may be well.
BUSY_CODES = ("55P03", "57014", "40P01")
BUSY, AWAY = 5, 30  # seconds until it is worth another try


def delay(exception):
    """Seconds after which another try may succeed, or None for an error that is none of the database's absence."""
    if not isinstance(exception, OperationalError | InterfaceError):
        return None
    cause = exception.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # without what only details it
        return {sqlite3.SQLITE_BUSY: BUSY, sqlite3.SQLITE_LOCKED: BUSY, sqlite3.SQLITE_ERROR: None}.get(code, AWAY)
    return BUSY if getattr(cause, "pgcode", None) in BUSY_CODES else AWAY


def answer(request, seconds, named):
    """503 with Retry-After: the page and what was typed, ready to be sent again; for a script a part that says so.

    `named`: the reference and instant that error pages show.
    """
    part = bool(request.headers.get("HX-Request"))
    context = named | {"busy": seconds == BUSY} | ({} if part else _given_back(request))
    page = get_template("includes/_unavailable.html" if part else "503.html").render(context)
    return HttpResponse(page, status=503, headers={"Retry-After": str(seconds)})


def _given_back(request):
    """What was posted and its own token, where the body can be read: the form goes to the same address once more."""
    try:
        clean_posted(request)
    except (BadRequest, SuspiciousOperation, MultiPartParserError):
        return {}
    return given_back(request) | {"token": request.POST.get("csrfmiddlewaretoken", "")}
