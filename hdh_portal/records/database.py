"""The connection to the database, found again after it broke."""

from django.db import connection


def find_again():
    """Outside a transaction, drop a connection that no longer works: what is written next asks for a new one.

    Django itself does so between two requests and two tasks only; what tells of a failure, or marks work that took
    long, comes in the midst of one.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
