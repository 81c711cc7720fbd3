"""The first visit of the portal, as a deployment serves it: hashed, compressed, and small (90 KB, 10 requests)."""

import threading

import pytest
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from tests.factories import OPEN, the_call

pytestmark = pytest.mark.browser


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def deployed(transactional_db, settings, tmp_path):
    """Address of a server with collected static files."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    server = ThreadedWSGIServer(("localhost", 0), Quiet, connections_override={})
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_first_visit_is_small(deployed, chromium, now_is):
    now_is(OPEN)
    the_call()
    context = chromium.new_context()
    page, received, encodings = context.new_page(), [], set()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.on("response", lambda response: encodings.add(response.headers.get("content-encoding", "")))
    page.goto(deployed, wait_until="networkidle")
    context.close()
    assert encodings == {"br", "gzip", ""}  # static files, the page, fonts that are compressed already
    assert len(received) <= 10
    assert sum(received) <= 90_000
