"""How a mail is laid out: addresses, a subject of one line, a body of 72 signs a line."""

import textwrap

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

WIDTH = 72  # signs a line, below the 78 that RFC 5322 advises


def address_of(name, *args):
    return settings.HDH_BASE_URL + reverse(name, args=args)


def one_line(text):
    """One line: a header takes no line end from anybody."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def wrapped_text(template, words):
    """The template's text, each line wrapped on words; addresses and digests are never cut."""
    wrapped = (
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) if len(line) > WIDTH else line
        for line in render_to_string(template, words).strip().split("\n")
    )
    return "\n".join(wrapped) + "\n"
