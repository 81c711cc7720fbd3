"""Refused attempts: in French case law it is for the administration to prove that its platform worked.

They cannot live in the transaction that rolls back: they are written after it, unchained; a chained line says their
number and digest at closing (`applications.heads`).
"""

import logging
import secrets

from django.db import Error

from hdh_portal.ground import clock
from hdh_portal.records import database
from hdh_portal.records.models import Attempt

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
log = logging.getLogger(__name__)


def new_reference():
    """A reference that can be told by telephone, such as 7KQ-412 (no O, no I)."""
    pick = secrets.choice
    return f"{pick('0123456789')}{pick(LETTERS)}{pick(LETTERS)}-{secrets.randbelow(1000):03}"


def record(*, verb, code, by, at, chain_id=None, subject_id=None, reference=None):
    """Write one attempt; returns its reference. A database that is down leaves the line in the log instead."""
    reference = reference or new_reference()
    actor_id = getattr(by, "pk", by)
    database.find_again()
    try:
        Attempt.objects.create(
            reference=reference,
            chain_id=chain_id,
            occurred_at=at,
            recorded_at=clock.now(),
            actor_id=actor_id,
            verb=verb,
            code=code,
            subject_id=subject_id,
        )
    except Error as error:
        log.error("attempt %s could not be recorded: %s", reference, type(error).__name__)
    log.info("attempt %s verb=%s code=%s actor=%s subject=%s", reference, verb, code, actor_id, subject_id)
    return reference
