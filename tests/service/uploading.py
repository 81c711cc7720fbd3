"""Many uploads at once, and how the portal serves everybody else meanwhile."""

import contextlib
import http.client
import threading
import time
from dataclasses import dataclass, field

from django.urls import reverse

from applications.models import Upload
from tests.factories import owner_of
from tests.service.portal import TOKEN, Deposit, Sender, signed_in

BOUNDARY = "uploads-0123456789"


class FileUpload:
    """A file for one question of a dossier, ready to be sent."""

    def __init__(self, application, question, name, content):
        self.path = reverse("applications:attachment_add", args=[application.reference, question.key])
        self.cookies = signed_in(owner_of(application))
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        self.body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()

    def send(self, port):
        """Send it and read the answer; returns the response, its body read into `text`."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        with contextlib.closing(connection):
            kind = f"multipart/form-data; boundary={BOUNDARY}"
            connection.request("POST", self.path, self.body, {"Content-Type": kind, "Cookie": self.cookies})
            response = connection.getresponse()
            response.text = response.read().decode()
        return response


@dataclass
class Measures:
    """What was seen during an attack: seconds of each answer, with its status for `uploads`; `errors`: bad statuses."""

    uploads: list = field(default_factory=list)
    health: list = field(default_factory=list)
    deposits: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    settled_in: float = 0.0

    @staticmethod
    def p95(seconds):
        """The 95th percentile, in seconds: the lowest value that is not below 95 % of them."""
        return sorted(seconds)[-(-len(seconds) * 95 // 100) - 1]


def attack(port, uploads, applications, *, seconds=60):
    """Send all uploads at once while `/healthz` is asked and dossiers are deposited one after another.

    `uploads`: `FileUpload`s; `applications`: complete drafts. It lasts until each upload is answered and judged, and
    each dossier deposited, `seconds` at most. Returns `Measures`.
    """
    found, over = Measures(), threading.Event()
    deposits = [Deposit(application) for application in applications]
    health = threading.Thread(target=_ask, args=[port, found, over])
    others = [threading.Thread(target=_send, args=[port, found, one]) for one in uploads]
    others.append(threading.Thread(target=_deposit, args=[port, found, deposits]))
    start = time.perf_counter()
    for thread in [health, *others]:
        thread.start()
    for thread in others:
        thread.join()
    while Upload.objects.filter(state="waiting").exists() and time.perf_counter() - start < seconds:
        time.sleep(0.1)
    found.settled_in = time.perf_counter() - start
    over.set()
    health.join()
    return found


def _send(port, found, upload):
    start = time.perf_counter()
    found.uploads.append((upload.send(port).status, time.perf_counter() - start))


def _ask(port, found, over):
    while not over.is_set():
        _timed(found.health, found.errors, lambda: Sender(port).get("/healthz"))
        over.wait(0.05)


def _deposit(port, found, deposits):
    for one in deposits:
        _timed(found.deposits, found.errors, lambda one=one: one.send(port).answer())
        time.sleep(0.1)


def _timed(seconds, errors, act):
    start = time.perf_counter()
    answer = act()
    seconds.append(time.perf_counter() - start)
    if answer.status != 200:
        errors.append(answer.status)
