"""Parts of pages that are drawn once a process: a list of fifty rows shows the same few hundreds of times."""

import functools

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from hdh_portal.ground import browsers, french
from hdh_portal.ground.french import iso, left

register = template.Library()
# Values of a field that was left alone: nothing typed, nothing chosen, a box that is not ticked.
EMPTY = (None, "", False, [])


@register.filter
def drawn(tag):
    """A state tag (`{"kind", "icon", "text"}`, words of ours) as `includes/_tag.html` draws it."""
    return _drawn(tag["kind"], tag["icon"], str(tag["text"]))


@register.filter
def way_out(refusal):
    """The link to the page that mends what a `Refused` says, "" where it has none."""
    link = refusal.link
    return (link and format_html('<a href="{}">{}</a>', reverse(link.page, args=link.args), link.label)) or ""


@register.filter
def browser(user_agent):
    """The browser of an open session, in its owner's words."""
    return browsers.words(user_agent)


@register.filter
def time_left(until, now):
    """The time left until an instant as the server knows it, for a sentence of a page; clock.js keeps it true."""
    day, days = (ngettext("%(count)s\u00a0jour", "%(count)s\u00a0jours", n) % {"count": "{}"} for n in (1, 2))
    html = '<strong class="nowrap" data-until="{}" data-now="{}" data-day="{}" data-days="{}">{}</strong>'
    return format_html(html, iso(until), iso(now), day, days, left(until, now))


@register.filter
def problems_title(form):
    """How many answers of a refused form are to be given, and how many to be mended: an empty one is no mistake."""
    empty = sum(field.name in form.errors and _is_empty(field.value()) for field in form)
    wrong = len(form.errors) - empty
    if not empty:
        sentence = ngettext("Une réponse est à corriger", "%(count)s réponses sont à corriger", wrong)
        return sentence % {"count": french.number(wrong)}
    sentence = ngettext("Une réponse est à compléter", "%(count)s réponses sont à compléter", empty)
    said = sentence % {"count": french.number(empty)}
    if not wrong:
        return said
    more = ngettext("une est à corriger", "%(count)s sont à corriger", wrong) % {"count": french.number(wrong)}
    return f"{said}, {more}"


def _is_empty(value):
    return (value.strip() if isinstance(value, str) else value) in EMPTY


@functools.lru_cache(maxsize=256)
def _drawn(kind, icon, text):
    return render_to_string("includes/_tag.html", {"kind": kind, "icon": icon, "text": text})
