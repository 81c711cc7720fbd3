"""What the machine and the database say at this instant; preflight, readiness and metrics read it here alone."""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q

from hdh_portal.ground import clock
from hdh_portal.records.models import Document, Message, Outbox

KINDS = {"document": Document, "message": Message}
# Papers that nobody waits for are made when nothing else is to do: their age says nothing of the queue.
AWAITED = {"document": Q(is_awaited=True), "message": Q()}


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
    """One kind of work: how many rows wait, will be tried again and failed.

    `oldest_seconds`: for how long the oldest has waited for its first try, of those for which somebody waits. What
    failed once and is tried again says nothing of the queue: a mail may wait for its server for three days.
    """

    waiting: int
    retrying: int
    failed: int
    oldest_seconds: float | None


def queue_of(kind):
    """The `Queue` of `document` or `message`, in one statement."""
    queued, failed = Q(state=Outbox.State.QUEUED), Q(state=Outbox.State.FAILED)
    untried = queued & Q(error="")
    rows = (
        KINDS[kind]
        .objects.filter(queued | failed)
        .aggregate(
            waiting=Count("pk", filter=queued),
            retrying=Count("pk", filter=queued & ~untried),
            failed=Count("pk", filter=failed),
            oldest=Min("queued_at", filter=untried & AWAITED[kind]),
        )
    )
    oldest = rows.pop("oldest")
    return Queue(**rows, oldest_seconds=oldest and max(0.0, (clock.real() - oldest).total_seconds()))
