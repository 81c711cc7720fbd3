"""What the portal does by itself for those who run it."""

import logging

from celery import shared_task

from hdh_portal.ground import clock
from hdh_portal.operations import proxy_pages, sweeping

log = logging.getLogger(__name__)


@shared_task
def write_proxy_pages():
    """Each minute: the proxy's pages say the closings and telephones of now."""
    proxy_pages.write()


@shared_task
def sweep_files():
    """Every hour: delete files that nothing refers to."""
    if gone := sweeping.sweep(clock.real()):
        log.info("%s files that nothing refers to were deleted", len(gone))
