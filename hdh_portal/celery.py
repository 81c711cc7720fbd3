"""The Celery application: Redis where REDIS_URL is given, else a folder of the data directory.

Time limit (75 s) < lease of the outbox (90 s) < visibility timeout (300 s), so that no task is handed out twice
while it works. There is no result backend and no eager mode: a system check refuses it.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdh_portal.settings")

app = Celery("hdh_portal")
app.config_from_object("hdh_portal.celeryconfig")
app.autodiscover_tasks()
