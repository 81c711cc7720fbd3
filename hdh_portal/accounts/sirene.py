"""SIREN and SIRET: spaces stripped, Luhn, and La Poste's own rule (INSEE; V20, V22 of the domain note)."""

import re

from stdnum import luhn

POSTE = "356000000"
POSTE_HEAD_OFFICE = "35600000000048"


def compact(text):
    """Digits of a number typed with spaces or points."""
    return re.sub(r"[\s\u00a0\u202f.]", "", text or "")


def is_siren(text):
    """True for nine digits with a valid checksum."""
    return bool(re.fullmatch(r"\d{9}", text)) and luhn.is_valid(text)


def is_siret(text):
    """True for fourteen digits with a valid checksum, La Poste's establishments included."""
    if not re.fullmatch(r"\d{14}", text):
        return False
    if text.startswith(POSTE):
        return text == POSTE_HEAD_OFFICE or sum(map(int, text)) % 5 == 0
    return luhn.is_valid(text)
