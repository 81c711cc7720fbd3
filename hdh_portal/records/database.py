"""The connection to the database, found again after it broke."""

from django.db import connection


def find_again():
    """Outside a transaction, drop a connection that no longer works: what is written next asks for a new one.

    Django itself does so between two requests and two tasks only; what tells of a failure, or marks work that took
    long, comes in the midst of one.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def next_id(model):
    """The id that the next row of a model shall be given, so that rows which point at it may be written before it."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        else:  # Its transactions write one after the other: nobody else takes it before this one ends.
            cursor.execute("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0) + 1", [table])
        return cursor.fetchone()[0]
