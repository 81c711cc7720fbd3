"""Who asks the portal: honest people and others, each from an address of the loopback of its own."""

import contextlib
import http.client
import secrets
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.service.portal import TOKEN

HOST = "localhost"
FORM = "application/x-www-form-urlencoded"
HONEST, STRANGER = "127.0.0.2", "127.0.0.66"
EACH_SECONDS = 0.2
CONTEXT = ssl.create_default_context()
CONTEXT.check_hostname, CONTEXT.verify_mode = False, ssl.CERT_NONE


@dataclass(frozen=True)
class Answer:
    """What came: status 0 if nothing did."""

    status: int
    text: str
    seconds: float
    headers: dict

    def of(self, *wanted):
        """The same; ends the campaign if the attack did not reach what it attacks."""
        if not self.is_fault and self.status not in wanted:
            raise SystemExit(f"An attack met a {self.status}, which is none of {wanted}: {self.text[:300]!r}")
        return self

    @property
    def is_fault(self):
        return self.status == 0 or self.status >= 500


@dataclass(frozen=True)
class Visitor:
    """Somebody with their cookies; `tls`: through the proxy, else to the portal's own port."""

    port: int
    source: str = HONEST
    cookies: str = f"csrf={TOKEN}"
    tls: bool = True
    timeout: float = 90

    def connect(self):
        """An open connection, encrypted where it is the proxy's."""
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout, source_address=(self.source, 0))
        return CONTEXT.wrap_socket(plain, server_hostname=HOST) if self.tls else plain

    def head(self, method, path, length, **headers):
        """The first bytes of a request."""
        lines = {"Host": HOST, "Referer": f"https://{HOST}/", "Cookie": self.cookies, "Connection": "close"}
        lines |= {"Content-Length": length} if method == "POST" else {}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        first = f"{method} {path} HTTP/1.1"
        return "\r\n".join([first, *(f"{name}: {value}" for name, value in lines.items()), "", ""]).encode()

    def ask(self, method, path, body=b"", **headers):
        """Send a request and wait for its end."""
        began, status, text, told = time.perf_counter(), 0, "", {}
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(self.connect()) as link:
            with contextlib.suppress(OSError):  # Who refuses a body early may close before it is all there.
                link.sendall(self.head(method, path, len(body), **headers) + body)
            status, text, told = read(link)
        return Answer(status, text, time.perf_counter() - began, told)

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, fields, **headers):
        """Send a form; `fields`: pairs or a dict, or bytes that are encoded already."""
        body = fields if isinstance(fields, bytes) else urlencode(with_token(fields)).encode()
        return self.ask("POST", path, body, Content_Type=FORM, **headers)

    def upload(self, path, name, content, field="file"):
        """Send a file as a browser does."""
        border = secrets.token_hex(12)
        parts = (
            f'--{border}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
            f'--{border}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = parts.encode() + content + f"\r\n--{border}--\r\n".encode()
        return self.ask("POST", path, body, Content_Type=f"multipart/form-data; boundary={border}")


def with_token(fields):
    pairs = list(fields.items()) if isinstance(fields, dict) else list(fields)
    return [("csrfmiddlewaretoken", TOKEN), *pairs]


def read(link):
    """`(status, text, headers)` of the answer on a connection."""
    response = http.client.HTTPResponse(link)
    response.begin()
    return response.status, response.read().decode(errors="replace"), dict(response.headers)


def at_once(acts):
    """Run the acts, each in a thread; returns what they gave, in their order."""
    given = [None] * len(acts)

    def run(place, act):
        given[place] = act()

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


class Others(threading.Thread):
    """Honest people during an attack: one asks `/healthz` five times a second, one deposits again and again.

    A context: inside, they are at it. `health`, `deposits`: seconds that each answer took; `faults`: those of 5xx, or
    that did not come.
    """

    def __init__(self, stage, *, deposits=True):
        super().__init__(daemon=True)
        self.port, self.dossier = stage.proxy, stage.dossier() if deposits else None
        self.over, self.health, self.deposits, self.faults = threading.Event(), [], [], []
        self.depositor = threading.Thread(target=self._deposit_all, daemon=True)

    def __enter__(self):
        self.start()
        self.depositor.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()
        self.depositor.join()

    def run(self):
        while not self.over.wait(EACH_SECONDS):
            self._note(self.health, Visitor(self.port).get("/healthz"))

    def _deposit_all(self):
        while self.dossier and not self.over.wait(EACH_SECONDS):
            self._note(self.deposits, self.dossier.deposit_again(self.port))

    def _note(self, seconds, answer):
        seconds.append(answer.seconds)
        if answer.is_fault:
            self.faults.append(answer.status)
