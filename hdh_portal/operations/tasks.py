"""What the portal does by itself for those who run it."""

import logging

from celery import shared_task

from hdh_portal import clock
from hdh_portal.operations import sweeping

log = logging.getLogger(__name__)


@shared_task
def sweep_files():
    """Every hour: delete files that nothing refers to."""
    if gone := sweeping.sweep(clock.real()):
        log.info("%s files that nothing refers to were deleted", len(gone))
