"""Parts of pages that are drawn once a process: a list of fifty rows shows the same few hundreds of times."""

import functools

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import ngettext

from hdh_portal.ground.french import iso, left

register = template.Library()


@register.filter
def drawn(tag):
    """A state tag (`{"kind", "icon", "text"}`, words of ours) as `includes/_tag.html` draws it."""
    return _drawn(tag["kind"], tag["icon"], str(tag["text"]))


@register.filter
def time_left(until, now):
    """The time left until an instant as the server knows it, for a sentence of a page; clock.js keeps it true."""
    day, days = (ngettext("%(count)s\u00a0jour", "%(count)s\u00a0jours", n) % {"count": "{}"} for n in (1, 2))
    html = '<strong class="nowrap" data-until="{}" data-now="{}" data-day="{}" data-days="{}">{}</strong>'
    return format_html(html, iso(until), iso(now), day, days, left(until, now))


@functools.lru_cache(maxsize=256)
def _drawn(kind, icon, text):
    return render_to_string("includes/_tag.html", {"kind": kind, "icon": icon, "text": text})
