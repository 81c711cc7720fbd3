"""SIREN and SIRET: spaces stripped, both checksums, La Poste's own rule (INSEE; V20, V22 of the domain note)."""

import re

from stdnum.fr import siren, siret

NOBODY = "0" * 9  # has a valid checksum


def compact(text):
    """Digits of a number typed with spaces or points."""
    return re.sub(r"[\s\u00a0\u202f.]", "", text or "")


def is_siren(text):
    """True for nine digits with a valid checksum, not all zeros."""
    return bool(re.fullmatch(r"[0-9]{9}", text)) and siren.is_valid(text) and text != NOBODY


def is_siret(text):
    """True for fourteen digits with a valid checksum, La Poste's establishments included, of a valid SIREN."""
    return bool(re.fullmatch(r"[0-9]{14}", text)) and siret.is_valid(text) and is_siren(siren_of(text))


def siren_of(number):
    """The legal entity of an establishment: two SIRET with the same one are of the same body."""
    return number[:9]
