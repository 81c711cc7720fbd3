"""The nginx of docs/nginx.conf before a portal of the tests, and people who speak to it over TLS, however slowly."""

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from urllib.parse import urlencode

from tests.portal.test_service import ROOT
from tests.service.processes import free_port

CONF = ROOT / "docs" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HOST = "localhost"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def certificate(folder):
    """A self-signed certificate of an hour, as the configuration names its two files."""
    key, chain = folder / "privkey.pem", folder / "fullchain.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={HOST}"]
    subprocess.run([*command, "-keyout", key, "-out", chain], check=True, capture_output=True)


def configuration(folder, port, portal_port, pages, changes):
    """docs/nginx.conf with the ports and places of a test, and nothing else changed."""
    text = CONF.read_text(encoding="utf-8")
    places = "".join(f"{name}_temp_path {folder}/{name}; " for name in TEMPORARY)
    places_of_a_test = {
        "listen 80 default_server": f"listen 127.0.0.1:{free_port()} default_server",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server web:8000": f"server 127.0.0.1:{portal_port}",
        "/etc/nginx/tls": str(folder),
        "/var/log/nginx": str(folder),
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/srv/proxy-pages": str(pages),
        "\nhttp {\n": f"\nhttp {{ {places}\n",
    }
    for old, new in (places_of_a_test | changes).items():
        assert old in text, old
        text = text.replace(old, new)
    # The folders of a test are closed to the person that nginx would become.
    return f"user root;\n{text}" if os.getuid() == 0 else text


@contextlib.contextmanager
def proxied(portal_port, folder, pages="/nonexistent", changes=None):
    """nginx before the portal of a port, once it answers; gives its own port. Its logs are in `folder`.

    `changes`: texts of the configuration that a test replaces, for one that would take too long.
    """
    port = free_port()
    certificate(folder)
    path = folder / "nginx.conf"
    path.write_text(configuration(folder, port, portal_port, pages, changes or {}), encoding="utf-8")
    process = subprocess.Popen([NGINX, "-c", path, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError):
                if asked(port, "/proxy-health").status == 204:
                    break
            assert process.poll() is None and time.monotonic() < deadline, (folder / "error.log").read_text()
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def encrypted(plain):
    """The same connection, over TLS; nobody vouches for the certificate of a test."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=HOST)


class Slow:
    """A POST whose body goes out in pieces. `is_tls`: through nginx, else to gunicorn itself."""

    def __init__(self, port, path, fields, cookies, *, is_tls):
        self.body = urlencode(fields).encode()
        plain = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket = encrypted(plain) if is_tls else plain
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nReferer: https://{HOST}/\r\nCookie: {cookies}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        )
        self.socket.sendall(head.encode())

    def feed(self, count=None):
        """Send so many bytes more, or all that are left."""
        piece, self.body = (self.body, b"") if count is None else (self.body[:count], self.body[count:])
        self.socket.sendall(piece)
        return self

    def answer(self):
        """The response, its body read into `text`."""
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        response.text = response.read().decode()
        self.socket.close()
        return response


def asked(port, path, **headers):
    """The answer to a GET through nginx, its body read into `text`."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=60)
    with encrypted(plain) as connection:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{lines}Connection: close\r\n\r\n".encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        response.text = response.read().decode()
        return response
