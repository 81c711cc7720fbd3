"""The demonstration's bar: which stage, which role, what time it is. It reads no table."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from hdh_portal.demo import roles, stages
from hdh_portal.demo.script import script
from hdh_portal.ground import clock, french


class BarMiddleware:
    """Gives each request the bar, for the page that shows one; stands in the settings of a demonstration only."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.HDH_DEMO:
            request.demo_bar = lambda: bar(request)
        return self.get_response(request)


def bar(request):
    """What `includes/_demo_bar.html` shows, or None before the first stage was restored."""
    stage = stages.current()
    if stage is None:
        return None
    now, key = clock.now(), roles.current_key(request)
    return {
        "clock_text": format_html("{}, {}", french.raised(french.long_day(now)), french.hour(now)),
        "stage_text": script("replay")["portal"]["text"],
        "stage_url": reverse("demo:stage"),
        "role_url": reverse("demo:role"),
        "mailbox_url": reverse("demo:mailbox"),
        "stages": [
            {"name": one.name, "group": one.group, "label": one.label, "current": one == stage}
            for one in stages.all_stages()
        ],
        "roles": [{"key": one.key, "label": one.label, "current": one.key == key} for one in roles.roles_at(stage)],
    }
