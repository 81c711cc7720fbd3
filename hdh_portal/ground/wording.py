"""Words that stand in for a figure, an address or a day; filters beside those of `french`."""

import re
from datetime import datetime

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from hdh_portal.ground.french import in_paris, number, raised
from hdh_portal.ground.holidays import is_holiday

register = template.Library()
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>«»()]+[^\s<>«»().,;:!?…]")


@register.filter
def linked(text):
    """Our own text with its web addresses as links, and raised; never what somebody typed."""
    return mark_safe(ADDRESS.sub(_link, raised(text)))  # noqa: S308


def _link(found):
    address = found.group()
    return f'<a href="{"" if "://" in address else "https://"}{address}">{address}</a>'


@register.filter
def on_holiday(value):
    """True of a date, or of an instant in Paris, that is a public holiday."""
    return is_holiday(in_paris(value).date() if isinstance(value, datetime) else value)


@register.filter
def step(value):
    """« par demi-point », « par point », « par pas de 0,25 »: between two marks of a scale."""
    words = {0.5: _("par demi-point"), 1: _("par point")}
    return words.get(float(value)) or _("par pas de %(step)s") % {"step": number(value)}


def in_words(count):
    """« dix » up to « seize », then figures."""
    words = _("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize").split()
    return words[count] if 0 <= count < len(words) else number(count)


def after_colon(sentence):
    """The same without its capital, unless it begins with an acronym: « Dossier incomplet : il manque »."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]
