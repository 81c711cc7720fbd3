"""ClamAV by setting: a file is streamed to clamd, which says whether it knows it (clamd(8), INSTREAM).

`HDH_CLAMAV` is the path of a Unix socket or `host:port`; without it nothing is scanned.
"""

import socket
import struct
from contextlib import suppress

from django.conf import settings

from applications.models.upload import Reason

SECONDS = 20  # for each step of the conversation: clamd answers nothing while it loads its signatures
CHUNK = 65_536
LONGEST_ANSWER = 4096


class Unscanned(Exception):
    """The antivirus gave no verdict; `reason`: a `Reason`."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def is_clean(path):
    """False if clamd finds something in a file; True where it finds nothing, or none is set. Raises `Unscanned`."""
    if not settings.HDH_CLAMAV:
        return True
    try:
        answer = _ask(path)
    except OSError:
        raise Unscanned(Reason.UNREACHABLE) from None
    if answer == b"stream: OK":
        return True
    if answer.endswith(b" FOUND"):
        return False
    raise Unscanned(Reason.TOO_LARGE if b"size limit exceeded" in answer else Reason.UNKNOWN)


def answers():
    """True if clamd answers to PING, or none is set."""
    if not settings.HDH_CLAMAV:
        return True
    try:
        with _connection(settings.HDH_CLAMAV) as daemon:
            daemon.sendall(b"zPING\0")
            return daemon.recv(LONGEST_ANSWER).startswith(b"PONG")
    except (OSError, ValueError):  # The second: an address without a port.
        return False


def _ask(path):
    with _connection(settings.HDH_CLAMAV) as daemon, open(path, "rb") as file:
        # clamd says that a file is too large while it is still being sent, and hangs up.
        with suppress(BrokenPipeError, ConnectionResetError):
            daemon.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                daemon.sendall(struct.pack("!L", len(chunk)) + chunk)
            daemon.sendall(struct.pack("!L", 0))
        return _answer_of(daemon)


def _answer_of(daemon):
    """What clamd says, up to its zero byte: after that it may hang up in whatever way."""
    answer = b""
    while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0") and (part := daemon.recv(CHUNK)):
        answer += part
    return answer.rstrip(b"\0\n")


def _connection(address):
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
    daemon = socket.socket(socket.AF_UNIX)
    daemon.settimeout(SECONDS)
    try:
        daemon.connect(address)
    except OSError:
        daemon.close()
        raise
    return daemon
