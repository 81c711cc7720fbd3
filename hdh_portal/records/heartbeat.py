"""When something that has to happen again and again happened last; kept in the cache, which stands in the database."""

import datetime

from django.core.cache import cache

from hdh_portal.ground import clock


def beat(name):
    """It happened now."""
    cache.set(f"heartbeat-{name}", clock.real().timestamp(), timeout=None)


def last(name):
    """The instant (aware), or None if it never happened."""
    at = cache.get(f"heartbeat-{name}")
    return None if at is None else datetime.datetime.fromtimestamp(at, datetime.UTC)
