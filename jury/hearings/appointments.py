"""Hearings and sittings as appointments that a mail carries to a calendar (iCalendar, RFC 5545)."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from hdh_portal.ground import clock


def appointment(key, title, spans, *, text, url):
    """`(file name, content, media type)` of an attached calendar.

    `key`: what the appointment is known by: sent again, it takes the place of the one before. `spans`:
    `[(start, end, place)]`, instants that know their zone.
    """
    host = urlsplit(settings.HDH_BASE_URL).hostname
    calendar = Calendar({"prodid": f"-//{host}//FR", "version": "2.0", "method": "PUBLISH"})
    for number, (start, end, place) in enumerate(spans, 1):
        event = Event({"uid": f"{key}-{number}@{host}"})
        for name, value in (("dtstamp", clock.now()), ("dtstart", start), ("dtend", end)):
            event.add(name, value.astimezone(datetime.UTC))
        for name, value in (("summary", title), ("location", place), ("description", text), ("url", url)):
            event.add(name, value)
        calendar.add_component(event)
    return f"{key}.ics", calendar.to_ical(), "text/calendar"
