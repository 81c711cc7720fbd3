"""What the proxy says of a request: who may speak for it, when it had the whole request, and how its clock runs.

nginx writes `X-Request-Start: t=SECONDS.MILLISECONDS` (`$msec`) when it opens the connection to the portal, which is
after it has received the body. Seconds are of the epoch, instants are real ones: no demonstration shifts them.
"""

import contextlib
import datetime
import ipaddress
import json
import logging
import re
import secrets

from django.conf import settings

from hdh_portal.ground import clock

log = logging.getLogger(__name__)
START = re.compile(r"t=(\d{10}\.\d{3})")
# The oldest stamp that is believed. Until so long after a closing a deposit may still come in, and nobody reads one.
OLDEST = datetime.timedelta(minutes=2)
# How far two clocks may be apart before it is told; how often it is told; how long what was told stands.
APART = datetime.timedelta(seconds=2)
MINUTE = datetime.timedelta(minutes=1)
STANDS = datetime.timedelta(minutes=10)


def is_trusted(peer):
    """True if the other end of the connection is the proxy of HDH_TRUSTED_PROXY."""
    # gunicorn behind a Unix socket gives no address: only the proxy reaches that socket.
    if not peer:
        return "unix" in settings.HDH_TRUSTED_PROXY
    networks = [ipaddress.ip_network(part) for part in settings.HDH_TRUSTED_PROXY if part != "unix"]
    return any(ipaddress.ip_address(peer) in network for network in networks)


def forget_untrusted(request):
    """Take away what a stranger says of how a request came: Django believes the header from any peer."""
    if not is_trusted(request.META.get("REMOTE_ADDR", "")):
        request.META.pop("HTTP_X_FORWARDED_PROTO", None)


def believed_start(request, entered):
    """The instant at which the proxy had the whole request, or None: nobody says so, or it is not to be believed.

    `entered`: when the request came to the portal. Of a proxy whose clock is ahead by less than two seconds the stamp
    is no lie, but what counts is then the entry.
    """
    header = request.headers.get("X-Request-Start")
    if header is None:
        return None
    peer = request.META.get("REMOTE_ADDR", "")
    found = START.fullmatch(header)
    if not found or not is_trusted(peer):
        log.warning("X-Request-Start not believed, from %s", peer)
        return None
    stamped = datetime.datetime.fromtimestamp(float(found[1]), datetime.UTC)
    watch.see(stamped, entered)
    if entered - OLDEST <= stamped <= entered:
        return stamped
    if not entered < stamped <= entered + APART:
        log.warning("X-Request-Start not believed, %+.3f s from our clock", (stamped - entered).total_seconds())
    return None


class ClockWatch:
    """Compares the proxy's clock with ours at every stamp, and tells when they are more than two seconds apart.

    A stamp in the future proves by itself that the proxy is ahead. One in the past proves nothing: the request may have
    waited for a worker. A request waits now and then, not each of them for a minute on end: a proxy is behind when no
    stamp of a whole minute was younger than two seconds, and then by as much as the youngest of them was old.
    """

    def __init__(self):
        self.forget()

    def forget(self):
        """Begin anew, as a process that has seen no stamp."""
        self.since = self.youngest = self.warned_at = None

    def see(self, stamped, entered):
        """Compare one stamp with the instant at which the request came to us."""
        age = entered - stamped
        if abs(age) <= APART:
            self._agree()
        elif age < APART:
            self._warn(-age, entered)
        else:
            self._late(age, entered)

    def _late(self, age, at):
        self.since, self.youngest = self.since or at, min(self.youngest or age, age)
        if at - self.since >= MINUTE:
            self._warn(-self.youngest, at)

    def _agree(self):
        self.since = self.youngest = None
        if self.warned_at is not None:
            self.warned_at = None
            log.warning("the proxy's clock and ours agree again")
            with contextlib.suppress(OSError):
                _path().unlink(missing_ok=True)

    def _warn(self, ahead, at):
        if self.warned_at is not None and at - self.warned_at < MINUTE:
            return
        self.warned_at = at
        seconds = round(ahead.total_seconds(), 3)
        log.error("the proxy's clock and ours are apart: %+.3f s", seconds)
        _keep(seconds, at)


watch = ClockWatch()


def clock_offset():
    """Seconds by which the proxy's clock is ahead of ours (negative: behind); 0.0 while they agree or none was seen.

    Any process may ask: it reads what the web processes left in the data folder, of the last ten minutes.
    """
    try:
        kept = json.loads(_path().read_text())
        seconds, at = float(kept["seconds"]), datetime.datetime.fromisoformat(kept["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0
    return seconds if clock.real() - at < STANDS else 0.0


def _keep(seconds, at):
    """Leave it where every process sees it. A file, not a row: pages that only read must not write to the database."""
    fresh = _path().with_suffix(f".{secrets.token_hex(4)}")
    try:
        fresh.write_text(json.dumps({"seconds": seconds, "at": at.isoformat()}))
        fresh.replace(_path())
    except OSError as error:  # A full disk must not stop a request; the log has said it.
        log.warning("the clocks' difference could not be kept: %s", type(error).__name__)


def _path():
    return settings.DATA_DIR / "clock-offset"
