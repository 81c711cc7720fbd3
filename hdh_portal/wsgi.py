"""WSGI entry of the portal."""

import os

from django.core.wsgi import get_wsgi_application

from hdh_portal.celery import app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdh_portal.settings")
os.environ["HDH_PROCESS"] = "web"  # before the settings are read: pages wait seconds, not minutes
application = get_wsgi_application()
# The broker's library is loaded here, without a connection: the first deposit would lose half a second over it.
app.connection_for_write().get_transport_cls()
