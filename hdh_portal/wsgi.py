"""WSGI entry of the portal."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from hdh_portal.celery import app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdh_portal.settings")
os.environ["HDH_PROCESS"] = "web"  # before the settings are read: pages wait seconds, not minutes
portal = get_wsgi_application()
# The broker's library is loaded here, without a connection: the first deposit would lose half a second over it.
app.connection_for_write().get_transport_cls()


class WholeBody:
    """A body that ends before its announced length raises: gunicorn would give the part as if it were the whole.

    A form cut in two is a form in which the last fields are empty; a file cut in two may still open.
    """

    def __init__(self, stream, length):
        self.stream, self.left = stream, length

    def read(self, size=-1):
        """As a stream's: fewer bytes than asked for only at the announced end."""
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        return self._counted(self.stream.read(wanted), wanted)

    def readline(self, size=-1):
        """As a stream's."""
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        line = self.stream.readline(wanted)
        return self._counted(line, len(line) if line.endswith(b"\n") else wanted)

    def _counted(self, data, wanted):
        if len(data) < wanted:
            raise ConnectionError("the client broke the body off")
        self.left -= len(data)
        return data


def application(environ, start_response):
    """The portal; what it reads of a body is whole."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if length.isascii() and length.isdigit():
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
    return portal(environ, start_response)


# Uploads that a killed process had in hand are taken up by the one in its place.
import_string("applications.dossier.judging.wake")()
