"""Whether the proxy that is trusted is the one that requests come from, as this web process has seen it.

A wrong `HDH_TRUSTED_PROXY` breaks nothing that a page shows: every stamp is refused, and a deposit counts from the
instant at which a worker had time for it. So it is counted, and `/readyz` says it.
"""

import datetime

from django.conf import settings

from hdh_portal.ground import clock
from hdh_portal.web import proxy

RECENT = datetime.timedelta(minutes=5)
# Fewer are the portal's own: `make healthy` asks without a proxy.
ENOUGH = 20
STRANGE = 3


class Seen:
    """What came since this process started: all requests, those stamped by the proxy, those stamped by a stranger."""

    def __init__(self):
        self.requests = self.stamped = 0
        self.strange = []

    def note(self, meta):
        """Look at the headers and the address of one request."""
        self.requests += 1
        if "HTTP_X_REQUEST_START" not in meta and "HTTP_X_FORWARDED_FOR" not in meta:
            return
        if not proxy.is_trusted(meta.get("REMOTE_ADDR", "")):
            self.strange = [*self.strange[1 - STRANGE :], clock.real()]
        elif "HTTP_X_REQUEST_START" in meta:
            self.stamped += 1

    def keeps_coming_from_strangers(self, at):
        """True where the last headers of a proxy from outside `HDH_TRUSTED_PROXY` came within five minutes."""
        return len(self.strange) == STRANGE and at - self.strange[0] < RECENT

    def never_came(self):
        """True where a proxy is trusted, enough requests came, and none of them bore its stamp."""
        return bool(settings.HDH_TRUSTED_PROXY) and self.requests >= ENOUGH and self.stamped == 0


SEEN = Seen()
