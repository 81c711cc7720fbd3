"""Bytes that no browser sends, on a socket of a served portal: our pages from the server's own refusals on."""

import http.client
import socket

import pytest

from tests.service.portal import serving

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
HOST = b"Host: localhost\r\nConnection: close\r\n"
MULTIPART = b"Content-Type: multipart/form-data; boundary=b%s\r\nContent-Length: %d\r\n\r\n%s"


def part(disposition):
    return b"--b\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\nx\r\n--b--\r\n"


def multipart(body, after=b""):
    return b"POST /verifier/recepisse/ HTTP/1.1\r\n" + HOST + MULTIPART % (after, len(body), body)


REQUESTS = {
    "an address of 5 kB": (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "a search of 5 kB": (b"GET /?q=" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    "an address of 9 kB": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "a header of 9 kB": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 9000 + b"\r\n\r\n", 431),
    "200 headers": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: a\r\n" * 200 + b"\r\n", 431),
    "a NUL in a header": (b"GET / HTTP/1.1\r\n" + HOST + b"User-Agent: a\0b\r\n\r\n", 400),
    "a NUL in a cookie": (b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: session=aaaaaaaaaaaa%00\r\n\r\n", 200),
    "a NUL in an address": (b"GET /appels/a%00b/ HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "no request": (b"\x16\x03\x01\r\n\r\n", 400),
    "another host": (b"GET / HTTP/1.1\r\nHost: ailleurs.example\r\nConnection: close\r\n\r\n", 400),
    "a broken host": (b"GET / HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n", 400),
    "a file name of 5 kB": (multipart(part(b'name="receipt"; filename="' + b"n" * 5000 + b'"')), (400, 403)),
    "a field name of 5 kB": (multipart(part(b'name="' + b"n" * 5000 + b'"')), (400, 403)),
    "an unknown encoding of a name": (multipart(part(b"name=\"r\"; filename*=rot13''abc")), (400, 403)),
    "an unknown encoding of a form": (multipart(part(b'name="a"'), b"; charset=rot13"), (400, 403)),
    "no end of a form": (multipart(b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx'), (400, 403)),
    "no boundary": (
        b"POST /verifier/recepisse/ HTTP/1.1\r\n"
        + HOST
        + b"Content-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\nx",
        400,
    ),
    "too many fields": (
        b"POST /comptes/login/ HTTP/1.1\r\n"
        + HOST
        + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n"
        + b"a=&" * 3000,
        400,
    ),
    "six million characters": (
        b"POST /comptes/login/ HTTP/1.1\r\n"
        + HOST
        + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6000000\r\n\r\n",
        413,
    ),
    "a receipt of 1 MB": (
        b"POST /verifier/recepisse/ HTTP/1.1\r\n"
        + HOST
        + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n",
        413,
    ),
}


def answer_to(port, content):
    """`(status, headers, page)` of raw bytes, sent whole."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connected:
        connected.sendall(content)
        response = http.client.HTTPResponse(connected)
        response.begin()
        return response.status, response.headers, response.read().decode()


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), serving() as (_process, port):
        yield port


@pytest.mark.parametrize("what", REQUESTS)
def test_request_that_no_browser_sends_gets_our_page(served, what):
    content, expected = REQUESTS[what]
    status, headers, page = answer_to(served, content)
    assert status in (expected if isinstance(expected, tuple) else (expected,)), page[:500]
    assert '<html lang="fr">' in page
    if status >= 400:
        assert "Content-Security-Policy" in headers and "Traceback" not in page
