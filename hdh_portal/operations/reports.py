"""Reports of errors to a Sentry-compatible server (`HDH_ERROR_REPORTS`), which carry no person's data.

A handler of the log: whatever is logged as an error with its exception is reported, a failed page and a failed task
alike. The event is made here from nothing and cut down to `KEPT` before it leaves, whatever the library adds to it. A
thread of the library sends it: a server that is slow or away costs the page nothing, and what its queue of a hundred
does not hold is dropped.
"""

import contextlib
import functools
import logging
import traceback

import sentry_sdk

from hdh_portal.operations import logs

KEPT = {"event_id", "timestamp", "platform", "level", "logger", "transaction", "message", "exception", "tags"}
# Not the library that reports: what it says of itself would be reported for ever.
REPORTED = (*logs.OURS, "celery")


class Reports(logging.Handler):
    """Sends errors, and lines that ask for it (`extra={"report": True}`)."""

    def __init__(self, dsn):
        super().__init__(logging.WARNING)
        self.dsn = dsn

    def emit(self, record):
        """Hand the event to the thread that sends; a report that fails never breaks what it reports of."""
        is_error = record.levelno >= logging.ERROR and record.exc_info
        if logs.belongs(record.name, REPORTED) and (is_error or getattr(record, "report", False)):
            with contextlib.suppress(Exception):
                _client(self.dsn).capture_event(event(record))


def event(record):
    """What a server is told of a record: type and frames of the error, reference, view or task."""
    told = logs.fields(record)
    tags = {name: str(told[name]) for name in ("reference", "view", "task") if name in told}
    made = {"level": record.levelname.lower(), "logger": record.name, "tags": tags}
    made["transaction"] = told.get("view") or told.get("task") or record.name
    error = record.exc_info and record.exc_info[1]
    if error is None or not error:
        return made | {"message": str(record.msg) if logs.belongs(record.name, logs.OURS) else record.name}
    found = [
        {"filename": frame.f_code.co_filename, "function": frame.f_code.co_name, "lineno": line}
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    values = [{"type": type(error).__name__, "value": "", "stacktrace": {"frames": found}}]
    return made | {"exception": {"values": values}}


def only_kept(made, _hint):
    """The event without what the library added."""
    return {name: value for name, value in made.items() if name in KEPT}


@functools.cache
def _client(dsn):
    return sentry_sdk.Client(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        send_client_reports=False,
        auto_session_tracking=False,
        server_name="portal",
        release="",
        environment="",
        before_send=only_kept,
    )
