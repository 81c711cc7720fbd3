"""What the machine and the database say at this instant; preflight, readiness and metrics read it here alone."""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q

from hdh_portal import clock
from hdh_portal.records.models import Document, Message, Outbox

KINDS = {"document": Document, "message": Message}


def disk_free_bytes():
    """Bytes that the portal may still write in its data folder."""
    return shutil.disk_usage(settings.DATA_DIR).free


def database_clock_offset():
    """Seconds by which the database's clock is ahead of ours; zero on SQLite, which has none of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    before = clock.real()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        said = cursor.fetchone()[0]
    return (said - before - (clock.real() - before) / 2).total_seconds()


@dataclass(frozen=True)
class Queue:
    """One kind of work: how many rows wait and failed, and since how many seconds the oldest waits (None: none)."""

    waiting: int
    failed: int
    oldest_seconds: float | None


def queue_of(kind):
    """The `Queue` of `document` or `message`, in one statement."""
    queued = Q(state=Outbox.State.QUEUED)
    rows = (
        KINDS[kind]
        .objects.filter(queued | Q(state=Outbox.State.FAILED))
        .aggregate(
            waiting=Count("pk", filter=queued),
            failed=Count("pk", filter=~queued),
            oldest=Min("queued_at", filter=queued),
        )
    )
    oldest = rows["oldest"]
    age = None if oldest is None else max(0.0, (clock.real() - oldest).total_seconds())
    return Queue(rows["waiting"], rows["failed"], age)
