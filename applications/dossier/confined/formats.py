"""A number of a workbook as its program shows it in French: amounts, percents, dates. Runs in the sandbox.

Formats are those of ECMA-376-1, 18.8.30 and 18.8.31. One that is not understood shows the plain number.
"""

import datetime
import functools
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

# By their number, as a French program shows them.
USUAL = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    5: '#,##0\\ "€"', 6: '#,##0\\ "€"', 7: '#,##0.00\\ "€"', 8: '#,##0.00\\ "€"',
    14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "hh:mm", 21: "hh:mm:ss", 22: "dd/mm/yyyy hh:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: "#,##0", 42: '#,##0\\ "€"', 43: "#,##0.00", 44: '#,##0.00\\ "€"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
    48: "##0.0E+0",
}  # fmt: skip
THOUSANDS, MINUS = "\u202f", "−"
TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|\\.|_.|\*.)
    |(?P<currency>\[\$[^\]]*\])
    |(?P<elapsed>\[(?:h+|m+|s+)\])
    |(?P<condition>\[(?:[<>]=?|=|<>)-?[0-9.]+\])
    |(?P<ignored>\[[^\]]*\])
    |(?P<general>General|Standard)
    |(?P<half>AM/PM|A/P)
    |(?P<power>E[+-]0*)
    |(?P<date>y+|m+|d+|h+|s+(?:\.0+)?)
    |(?P<digits>[0#?](?:[0#?,]*[0#?])?)
    |(?P<scale>,+)
    |(?P<sign>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
LONGEST = 200  # characters of a format


def shown(value, code, *, since_1904=False, words=None):
    """The text of a number, given as it is stored (« 0.3 »); `code`: its format, "" or "General" for none.

    `since_1904`: days are counted from 1904 in this workbook. `words`: names of months and days, by `contents.WORDS`.
    """
    try:
        number = _exact(value)
        section, is_signed = _section(code, number)
        if section is None:
            return _plain(number)
        return (
            _date(number, section, since_1904, words or {})
            if _is_date(section)
            else _number(number, section, is_signed)
        )
    except (InvalidOperation, ValueError, OverflowError, IndexError):
        return value.replace(".", ",")


def _exact(value):
    """The number that a program shows: of its sixteen or seventeen digits the last ones are noise."""
    return Decimal(f"{float(value):.15g}")


def _plain(number):
    """Without a format: whole numbers in full, others by ten digits that count."""
    if number == number.to_integral_value() and abs(number) < 10**15:
        text = f"{number:.0f}"
    else:
        text = f"{float(number):.10g}"
    return text.replace("-", MINUS, 1 if text.startswith("-") else 0).replace(".", ",").replace("e", "E")


@functools.lru_cache(maxsize=512)
def _sections(code):
    """The sections of a format, each the `[(kind, words)]` of its tokens; empty where there is no format."""
    sections, current = [], []
    for found in TOKEN.finditer(code[:LONGEST]):
        if found.lastgroup == "sign" and found[0] == ";":
            sections.append(current)
            current = []
        elif found.lastgroup != "ignored":
            current.append((found.lastgroup, found[0]))
    return [*sections, current] if current or sections else []


def _section(code, number):
    """`(section of a number or None, does it carry its own sign)`."""
    sections = _sections(code)
    if not sections:
        return None, True
    for section in sections:
        conditions = [words for kind, words in section if kind == "condition"]
        if conditions and _meets(number, conditions[0]):
            return section, number < 0
    place = 0
    if len(sections) > 1 and number < 0:
        place = 1
    elif len(sections) > 2 and number == 0:
        place = 2
    section = sections[place]
    if any(kind == "general" for kind, _words in section) or not section:
        return None, True
    return section, place == 0


def _meets(number, condition):
    sign, than = re.fullmatch(r"\[([<>=]+)(-?[0-9.]+)\]", condition).groups()
    than = Decimal(than)
    return {
        "<": number < than, "<=": number <= than, ">": number > than,
        ">=": number >= than, "=": number == than, "<>": number != than,
    }[sign]  # fmt: skip


def _literal(kind, words):
    """What a token that is no figure shows."""
    if kind == "currency":
        return words[2:-1].partition("-")[0]
    if kind != "text":
        return {"sign": words}.get(kind, "")
    return {"\\": words[1:], "_": " ", "*": ""}.get(words[0], words.strip('"'))


def _number(number, section, is_signed):
    percents = sum(words == "%" for kind, words in section if kind == "sign")
    number = number * 100**percents
    number = number / 1000 ** sum(len(words) for kind, words in section if kind == "scale")
    pieces = [words for kind, words in section if kind == "digits"]
    point = next((at for at, token in enumerate(section) if token == ("sign", ".")), len(section))
    power = next((words for kind, words in section if kind == "power"), None)
    if any(token == ("sign", "/") for token in section) and pieces:
        return _plain(number)  # a fraction: its value says more than a guess at how it was cut
    after = "".join(words for kind, words in section[point:] if kind == "digits")
    before = "".join(words for kind, words in section[:point] if kind == "digits")
    if power:
        before, after = before or "0", after
        mantissa, _e, exponent = f"{abs(number):.{len(after)}E}".partition("E")
        figures = f"{mantissa.replace('.', ',')}E{int(exponent):+03d}"
    elif pieces:
        figures = _figures(abs(number), before, after)
    else:
        figures = ""
    sign = MINUS if number < 0 and is_signed and figures.strip("0,\u202f") else ""
    return sign + _placed(section, figures, point)


def _figures(number, before, after):
    """The figures of a number by the places before and after its point."""
    rounded = number.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
    whole, _point, decimals = f"{rounded:f}".partition(".")
    places = before.replace(",", "")
    least = len(places) - places.index("0") if "0" in places else 0
    whole = whole.lstrip("0").rjust(least, "0")
    if "," in before:
        whole = f"{int(whole or 0):,}".replace(",", THOUSANDS) if whole else whole
    kept = len(after) - len(re.search(r"[#?]*$", after)[0])
    decimals = decimals[:kept] + decimals[kept:].rstrip("0")
    return whole + ("," + decimals if decimals else "")


def _placed(section, figures, point):
    """The figures in the places of a format, with the words around them and, as in a telephone number, between."""
    whole, mark, decimals = figures.partition(",")
    places = [at for at, (kind, _words) in enumerate(section[:point]) if kind == "digits"]
    parts = {}
    for at in reversed(places[1:]):
        width = len(section[at][1])
        parts[at], whole = whole[-width:], whole[:-width]
    first = places[0] if places else point
    parts[first] = whole + (parts.get(first, "") if first == point else "")
    last = places[-1] if places else point
    parts[last] = parts[last] + mark + decimals
    return "".join(
        parts.get(at, "") if kind in ("digits", "power") or at == point else _literal(kind, words)
        for at, (kind, words) in enumerate(section)
    ).strip()


# Dates and times --------------------------------------------------------------------------------------------------


def _is_date(section):
    return any(kind in ("date", "elapsed", "half") for kind, _words in section)


def _date(number, section, since_1904, words):
    elapsed = any(kind == "elapsed" for kind, _words in section)
    start = datetime.datetime(1904, 1, 1) if since_1904 else datetime.datetime(1899, 12, 30)
    days = number if since_1904 or number >= 60 or elapsed else number + 1  # a day of 1900 that never was
    seconds = int((days * 86_400).quantize(Decimal(1), ROUND_HALF_UP))
    if seconds < 0:
        raise ValueError("before the first day")
    at = start + datetime.timedelta(seconds=seconds)
    half = any(kind == "half" for kind, _words in section)
    return "".join(
        _moment(section, place, at, seconds, half, words)
        for place in range(len(section))
        if section[place][0] != "condition"
    ).strip()


def _moment(section, place, at, seconds, half, said):
    """What one token of the format of a date shows."""
    kind, words = section[place]
    if kind == "half":
        return "AM" if at.hour < 12 else "PM"
    if kind == "elapsed":
        unit, width = words[1].lower(), len(words) - 2
        return str(seconds // {"h": 3600, "m": 60, "s": 1}[unit]).rjust(width, "0")
    if kind != "date":
        return _literal(kind, words)
    letter, width = words[0].lower(), len(words)
    if letter == "m" and _is_minutes(section, place):
        return str(at.minute).rjust(width, "0")
    return _shown_unit(letter, width, at, half, said)


def _shown_unit(letter, width, at, half, words):
    if letter == "y":
        return f"{at.year:04d}" if width > 2 else f"{at.year % 100:02d}"
    if letter == "m":
        names = words.get({3: "short_months", 4: "months"}.get(width, ""))
        return names[at.month - 1] if names else f"{at.month:0{min(width, 2)}d}"
    if letter == "d":
        day = words["days"][at.weekday()] if words.get("days") else f"{at.day:02d}"
        return f"{at.day:0{width}d}" if width < 3 else day[:3] if width == 3 else day
    hour = (at.hour - 1) % 12 + 1 if half else at.hour
    return str(hour if letter == "h" else at.second).rjust(min(width, 2), "0")


def _is_minutes(section, place):
    """« m » is minutes after hours or before seconds, else a month."""
    units = [
        (at, words.strip("[]")[0].lower()) for at, (kind, words) in enumerate(section) if kind in ("date", "elapsed")
    ]
    order = [at for at, _unit in units].index(place)
    before = units[order - 1][1] if order else ""
    after = units[order + 1][1] if order + 1 < len(units) else ""
    return before == "h" or after == "s"
