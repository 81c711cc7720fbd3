"""nginx with docs/nginx.conf before a portal that is stopped: its pages, its limits, and what its logs do not hold."""

import contextlib
import http.client
import re
import resource
import socket
import time

import pytest

from hdh_portal.operations import proxy_pages
from tests.factories import paris, the_call
from tests.service.processes import free_port
from tests.service.proxy import HOST, encrypted, proxied

pytestmark = [pytest.mark.service, pytest.mark.django_db]
DEPOSIT, UPLOAD = "/dossiers/X-1/deposer/envoyer/", "/dossiers/X-1/pieces/budget/ajouter/"
SECTION, RECEIPT = "/dossiers/X-1/sections/projet/enregistrer/", "/verifier/recepisse/"
STOPPED = "Le portail ne répond pas"


@pytest.fixture
def pages(settings, tmp_path, now_is):
    """Folder of the proxy's pages, as they stand while the call of 2020 is open."""
    now_is(paris(2020, 5, 29, 9, 12))
    settings.HDH_PROXY_DIR = tmp_path / "pages"
    proxy_pages.write()
    return settings.HDH_PROXY_DIR


@pytest.fixture
def visit():
    """`visit(port, source) -> Visitor`; all of them hang up at the end."""
    with contextlib.ExitStack() as open_still:
        yield lambda *place: open_still.enter_context(contextlib.closing(Visitor(*place)))


class Visitor:
    """One kept connection to nginx; `source`: the address that it comes from."""

    def __init__(self, port, source="127.0.0.1"):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        plain = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0))
        self.connection.sock = encrypted(plain)

    def ask(self, method, path, body=None):
        """The response, its body read into `text`."""
        self.connection.request(method, path, body=body, headers={"Host": HOST})
        response = self.connection.getresponse()
        response.text = response.read().decode()
        return response

    def close(self):
        self.connection.close()

    def statuses(self, method, path, times):
        """The statuses of so many requests, one after another, each once."""
        return {self.ask(method, path).status for _ in range(times)}


def words(text):
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL).replace("\u00a0", " ").split())


def test_stopped_portal_is_a_page_with_the_closing_the_telephone_and_what_is_safe(tmp_path, pages, visit):
    with proxied(free_port(), tmp_path, pages) as port:
        answer = visit(port).ask("POST", DEPOSIT, b"digest=1")
    text = words(answer.text)
    assert (answer.status, answer.headers["Retry-After"], STOPPED in text) == (502, "30", True)
    assert "Clôture des dépôts le lundi 1 er juin 2020 à 12 h 00 (heure de Paris)" in text
    assert the_call().texts["contact"]["phone"] in text
    assert "Un dépôt n’est fait que si vous avez le récépissé." in text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_silent_portal_is_the_page_of_one_that_takes_too_long(tmp_path, pages, visit):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        own = silent.getsockname()[1]
        with proxied(own, tmp_path, pages, changes={"proxy_read_timeout 65s": "proxy_read_timeout 1s"}) as port:
            answer = visit(port).ask("GET", "/")
    assert (answer.status, answer.headers["Retry-After"]) == (504, "30")
    assert "Votre demande lui est bien parvenue" in words(answer.text)


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        (SECTION, 900_000, 502),
        (SECTION, 1_100_000, 413),
        (RECEIPT, 250_000, 502),
        (RECEIPT, 270_000, 413),
        (UPLOAD, 29_000_000, 502),
        (UPLOAD, 32_000_000, 413),
    ],
)
def test_each_address_takes_what_it_may_weigh(tmp_path, pages, visit, path, size, status):
    with proxied(free_port(), tmp_path, pages) as port:
        visitor = visit(port)
        visitor.connection.putrequest("POST", path, skip_host=True)
        for name, value in (("Host", HOST), ("Content-Length", str(size))):
            visitor.connection.putheader(name, value)
        visitor.connection.endheaders()
        # What is too large is refused by its announced length: nobody waits for the rest of it.
        if status == 502:
            visitor.connection.send(b"x" * size)
        answer = visitor.connection.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (status, "30" if status == 502 else None)
        text = words(answer.read().decode())
    assert ("Cet envoi est trop lourd" in text) == (status == 413)


def test_one_address_that_signs_in_too_often_is_told_so_and_another_one_is_not(tmp_path, pages, visit):
    with proxied(free_port(), tmp_path, pages) as port:
        greedy = visit(port)
        assert greedy.statuses("GET", "/comptes/connexion/", 300) == {502, 429}
        refused = next(one for one in iter(lambda: greedy.ask("GET", "/comptes/connexion/"), None) if one.status == 429)
        assert (refused.headers["Retry-After"], "Trop de demandes à la fois" in words(refused.text)) == ("10", True)
        assert visit(port, "127.0.0.2").ask("GET", "/comptes/connexion/").status == 502
        assert greedy.ask("POST", DEPOSIT).status == 502


def test_burst_of_deposits_from_one_address_is_never_refused(tmp_path, pages, visit):
    with proxied(free_port(), tmp_path, pages) as port:
        assert visit(port).statuses("POST", DEPOSIT, 400) == {502}


def test_metrics_are_not_for_the_outside_and_neither_are_the_pages_by_name(tmp_path, pages, visit):
    with proxied(free_port(), tmp_path, pages) as port:
        visitor = visit(port)
        assert [visitor.ask("GET", path).status for path in ("/metrics", "/502.html", "/readyz")] == [404, 404, 502]


def test_thousands_of_idle_connections_keep_nobody_out(tmp_path, pages, visit):
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with proxied(free_port(), tmp_path, pages) as port, contextlib.ExitStack() as idle:
        for _ in range(3000):
            one = idle.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            one.sendall(b"\x16\x03\x01")  # the beginning of a greeting that never ends
        began = time.monotonic()
        answer = visit(port, "127.0.0.2").ask("GET", "/")
        took = time.monotonic() - began
    assert (answer.status, took < 1) == (502, True), took


def test_logs_hold_no_token_no_query_and_no_address_of_a_person(tmp_path, pages, visit):
    """Whatever goes wrong: a portal that is stopped, too many requests, a body too large, no request at all, no TLS."""
    with proxied(free_port(), tmp_path, pages) as port:
        visitor = visit(port, "127.0.0.9")
        visitor.ask("GET", "/dossiers/?q=CANARI")
        for path in ("/comptes/mot-de-passe/CANARI/", "/invitations/CANARI/", "//invitations/CANARI/", "/%43ANARI/"):
            visitor.ask("GET", path)
        visitor.statuses("GET", "/comptes/connexion/?CANARI", 150)
        visitor.connection.request("POST", f"{RECEIPT}?CANARI", body=b"x" * 300_000, headers={"Host": HOST})
        assert visitor.connection.getresponse().status == 413
        for raw in (
            b"GET /invitations/CANARI\x00 HTTP/1.1\r\n\r\n",
            b"CANARI\r\n\r\n",
            b"GET /invitations/CANARI HTTP/1.1\r\nHost: a b\r\n\r\n",
            b"GET https://localhost/invitations/CANARI HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        ):
            with encrypted(socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.9", 0))) as broken:
                broken.sendall(raw)
                with contextlib.suppress(OSError):
                    broken.recv(1000)
        with socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.9", 0)) as plain:
            plain.sendall(b"GET /invitations/CANARI HTTP/1.1\r\nHost: localhost\r\n\r\n")
            plain.recv(1000)
    logs = {path.name: path.read_text() for path in tmp_path.glob("*.log")}
    assert sorted(logs) == ["access.log", "error.log"]
    assert [name for name, text in logs.items() if "CANARI" in text or "127.0.0.9" in text] == []
    access = logs["access.log"]
    assert [
        one in access for one in (" 502 GET /dossiers/ ", f" 413 POST {RECEIPT} ", " 429 GET - ", "limited=REJECTED/")
    ] == [True] * 4
