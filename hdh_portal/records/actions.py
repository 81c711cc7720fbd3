"""What makes a function an action: one durable transaction; a refusal rolls back and then leaves an attempt.

The first action of a request claims the request's one-time key (`once`): asked for twice, it is done once.
"""

import functools

from django.db import transaction

from hdh_portal.ground import clock
from hdh_portal.records import attempts, once
from hdh_portal.records.exceptions import Refused


def recorded(function):
    """Decorate a verb `do_it(subject, ..., *, by, at)` so that its refusals are recorded, after any rollback.

    `at` is the procedure's time unless given (aware). A `Refused` leaves with its `reference`.
    """

    @functools.wraps(function)
    def act(subject, *args, by=None, at=None, **others):
        at = at or clock.now()
        try:
            return function(subject, *args, by=by, at=at, **others)
        except Refused as refusal:
            refusal.reference = attempts.record(
                verb=function.__name__,
                code=refusal.code,
                by=by,
                at=at,
                chain_id=getattr(subject, "chain_id", None),
                subject_id=getattr(subject, "pk", None),
            )
            raise

    return act


def action(function):
    """Decorate a verb: recorded, and in one durable transaction. Actions never call one another."""

    @functools.wraps(function)
    def in_one_transaction(*args, **others):
        with transaction.atomic(durable=True), once.claimed():
            return function(*args, **others)

    return recorded(in_one_transaction)
