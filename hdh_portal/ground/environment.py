"""What the environment says, read once, refused with a sentence where it cannot be believed.

Sources: the table of variables in README and `.env.example`.
"""

import base64
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def variable(name, default=""):
    """Text of a variable, stripped; `default` where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def number(name, default):
    """A whole number of a variable."""
    value = variable(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is a whole number, not {value!r}.")
    return int(value)


def log_style(profile):
    """`json` or `text`: how the lines of the log are written."""
    value = variable("HDH_LOGS", "json" if profile == "production" else "text")
    if value not in ("json", "text"):
        raise ImproperlyConfigured("HDH_LOGS is 'json' or 'text'.")
    return value


_missing = []


def required(name, profile, default=""):
    """Text of a variable that `production` must give itself; `refuse_missing` names all that it does not."""
    value = variable(name)
    if not value and profile == "production":
        _missing.append(name)
    return value or default


def refuse_missing():
    """Refuse, in one sentence, every variable that was required and not given."""
    if _missing:
        names = ", ".join(dict.fromkeys(_missing))  # Django reads settings that were refused a second time.
        raise ImproperlyConfigured(f"{names} must be given when HDH_PROFILE=production.")


def folder(path):
    """Make a folder of the data folder, or refuse with a sentence."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"HDH_DATA_DIR cannot be used, {error.strerror}: {error.filename}.") from error


def kept_secret(path, size=48):
    """A secret made once and kept, readable by its owner only (profile `local`)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(size)).decode())
    return path.read_text().strip()


# Seconds. A page never waits longer than a person does: for a lock, for an answer, for its own next statement. Whoever
# works without anybody waiting (worker, commands, migrations) has minutes, and no limit to a single statement.
WEB = {"lock": 4, "statement": 20, "idle": 20}
BEHIND = {"lock": 60, "statement": 0, "idle": 600}
# A server that is gone is noticed in seconds, also by a connection over which nothing was asked for a while.
NETWORK = {
    "connect_timeout": "3",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}


def postgres_options(limits):
    """What libpq is told at each connection, `limits` in seconds; the session has them from its first statement."""
    names = {"lock": "lock_timeout", "statement": "statement_timeout", "idle": "idle_in_transaction_session_timeout"}
    told = " ".join(f"-c {names[name]}={seconds}s" for name, seconds in limits.items())
    return NETWORK | {"options": told}


def database(url, data_dir, *, limits=BEHIND):
    """Django's DATABASES entry for `sqlite:///PATH` or `postgres://user:password@host:port/name`.

    `limits`: `WEB` or `BEHIND`; an option of the url itself (`?connect_timeout=10`) goes before ours.
    SQLite: WAL, synchronous FULL and immediate transactions, so that a commit that was acknowledged is on disk
    and two writers wait instead of failing (sqlite.org/pragma.html#pragma_synchronous).
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # sqlite:///x is relative to the working folder, sqlite:////x is absolute.
        return {
            "ENGINE": "hdh_portal.ground.sqlite",
            "NAME": Path(unquote(parts.path[1:])),
            # A new connection reads the whole schema again: more than most pages ask of the database.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": limits["lock"],
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                f"PRAGMA foreign_keys=ON;PRAGMA busy_timeout={limits['lock'] * 1000}",
            },
            "TEST": {"NAME": data_dir / "test.sqlite3"},
        }
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": postgres_options(limits) | query,
        }
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")


def mail(url):
    """Django's e-mail settings for `smtp://` or `smtps://user:password@host:port`; none without a url."""
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp:// or smtps://.")
    query = dict(parse_qsl(parts.query))
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and query.get("tls") == "1",
        "EMAIL_TIMEOUT": 10,
        "MAILBOX_DIR": None,
    }
