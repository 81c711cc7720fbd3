"""The row of a dossier, locked: the first thing that an action on it does."""

from contextlib import contextmanager

from django.db import connection

from applications.models import Application


def lock(application):
    """The dossier's row, locked and read again, with its call."""
    with waiting_once():
        return Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)


@contextmanager
def waiting_once():
    """The statement that takes an act's first lock waits no longer behind others who wait; the act has its own time."""
    wait_once()
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


def wait_once():
    """In this transaction a statement waits for its locks together no longer than for one of them.

    PostgreSQL's `lock_timeout` begins anew in a queue, each time that somebody before us gives up.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', current_setting('lock_timeout'), true)")


def wait_for(application):
    """Wait until nobody holds the dossier's row, without keeping anybody else from it: what a foreign key waits for.

    PostgreSQL alone has such a lock, and more than one who writes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM applications_application WHERE id = %s FOR KEY SHARE", [application.pk])
