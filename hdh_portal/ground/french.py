"""French as it is printed: instants, amounts, sizes, durations, typography. Pure functions, mostly filters.

Every function takes plain values (aware datetimes, integers, text) and returns text whose insecable spaces are already
there: U+202F in thousands and inside « », U+00A0 between a number and its unit. Only characters that the portal's font
has are written. A filter of an absent value (None or empty text) prints nothing; the Python function refuses None.
Names that end in `_html` write « 1<sup>er</sup> ». The last section gives positions for drawings, which must never be
written in French (« 7,69 » is no SVG number): that is why they stand beside the rest.
"""

import re
from datetime import date, datetime, timedelta
from functools import wraps
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from hdh_portal.ground.figures import rounded
from hdh_portal.ground.text import clean

register = template.Library()

PARIS = ZoneInfo("Europe/Paris")
NARROW = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)


def shown(function):
    """Register a function as a filter of the same name that prints nothing for an absent value."""

    @wraps(function)
    def when_there(value, *arguments):
        return "" if value is None or value == "" else function(value, *arguments)

    register.filter(function.__name__, when_there)
    return function


@register.filter
def raised(text):
    """Our own text with its ordinal raised: « 1<sup>er</sup> juin »."""
    return mark_safe(re.sub(r"\b1er\b", "1<sup>er</sup>", conditional_escape(text)))  # noqa: S308


# Dates and instants ---------------------------------------------------------------------------------------------


def in_paris(value):
    """The same instant on a Paris clock. A datetime without zone is refused: nobody knows when it is."""
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return value.astimezone(PARIS)


def _local_day(value):
    return in_paris(value).date() if isinstance(value, datetime) else value


def _day_month(value):
    return f"{'1er' if value.day == 1 else value.day}{NBSP}{MONTHS[value.month - 1]}"


@shown
def day(value):
    """« 1er juin 2020 », of a date or of an instant (its day in Paris)."""
    value = _local_day(value)
    return f"{_day_month(value)} {value.year}"


@shown
def day_month(value):
    """« 1er juin »: where the year is known."""
    return _day_month(_local_day(value))


@shown
def long_day(value):
    """« lundi 1er juin 2020 »."""
    value = _local_day(value)
    return f"{DAYS[value.weekday()]} {day(value)}"


@shown
def day_range(first, last):
    """« 2 au 8 juin 2020 », « 6 et 7 juillet 2020 », « 20 décembre 2019 au 1er juin 2020 »; both days included."""
    first, last = _local_day(first), _local_day(last)
    if first == last:
        return day(first)
    link = "et" if last - first == timedelta(days=1) else "au"
    if first.year != last.year:
        return f"{day(first)} {link} {day(last)}"
    if first.month != last.month:
        return f"{_day_month(first)} {link} {day(last)}"
    return f"{'1er' if first.day == 1 else first.day} {link} {day(last)}"


@shown
def hour(value):
    """« 12 h 00 », « 9 h 12 »: the hour of a rendezvous."""
    local = in_paris(value)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02}"


@shown
def midnight_or_hour(value):
    """« minuit », « 0 h 15 »: the end of a delay that is over with the day, or soon after it."""
    local = in_paris(value)
    return translation.gettext("minuit") if (local.hour, local.minute) == (0, 0) else hour(value)


@shown
def hour_seconds(value):
    """« 12 h 00 min 00 s »: the hour of a limit that is held to the second."""
    local = in_paris(value)
    return f"{hour(value)}{NBSP}min{NBSP}{local.second:02}{NBSP}s"


@shown
def clock_time(value):
    """« 11:42:07 »: the hour of a proof."""
    return f"{in_paris(value):%H:%M:%S}"


@shown
def instant(value):
    """« lundi 1er juin 2020 à 12 h 00 (heure de Paris) »: the whole address of an instant."""
    return f"{long_day(value)} à {hour(value)} (heure de Paris)"


@shown
def moment(value):
    """« lundi 1er juin 2020 à 11:42:07 »: an instant that proves something."""
    return f"{long_day(value)} à {clock_time(value)}"


@shown
def moment_ms(value):
    """« lundi 1er juin 2020 à 11:42:07,318 »; thousandths are cut, not rounded, so that a limit is never jumped."""
    return f"{moment(value)},{value.microsecond // 1000:03}"


@shown
def short_instant(value):
    """« 1er juin 11:42:07 »: an instant in a table."""
    return f"{day_month(value)} {clock_time(value)}"


@shown
def iso(value):
    """The value of a `datetime` attribute: « 2020-06-01T12:00:00.000+02:00 », or « 2020-06-01 » of a date."""
    return in_paris(value).isoformat(timespec="milliseconds") if isinstance(value, datetime) else value.isoformat()


@shown
def near(until, now):
    """« aujourd’hui » or « demain » when the day of `until` in Paris is that near, else nothing."""
    days = (_local_day(until) - _local_day(now)).days
    return {0: "aujourd’hui", 1: "demain"}.get(days, "")


def _html(function):
    @wraps(function)
    def html(value, *arguments):
        return raised(function(value, *arguments))

    html.__name__ = f"{function.__name__}_html"
    return shown(html)


day_html, day_month_html, long_day_html, day_range_html = map(_html, (day, day_month, long_day, day_range))
instant_html, moment_html, moment_ms_html, short_instant_html = map(_html, (instant, moment, moment_ms, short_instant))


# Durations ------------------------------------------------------------------------------------------------------


@shown
def left(until, now):
    """Time left: « 3 jours 2 h 48 min », « 21 h 07 min », « 18 min », in the last two minutes « 1 min 20 s », « 40 s ».

    Always rounded down, so that nobody is promised a minute that is not there; « 0 s » once the instant has come.
    `static/js/clock.js` says the same words and changes with this function.
    """
    seconds = max(0, (until - now) // timedelta(seconds=1))
    if seconds < 120:
        return lapse(seconds)
    days, rest = divmod(seconds, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if not days and not hours:
        return f"{minutes}{NBSP}min"
    whole = ngettext("%(count)s\u00a0jour", "%(count)s\u00a0jours", days)
    return f"{f'{whole} ' if days else ''}{hours}{NBSP}h{NBSP}{minutes:02}{NBSP}min"


@shown
def lapse(value):
    """A measured duration, to the second: « 17 min 53 s », « 25 s », « 2 h 03 min 09 s ». Seconds or a timedelta."""
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    if hours:
        return f"{hours}{NBSP}h{NBSP}{minutes:02}{NBSP}min{NBSP}{seconds:02}{NBSP}s"
    return f"{minutes}{NBSP}min{NBSP}{seconds:02}{NBSP}s" if minutes else f"{seconds}{NBSP}s"


# Numbers --------------------------------------------------------------------------------------------------------


@shown
def number(value):
    """« 10 000 », « 3,5 », « −2 »: thousands by U+202F, decimal comma, true minus sign."""
    whole, _, decimals = f"{abs(value):,}".partition(".")
    sign = MINUS if value < 0 else ""
    return sign + whole.replace(",", NARROW) + (f",{decimals}" if decimals.strip("0") else "")


@shown
def decimal(value, places):
    """« 3,13 », « 3,00 »: a figure with so many decimals, rounded half up."""
    figure = rounded(value, places)
    text = f"{abs(figure):,.{places}f}".replace(",", NARROW).replace(".", ",")
    return f"{MINUS if figure < 0 else ''}{text}"


@shown
def euros(cents):
    """« 250 000 € » from integer cents; cents that are not zero are never hidden: « 250 000,01 € »."""
    return euros_cents(cents) if cents % 100 else f"{number(int(cents) // 100)}{NBSP}€"


@shown
def euros_cents(cents):
    """« 250 000,00 € » from integer cents."""
    units, rest = divmod(abs(int(cents)), 100)
    return f"{MINUS if cents < 0 else ''}{number(units)},{rest:02}{NBSP}€"


@shown
def size(count):
    """« 312 octets », « 96 Ko », « 1,3 Mo », « 20 Mo », from bytes; a Mo is a million of them."""
    if count < 1000:
        return ngettext("%(count)s\u00a0octet", "%(count)s\u00a0octets", count)
    if count < 999_500:
        return f"{(count + 500) // 1000}{NBSP}Ko"
    divisor, unit = (10**6, "Mo") if count < 999_950_000 else (10**9, "Go")
    units, tenths = divmod((count * 10 + divisor // 2) // divisor, 10)
    return f"{number(units)}{f',{tenths}' if tenths else ''}{NBSP}{unit}"


@shown
def percent(value):
    """« 48 % »."""
    return f"{number(value)}{NBSP}%"


@shown
def grammatical(count):
    """The number by which the language in use chooses between its forms; in French 0 and 1,5 are singular like 1.

    French is the language of the messages: it has no catalogue, and without one gettext knows the English rule alone.
    In a template: `{% blocktranslate count number=n|grammatical with shown=n|number %}`.
    """
    return 1 if translation.get_language() == "fr" and abs(count) < 2 else count


def ngettext(singular, plural, count):
    """A message that says how many, as `%(count)s`; its other `%` are doubled: « 138 dossiers »."""
    return translation.ngettext(singular, plural, grammatical(count)) % {"count": number(count)}


def official():
    """The language of what is kept or sent (papers, mails, notices), whoever's page or worker makes it."""
    return translation.override(settings.LANGUAGE_CODE)


# Names of things ------------------------------------------------------------------------------------------------


def _fours(text):
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


@shown
def digest(hexadecimal):
    """« 9f2c 41d8 … 7ab0 e6c3 »: a digest shortened for a page; short ones are shown whole."""
    if len(hexadecimal) <= 16:
        return _fours(hexadecimal)
    return f"{_fours(hexadecimal[:8])} … {_fours(hexadecimal[-8:])}"


@shown
def whole_digest(hexadecimal):
    """The whole digest in groups of four."""
    return _fours(hexadecimal)


def _threes(digits):
    return NARROW.join(digits[i : i + 3] for i in range(0, 9, 3))


@shown
def siren(digits):
    """« 999 990 013 »; what has not nine digits is shown as it was typed."""
    return _threes(digits) if re.fullmatch(r"[0-9]{9}", digits) else digits


@shown
def siret(digits):
    """« 999 990 013 00016 »; what has not fourteen digits is shown as it was typed."""
    return f"{_threes(digits[:9])}{NBSP}{digits[9:]}" if re.fullmatch(r"[0-9]{14}", digits) else digits


# Typography of our own text -------------------------------------------------------------------------------------

UNITS = "€|%|K€|M€|o|Ko|Mo|Go|h|min|s|ms|mm|cm|px|jours?|mois|ans?|caractères?|mots?"
RULES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"«\s*"), f"«{NARROW}"),
    (re.compile(r"\s*»"), f"{NARROW}»"),
    (re.compile(r"(?<!\d)(\d{1,3})(?: (\d{3})(?!\d))+"), lambda found: found[0].replace(" ", NARROW)),
    (re.compile(r"[ \u00a0\u202f]+(?=[;!?](?:[\s»)…]|$))"), NARROW),
    (re.compile(r"(?<=[\w»)])(?=[!?](?:[\s»)…]|$))"), NARROW),
    (re.compile(r"(?<=[\w»)])(?<!&amp)(?<!&lt)(?<!&gt)(?<!&quot)(?<!&nbsp)(?<!&#x27)(?=;(?:\s|$))"), NARROW),
    (re.compile(r"[ \u202f]+(?=:(?:\s|$))"), NBSP),
    (re.compile(rf"(?<=\d)[ \u202f](?=(?:{UNITS})(?!\w))"), NBSP),
    (re.compile(r"(?<=\d\u00a0h) (?=\d)|(?<=\d\u00a0min) (?=\d)"), NBSP),
    (re.compile(r"(?<=\b[nN]°) (?=\d)|(?<=\bart\.) (?=\w)"), NBSP),
)


@shown
def spaces(text):
    """French spaces, apostrophes and points of suspension in OUR text; what people typed never goes through here.

    Applied twice it changes nothing. Addresses and hours (`https://`, 11:42:07) keep their signs. HTML that is marked
    safe keeps its entities.
    """
    is_safe = hasattr(text, "__html__")
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return mark_safe(text) if is_safe else text  # noqa: S308


# Positions in drawings: never in French ---------------------------------------------------------------------------


@shown
def part_of(value, total):
    """`value` in hundredths of `total` as an SVG length, « 47.83% »; « 0% » when the total is nothing."""
    part = 0 if not total else min(max(value / total, 0), 1)
    return f"{round(part * 100, 2):g}%"


@shown
def on_the_hour(value, limit):
    """Place of an instant on the drawn hour before `limit`: the drawing runs from 60 min before to 5 min after."""
    return part_of((value - limit).total_seconds() + 3600, 3900)


@shown
def hour_before(limit):
    """« 11 h 00 »: where the drawn hour begins."""
    return hour(limit - timedelta(hours=1))


@shown
def seconds_left(until, now):
    """Whole seconds from `now` to `until`, for a template that compares; negative afterwards."""
    return (until - now) // timedelta(seconds=1)


@shown
def remaining(limit, used):
    """`limit` less `used`, for the count under a text."""
    return limit - used


@register.filter
def characters(text):
    """Length of a typed text as it is kept, in code points; 0 of nothing."""
    return len(clean(str(text or "")).strip())


def day_of(value: datetime | date) -> date:
    """The day in Paris of a date or an instant."""
    return _local_day(value)
