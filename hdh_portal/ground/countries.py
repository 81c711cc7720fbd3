"""Countries by their French names, with their two letters (ISO 3166-1): what people type before a foreign number."""

import functools
from pathlib import Path

from hdh_portal.ground.alphabet import alphabetical

NAMES = Path(__file__).with_name("countries.txt")  # several a line, between bars


@functools.cache
def _known():
    pairs = [
        one.strip().partition(" ") for line in NAMES.read_text(encoding="utf-8").splitlines() for one in line.split("|")
    ]
    return {alphabetical(word): name for code, _space, name in pairs for word in (code, name)}


def country_named(word):
    """The French name of the country that is called so, by its name or its two letters; None for any other word."""
    return _known().get(alphabetical(word))
