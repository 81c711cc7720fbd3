"""What makes a function an action: one durable transaction; a refusal rolls back and then leaves an attempt."""

import functools

from django.db import transaction

from hdh_portal import clock
from hdh_portal.records import attempts
from hdh_portal.records.exceptions import Refused


def action(function):
    """Decorate a verb `do_it(subject, ..., *, by, at)`.

    `at` is the procedure's time unless given (aware). Actions never call one another: the transaction is durable.
    A `Refused` leaves with its `reference`.
    """

    @functools.wraps(function)
    def act(subject, *args, by=None, at=None, **others):
        at = at or clock.now()
        try:
            with transaction.atomic(durable=True):
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
