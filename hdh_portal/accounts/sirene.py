"""SIREN and SIRET: spaces stripped, both checksums, La Poste's own rule (INSEE; V20, V22 of the domain note)."""

import re

from stdnum.fr import siren, siret

from hdh_portal.ground.text import clean

NOBODY = "0" * 9  # has a valid checksum


LABEL = re.compile(r"\W*(?:n(?:um.ro|°|º|o\b)?\W*)?(?:de\s+)?(?:siret|siren)?\W*(?:n[°º]\W*)?", re.IGNORECASE)


def compact(text):
    """Digits of a number as it was typed or pasted: with its label, spaces, points, hyphens and what cannot be seen."""
    return re.sub(r"[\s.\-‐‑‒–—−_/]", "", LABEL.sub("", clean(text or ""), count=1))


def is_siren(text):
    """True for nine digits with a valid checksum, not all zeros."""
    return bool(re.fullmatch(r"[0-9]{9}", text)) and siren.is_valid(text) and text != NOBODY


def is_siret(text):
    """True for fourteen digits with a valid checksum, La Poste's establishments included, of a valid SIREN."""
    return bool(re.fullmatch(r"[0-9]{14}", text)) and siret.is_valid(text) and is_siren(siren_of(text))


def siren_of(number):
    """The legal entity of an establishment: two SIRET with the same one are of the same body."""
    return number[:9]
