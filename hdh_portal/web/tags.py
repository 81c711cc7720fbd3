"""Parts of pages that are drawn once a process: a list of fifty rows shows the same few hundreds of times."""

import functools

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.filter
def drawn(tag):
    """A state tag (`{"kind", "icon", "text"}`, words of ours) as `includes/_tag.html` draws it."""
    return _drawn(tag["kind"], tag["icon"], str(tag["text"]))


@functools.lru_cache(maxsize=256)
def _drawn(kind, icon, text):
    return render_to_string("includes/_tag.html", {"kind": kind, "icon": icon, "text": text})
