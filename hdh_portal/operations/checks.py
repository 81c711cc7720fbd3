"""What the portal refuses to start with, or says before it is deployed."""

import base64
import zlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection

from hdh_portal import celeryconfig
from hdh_portal.records import append_only

KNOWN_SECRETS = ("change-me", "changeme", "change_me", "secret", "django-insecure")
SECRET_CHARACTERS = 50
# Fifty random signs do not shrink; a word that is repeated, or a row of the keyboard, does.
LEAST_COMPRESSED = 45


@register(Tags.security)
def settings_are_safe(app_configs, **kwargs):
    """No eager Celery; a key that can sign; in production a real secret, a real host."""
    faults = []
    if public_key_of(settings.HDH_SIGNING_KEY) is None:
        said = "HDH_SIGNING_KEY is not URL-safe base64 of exactly 32 bytes: make one as .env.example says."
        faults.append(Error(said, id="hdh.E005"))
    if getattr(celeryconfig, "task_always_eager", False):
        faults.append(Error("Celery must not run eagerly: a worker makes the documents.", id="hdh.E001"))
    if settings.PRODUCTION:
        if is_weak(settings.SECRET_KEY):
            said = "SECRET_KEY is known, shorter than 50 signs or guessable: make one as .env.example says."
            faults.append(Error(said, id="hdh.E002"))
        if settings.DEBUG or "*" in settings.ALLOWED_HOSTS:
            faults.append(Error("DEBUG or ALLOWED_HOSTS=* in production.", id="hdh.E003"))
        if not settings.SECURE_SITE:
            faults.append(Error("HDH_BASE_URL must begin with https:// in production.", id="hdh.E004"))
    return faults


def is_weak(secret):
    """True for a secret that is short, that begins like an example, or that repeats itself."""
    compressed = len(zlib.compress(secret.encode(), 9))
    return len(secret) < SECRET_CHARACTERS or secret.lower().startswith(KNOWN_SECRETS) or compressed < LEAST_COMPRESSED


def public_key_of(text):
    """The 32 bytes of the public half of a signing key, or None where `text` is no such key."""
    try:
        secret = base64.b64decode(text, altchars=b"-_", validate=True)
        return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    except ValueError:
        return None


@register(Tags.database)
def database_keeps_what_it_acknowledged(app_configs, databases, **kwargs):
    """Append-only triggers stand as they were made, and a commit waits for the disk."""
    if not databases:
        return []
    try:
        with connection.cursor() as cursor:
            if "records_journalentry" not in connection.introspection.table_names(cursor):
                return []
            cursor.execute("SHOW synchronous_commit" if connection.vendor == "postgresql" else "PRAGMA synchronous")
            level = str(cursor.fetchone()[0])
        faults = [Error(f"The trigger {name} is missing.", id="hdh.E010") for name in append_only.missing()]
        said = "The trigger %s is not the one that was migrated: find out who changed it, then restore it."
        faults += [Error(said % name, id="hdh.E013") for name in append_only.altered()]
    except DatabaseError as error:
        said = f"The database of DATABASE_URL does not answer ({type(error).__name__}): start it, or mend the address."
        return [Error(said, id="hdh.E012")]
    if level in ("off", "0", "1"):
        faults.append(Error("synchronous_commit is off: an acknowledged deposit could be lost.", id="hdh.E011"))
    return faults
