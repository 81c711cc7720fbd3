"""Lines of the log: ids only, one JSON object each in production, and nothing that a person typed.

Our own sentences are written whole: a test plants words in every field and looks for them. A library's are not ours to
trust: of its template only the numbers are filled in, and of a sentence that it made itself the place in its code is
said instead. Of an error the type and the frames are kept, never the message, in which a database repeats what it was
given.
"""

import contextvars
import datetime
import json
import logging
import traceback
from collections.abc import Mapping

from gunicorn.glogging import Logger

from hdh_portal.ground import environment

OURS = ("hdh_portal", "applications", "reviews", "jury")
# Their sentences without arguments are constants; what they are given to do is an id (`records.tasks`).
CONSTANT = ("celery", "kombu")
# What a record of ours may carry beside its sentence.
EXTRAS = ("stage", "dossier", "actor", "view", "status")
request_in_hand = contextvars.ContextVar("request_in_hand", default=None)


def of_request():
    """`{"reference", "view", "actor"}` of the request that this thread answers, empty outside one; asks nothing."""
    request = request_in_hand.get()
    if request is None:
        return {}
    match = getattr(request, "resolver_match", None)
    # The user is read only once a page has asked for it: a line of the log is no reason for a statement.
    user = getattr(request, "_cached_user", None)
    return {
        "reference": getattr(request, "reference", None),
        "view": match.view_name if match else None,
        "actor": getattr(user, "pk", None),
    }


def belongs(name, roots):
    """True if a logger is one of `roots` or stands under it."""
    return name.partition(".")[0] in roots


def sentence(record):
    """What a record may say."""
    if belongs(record.name, OURS):
        return _filled(str(record.msg), record.args)
    if record.args:
        return _filled(str(record.msg), _numbers(record.args))
    if belongs(record.name, CONSTANT) and record.name != "celery.redirected":
        return str(record.msg)
    return f"{record.module}:{record.lineno} {record.funcName}"


def _filled(template, arguments):
    try:
        return template % arguments if arguments else template
    except (TypeError, ValueError, KeyError):
        return template


def _numbers(arguments):
    """The arguments of a template, each that is no number hidden."""
    if isinstance(arguments, Mapping):
        return {name: _number(value) for name, value in arguments.items()}
    return tuple(_number(value) for value in arguments)


def _number(value):
    return value if isinstance(value, int | float) else "…"


def frames(error):
    """`["file:line function"]` of an exception's traceback, the outermost first."""
    return [
        f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]


def fields(record):
    """What a line says, by name; nothing that is None."""
    at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
    told = {
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "message": sentence(record),
        **of_request(),
        "task": getattr(record, "data", {}).get("name") if record.name.startswith("celery.") else None,
        "process": record.process,
    }
    told |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
    error = record.exc_info and record.exc_info[1]
    if error:
        told |= {"error": type(error).__name__, "frames": frames(error)}
    return {name: value for name, value in told.items() if value is not None}


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record):
        """The line."""
        return json.dumps(fields(record), ensure_ascii=False, default=str)


class Text(logging.Formatter):
    """The same for people: one line, then the frames of an error."""

    def format(self, record):
        """The lines."""
        told = fields(record)
        first = " ".join(str(told.pop(name)) for name in ("time", "level", "logger", "message"))
        below = [f"  {frame}" for frame in told.pop("frames", [])]
        return "\n".join([" ".join([first, *(f"{name}={value}" for name, value in told.items())]), *below])


class GunicornLogger(Logger):
    """Gunicorn's own lines as ours: by itself it writes the address and the path of what it could not read.

    The settings are not read here: the process that starts the others would hand them down as they were, past a reload
    and past what `wsgi.py` says of a web process.
    """

    def setup(self, cfg):
        """Write the lines as the log of the portal does."""
        super().setup(cfg)
        style = environment.log_style(environment.variable("HDH_PROFILE", "local"))
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(STYLES[style]())


STYLES = {"json": Json, "text": Text}
