"""WSGI entry of the portal."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from hdh_portal.celery import app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdh_portal.settings")
application = get_wsgi_application()
# The broker's library is loaded here, without a connection: the first deposit would lose half a second over it.
app.connection_for_write().get_transport_cls()
# Uploads that a killed process had in hand are taken up by the one in its place.
import_string("applications.judging.wake")()
