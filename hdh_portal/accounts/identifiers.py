"""What identifies a lead or a partner: a SIRET; the RNA of an association that has none; the RPPS of a person; or, for
a body of another country, the country and its number there.

Kept as one text: « 99999001300016 », « W751234567 », « RPPS 10001234567 », « Belgique 0403.170.701 ».
"""

import re

from django.utils.translation import gettext as _
from stdnum import luhn

from hdh_portal.accounts import sirene
from hdh_portal.ground import french
from hdh_portal.ground.countries import country_named
from hdh_portal.ground.text import clean

SIRET, RNA, RPPS, FOREIGN = "siret", "rna", "rpps", "foreign"
LABELLED = re.compile(r"\W*(?:n(?:um.ro|°|º|o\b)?\W*)?(?:(rna|waldec|rpps)\b)?\W*", re.IGNORECASE)
ASSOCIATION = re.compile(r"W[0-9][0-9AB][0-9]{7}")
PERSON = re.compile(r"RPPS ([0-9]{11})")
NUMBER_ABROAD = re.compile(r"(?=.*[0-9])\w[\w.\-/ ]{1,39}")
LONGEST_NAME = 5  # words of a country


def read(typed):
    """The identifier that was typed or pasted, in the one way in which it is kept; "" of nothing, None of no other."""
    number = sirene.compact(typed)
    if not number or sirene.is_siret(number):
        return number
    label, rest = _labelled(typed)
    if ASSOCIATION.fullmatch(rest.upper()):
        return rest.upper()
    if label == "rpps" or len(rest) == 11:
        return f"RPPS {rest}" if _is_rpps(rest) else None
    return _abroad(clean(typed).strip())


def _labelled(typed):
    text = clean(typed)
    found = LABELLED.match(text)
    return (found[1] or "").lower(), sirene.compact(text[found.end() :])


def _is_rpps(digits):
    return re.fullmatch("[0-9]{11}", digits) is not None and luhn.is_valid(digits) and digits != "0" * 11


def _abroad(text):
    """« Belgique 0403.170.701 » of a text that begins with a country, by its name or its two letters, else None."""
    words = text.split()
    for count in range(min(LONGEST_NAME, len(words) - 1), 0, -1):
        country = country_named(" ".join(words[:count]).rstrip(":,"))
        number = re.sub(r"^(?:[:,]|n°)\s*", "", " ".join(words[count:]))
        if country and NUMBER_ABROAD.fullmatch(number):
            return f"{country} {number}"
    return None


def kind_of(identifier):
    """Which of the kinds an identifier is of that is kept; "" of what is none."""
    if sirene.is_siret(identifier):
        return SIRET
    if ASSOCIATION.fullmatch(identifier):
        return RNA
    if (person := PERSON.fullmatch(identifier)) and _is_rpps(person[1]):
        return RPPS
    return FOREIGN if identifier and _abroad(identifier) == identifier else ""


def shown(identifier):
    """« SIRET 999 990 013 00016 », « RNA W751234567 », « RPPS 10001234567 », « Belgique 0403.170.701 »."""
    kind = kind_of(identifier)
    if kind == RNA:
        return _("RNA %(number)s") % {"number": identifier}
    if kind in (RPPS, FOREIGN):
        return identifier
    return _("SIRET %(number)s") % {"number": french.siret(identifier)}
