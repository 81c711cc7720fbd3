"""What the portal refuses to start with, or says before it is deployed."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection

from hdh_portal import celeryconfig
from hdh_portal.records import append_only

KNOWN_SECRETS = ("change-me", "changeme", "secret", "django-insecure", "django-insecure-")


@register(Tags.security)
def settings_are_safe(app_configs, **kwargs):
    """No eager Celery; in production a real key, a real host."""
    faults = []
    if getattr(celeryconfig, "task_always_eager", False):
        faults.append(Error("Celery must not run eagerly: a worker makes the documents.", id="hdh.E001"))
    if settings.PRODUCTION:
        weak = len(settings.SECRET_KEY) < 50 or settings.SECRET_KEY.startswith(KNOWN_SECRETS)
        if weak:
            faults.append(Error("SECRET_KEY is known or shorter than 50 signs.", id="hdh.E002"))
        if settings.DEBUG or "*" in settings.ALLOWED_HOSTS:
            faults.append(Error("DEBUG or ALLOWED_HOSTS=* in production.", id="hdh.E003"))
        if not settings.SECURE_SITE:
            faults.append(Error("HDH_BASE_URL must begin with https:// in production.", id="hdh.E004"))
    return faults


@register(Tags.database)
def database_keeps_what_it_acknowledged(app_configs, databases, **kwargs):
    """Append-only triggers stand, and a commit waits for the disk."""
    if not databases:
        return []
    try:
        with connection.cursor() as cursor:
            if "records_journalentry" not in connection.introspection.table_names(cursor):
                return []
            cursor.execute("SHOW synchronous_commit" if connection.vendor == "postgresql" else "PRAGMA synchronous")
            level = str(cursor.fetchone()[0])
        faults = [Error(f"The trigger {name} is missing.", id="hdh.E010") for name in append_only.missing()]
    except DatabaseError as error:
        return [Error(f"The database cannot be checked: {type(error).__name__}.", id="hdh.E012")]
    if level in ("off", "0", "1"):
        faults.append(Error("synchronous_commit is off: an acknowledged deposit could be lost.", id="hdh.E011"))
    return faults
