"""Numbers and amounts as people type them: spaces, units, thousands, « k » and « M » are read. Pure functions."""

import re

BLANKS = re.compile(r"[\s\u00a0\u202f\u2009'’]")
LONGEST = 30  # characters of a number that anybody means
# « 268 300,50 », « 268.300,50 », « 300,000 », « 0,25 »: whole part, with thousands or without, and decimals.
FIGURES = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,3}))?")
UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
MONEY = re.compile(rf"(?P<figures>{FIGURES.pattern})(?P<unit>[km]?)(?:€|eur|euros?)?", re.IGNORECASE)
MONTHS_A_YEAR = 12


def whole_number(text, unit=""):
    """The whole number of a text, or None: « 24 », « 24 mois », « 24,0 », and « 2 ans » where months are asked."""
    compact = BLANKS.sub("", text).casefold()
    if len(compact) > LONGEST:
        return None
    typed, years = BLANKS.sub("", unit).casefold(), False
    if typed and compact.endswith((typed, typed.removesuffix("s"))):
        compact = compact.removesuffix(typed).removesuffix(typed.removesuffix("s"))
    elif typed == "mois" and (found := re.fullmatch(r"(\d{1,3})ans?", compact)):
        compact, years = found[1], True
    found = re.fullmatch(r"(\d{1,9})(?:[.,]0+)?", compact)
    if found is None:
        return None
    return int(found[1]) * (MONTHS_A_YEAR if years else 1)


def cents(text):
    """The amount of a text in whole cents, or None: « 268 300,50 », « 300.000 € », « 250K€ », « 0,25 M€ ».

    A part of a cent is no amount.
    """
    compact = BLANKS.sub("", text)
    found = MONEY.fullmatch(compact) if len(compact) <= LONGEST else None
    if found is None:
        return None
    whole, decimals = re.sub(r"[.,]", "", found[2]), found[3] or ""
    scale = UNITS[found["unit"].casefold()]
    if not found["unit"] and len(decimals) > 2:
        return None
    thousandths = int(whole) * 1000 + int(decimals.ljust(3, "0"))
    amount, rest = divmod(thousandths * scale * 100, 1000)
    return None if rest else amount
