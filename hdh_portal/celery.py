"""The Celery application: Redis where REDIS_URL is given, else a folder of the data directory.

Time limit (75 s) < lease of the outbox (90 s) < visibility timeout (300 s), so that no task is handed out twice
while it works. There is no result backend and no eager mode: a system check refuses it.
"""

import logging.config
import os
import resource
import sys
from contextlib import suppress

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django.conf import settings

from hdh_portal.ground import garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdh_portal.settings")

app = Celery("hdh_portal")
app.config_from_object("hdh_portal.celeryconfig")
app.autodiscover_tasks()

MEMORY = 1024 * 1024 * 1024  # address space of one process of the pool, libraries included


@setup_logging.connect
def keep_our_logs(**_):
    """The portal's log stands as the settings say: Celery adds no handler, which would write what tasks raise."""
    logging.config.dictConfig(settings.LOGGING)


@worker_process_init.connect
def spare_what_is_loaded(**_):
    """See `hdh_portal.ground.garbage`."""
    garbage.spare_what_is_loaded()


@worker_process_init.connect
def limit_memory(**_):
    """Bound each process of the pool: a paper or an annex that wants more meets `MemoryError`, which its task marks.

    The wall is bounded by Celery's time limits, and processor time with it: a task is one thread.
    """
    if sys.platform == "linux":
        with suppress(ValueError, OSError):  # Only where a harder limit already stands.
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
