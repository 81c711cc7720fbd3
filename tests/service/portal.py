"""A real portal in processes of its own (`make serve`), and people who send it requests over a socket."""

import contextlib
import http.client
import time
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from applications.dossier.reading import WorkingCopy
from applications.models import Call
from hdh_portal.ground import clock
from tests.factories import CALLS, owner_of
from tests.portal.test_service import WAIT_SECONDS, collect_static, running
from tests.service.processes import free_port

TOKEN = "a" * 32
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@contextlib.contextmanager
def serving(*, log=None, **variables):
    """`make serve` with one worker of four threads; gives the process and its port, once it answers."""
    port = free_port()
    given = {"HDH_BIND": f"127.0.0.1:{port}", "HDH_WEB_PROCESSES": "1", "HDH_STATIC_DIR": collect_static()}
    with running("serve", log=log, **(given | variables)) as process:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if Sender(port).get("/").status == 200:
                    break
            assert time.monotonic() < deadline, "the portal does not answer"
            time.sleep(0.2)
        yield process, port


def load_call_that_closes(closes_at, folder, name="bientot-clos"):
    """A call that is open and closes at an instant of the real clock, loaded by the real command."""
    text = CALLS["autre"].read_text(encoding="utf-8")
    changes = {
        'slug = "bruit-en-ville-2031"': f'slug = "{name}"',
        'reference_prefix = "BRUIT-31"': f'reference_prefix = "{name.partition("-")[0].upper()}"',
        "2031-05-05T09:30:00+02:00": "2020-05-05T09:30:00+02:00",
        "2031-06-30T17:00:00+02:00": closes_at.astimezone(clock.PARIS).isoformat(timespec="seconds"),
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "call.toml"
    path.write_text(text, encoding="utf-8")
    call_command("load_call", path, verbosity=0)
    return Call.objects.get(slug=name)


class Sender:
    """One connection to the portal, from a source address; what it sends waits where the portal is stalled."""

    def __init__(self, port, *, cookies="", source="127.0.0.1"):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
        self.cookies = cookies

    def send(self, method, path, fields=None, **headers):
        """Send a request and do not wait."""
        body = urlencode(fields) if fields else None
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body=body, headers=HEADERS | {"Cookie": self.cookies} | named)
        return self

    def answer(self):
        """The response, its body read into `text`."""
        response = self.connection.getresponse()
        response.text = response.read().decode()
        self.connection.close()
        return response

    def get(self, path):
        return self.send("GET", path).answer()


def insist(act, port, in_vain):
    """Send the same act until an answer comes that is no error; `in_vain` is told what came instead, None for nothing.

    `act`: its path, cookies and fields, without which it is a page that is asked for.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        answer, sender = None, Sender(port, cookies=act.cookies)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(sender.connection):
            answer = sender.send("POST" if act.fields else "GET", act.path, act.fields).answer()
        if answer and answer.status < 500:
            return answer
        in_vain(answer)
        time.sleep(0.1)
    raise AssertionError(f"no answer to {act.path}")


def signed_in(user):
    """Cookies of a person, as their browser has them."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


class Deposit:
    """The deposit of a dossier as it stands, ready to be sent as often as wanted."""

    def __init__(self, application):
        self.path = reverse("applications:application_submit", args=[application.reference])
        self.fields = {"csrfmiddlewaretoken": TOKEN, "digest": WorkingCopy(application).digest}
        self.cookies = signed_in(owner_of(application))

    def send(self, port, *, source="127.0.0.1", arrived=None):
        """Send it now; `arrived`: what the proxy says of its instant, in seconds since the epoch."""
        headers = {} if arrived is None else {"X_Request_Start": f"t={arrived:.3f}"}
        return Sender(port, cookies=self.cookies, source=source).send("POST", self.path, self.fields, **headers)
