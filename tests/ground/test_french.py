from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Engine, defaultfilters
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from hdh_portal.ground import french
from hdh_portal.ground.figures import rounded, shares
from hdh_portal.ground.french import NARROW as N
from hdh_portal.ground.french import NBSP as B
from tests.factories import ROOT

pytestmark = pytest.mark.embedded

NOON = datetime(2020, 6, 1, 10, 0, tzinfo=UTC)
PROOF = datetime(2020, 6, 1, 9, 42, 7, 318_999, tzinfo=UTC)


def render(source, **context):
    engine = Engine(builtins=["django.templatetags.i18n", "hdh_portal.ground.french"], libraries={})
    return engine.from_string(source).render(Context(context))


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        (french.instant, NOON, f"lundi 1er{B}juin 2020 à 12{B}h{B}00 (heure de Paris)"),
        (french.moment, PROOF, f"lundi 1er{B}juin 2020 à 11:42:07"),
        (french.moment_ms, PROOF, f"lundi 1er{B}juin 2020 à 11:42:07,318"),
        (french.short_instant, PROOF, f"1er{B}juin 11:42:07"),
        (french.hour, datetime(2020, 5, 29, 7, 12, tzinfo=UTC), f"9{B}h{B}12"),
        (french.hour_seconds, NOON, f"12{B}h{B}00{B}min{B}00{B}s"),
        (french.clock_time, datetime(2020, 5, 29, 7, 12, 5, tzinfo=UTC), "09:12:05"),
        (french.day, date(2020, 3, 24), f"24{B}mars 2020"),
        (french.long_day, date(2020, 6, 16), f"mardi 16{B}juin 2020"),
        (french.day_month, date(2020, 8, 1), f"1er{B}août"),
        (french.iso, NOON, "2020-06-01T12:00:00.000+02:00"),
        (french.iso, date(2020, 6, 1), "2020-06-01"),
    ],
)
def test_instants_are_written_in_paris(function, value, expected):
    assert function(value) == expected


def test_day_of_an_instant_is_the_day_in_paris():
    just_after_midnight = datetime(2020, 5, 31, 22, 30, tzinfo=UTC)
    assert french.day(just_after_midnight) == f"1er{B}juin 2020"
    assert french.hour(datetime(2020, 1, 15, 11, 0, tzinfo=UTC)) == f"12{B}h{B}00"


def test_instant_without_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        french.instant(datetime(2020, 6, 1, 12))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2020, 6, 2), date(2020, 6, 8), f"2 au 8{B}juin 2020"),
        (date(2020, 7, 6), date(2020, 7, 7), f"6 et 7{B}juillet 2020"),
        (date(2020, 6, 1), date(2020, 6, 8), f"1er au 8{B}juin 2020"),
        (date(2020, 5, 30), date(2020, 6, 2), f"30{B}mai au 2{B}juin 2020"),
        (date(2019, 12, 20), date(2020, 6, 1), f"20{B}décembre 2019 au 1er{B}juin 2020"),
        (date(2020, 7, 9), date(2020, 7, 9), f"9{B}juillet 2020"),
    ],
)
def test_day_range_says_what_differs_only(first, last, expected):
    assert french.day_range(first, last) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(days=3, hours=2, minutes=48), f"3{B}jours 2{B}h{B}48{B}min"),
        (timedelta(days=1), f"1{B}jour 0{B}h{B}00{B}min"),
        (timedelta(hours=21, minutes=7, seconds=59), f"21{B}h{B}07{B}min"),
        (timedelta(minutes=18, seconds=59), f"18{B}min"),
        (timedelta(minutes=2), f"2{B}min"),
        (timedelta(seconds=119, milliseconds=999), f"1{B}min{B}59{B}s"),
        (timedelta(seconds=40), f"40{B}s"),
        (timedelta(milliseconds=900), f"0{B}s"),
        (timedelta(days=-2), f"0{B}s"),
    ],
)
def test_left_is_rounded_down_and_shorter_near_the_end(span, expected):
    assert french.left(NOON, NOON - span) == expected


def test_lapse_is_exact_to_the_second():
    assert french.lapse(timedelta(minutes=17, seconds=53)) == f"17{B}min{B}53{B}s"
    assert french.lapse(25) == f"25{B}s"
    assert french.lapse(7389) == f"2{B}h{B}03{B}min{B}09{B}s"


def test_near_names_today_and_tomorrow_only():
    assert french.near(NOON, NOON - timedelta(hours=3)) == "aujourd’hui"
    assert french.near(NOON, NOON - timedelta(hours=20)) == "demain"
    assert french.near(NOON, NOON - timedelta(days=3)) == ""


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        (french.number, 10_000, f"10{N}000"),
        (french.number, 3.5, "3,5"),
        (french.number, 4.0, "4"),
        (french.number, -1234, f"\u22121{N}234"),
        (french.euros, 30_000_000, f"300{N}000{B}€"),
        (french.euros, 30_000_001, f"300{N}000,01{B}€"),
        (french.euros, 0, f"0{B}€"),
        (french.euros_cents, 30_000_000, f"300{N}000,00{B}€"),
        (french.euros_cents, -5, f"\u22120,05{B}€"),
        (french.percent, 48, f"48{B}%"),
        (french.size, 1, f"1{B}octet"),
        (french.size, 312, f"312{B}octets"),
        (french.size, 96_400, f"96{B}Ko"),
        (french.size, 999_499, f"999{B}Ko"),
        (french.size, 999_600, f"1{B}Mo"),
        (french.size, 1_300_000, f"1,3{B}Mo"),
        (french.size, 20_000_000, f"20{B}Mo"),
        (french.size, 2_500_000_000, f"2,5{B}Go"),
        (french.digest, "9f2c41d8" + "0" * 48 + "7ab0e6c3", "9f2c 41d8 … 7ab0 e6c3"),
        (french.digest, "9f2c41d8", "9f2c 41d8"),
        (french.whole_digest, "9f2c41d87a", "9f2c 41d8 7a"),
        (french.siren, "999990013", f"999{N}990{N}013"),
        (french.siret, "99999001300016", f"999{N}990{N}013{B}00016"),
        (french.siret, "12 34", "12 34"),
    ],
)
def test_numbers_are_written_in_french(function, value, expected):
    assert function(value) == expected


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (3.125, 2, "3,13"),  # Python's own formats write 3,12
        (2.675, 2, "2,68"),  # its binary form is a little less
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        ((0.1 + 0.2 + 0.3) / 4.8, 3, "0,125"),
        (3.125 - 4e-16, 2, "3,13"),  # the noise of a sum of floats
        (3, 2, "3,00"),
        (0, 1, "0,0"),
        (-0.125, 2, "−0,13"),
        (-0.001, 2, "0,00"),
        (1234.5, 1, "1\u202f234,5"),
    ],
)
def test_figures_are_rounded_half_up(value, places, expected):
    assert french.decimal(value, places) == expected
    assert rounded(value, places) == float(expected.replace(",", ".").replace("−", "-").replace("\u202f", ""))


def test_no_template_has_a_rounding_of_its_own():
    pages = (ROOT / "templates").rglob("*.html")
    assert [path.name for path in pages if "floatformat" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(("count", "expected"), [(0, "0\u00a0dossier"), (1, "1\u00a0dossier"), (2, "2\u00a0dossiers")])
def test_plural_begins_at_two(count, expected):
    assert french.ngettext("%(count)s\u00a0dossier", "%(count)s\u00a0dossiers", count) == expected


def test_another_language_counts_by_its_own_rule():
    with translation.override("en"):
        assert french.ngettext("%(count)s file", "%(count)s files", 0) == "0 files"


def test_shares_of_the_largest_remainder_sum_to_hundred():
    assert shares([66, 59, 7, 6]) == [48, 43, 5, 4]
    assert shares([1, 1, 1]) == [34, 33, 33]
    assert shares([0, 0]) == [0, 0]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any))
def test_shares_never_stray_a_whole_point(counts):
    parts = shares(counts)
    assert sum(parts) == 100
    assert all(abs(part - count * 100 / sum(counts)) < 1 for part, count in zip(parts, counts, strict=True))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("L'appel est ouvert !", f"L’appel est ouvert{N}!"),
        ("Un problème? Oui; non!", f"Un problème{N}? Oui{N}; non{N}!"),
        ("« Déposer »", f"«{N}Déposer{N}»"),
        ("Limite : 1 500 caractères", f"Limite{B}: 1{N}500{B}caractères"),
        ("à 12 h 00, 20 Mo, 48 %, n° 3", f"à 12{B}h{B}00, 20{B}Mo, 48{B}%, n°{B}3"),
        ("de 300 000 € au plus", f"de 300{N}000{B}€ au plus"),
        ("en 2019 189 candidats", "en 2019 189 candidats"),
        ("voir https://exemple.fr/a?b;c à 11:42:07...", "voir https://exemple.fr/a?b;c à 11:42:07…"),
    ],
)
def test_spaces_sets_french_typography(typed, printed):
    assert french.spaces(typed) == printed
    assert french.spaces(printed) == printed


def test_spaces_keeps_the_entities_of_safe_html():
    text = french.spaces(mark_safe("R&amp;D ; « a &lt; b »"))
    assert text == f"R&amp;D{N}; «{N}a &lt; b{N}»"
    assert isinstance(text, SafeString)


def test_html_forms_raise_the_ordinal_only():
    assert french.instant_html(NOON) == f"lundi 1<sup>er</sup>{B}juin 2020 à 12{B}h{B}00 (heure de Paris)"
    assert french.day_html(date(2020, 6, 21)) == f"21{B}juin 2020"
    assert isinstance(french.instant_html(NOON), SafeString)


def test_filters_print_nothing_for_an_absent_value():
    assert (
        render("[{{ a|instant_html }}{{ a|euros }}{{ a|size }}{{ a|grammatical }}{{ a|left:b }}]", a=None, b=NOON)
        == "[]"
    )


def test_filters_work_in_templates():
    counted = (
        "{% blocktranslate count x=n|grammatical %}dossier déposé{% plural %}dossiers déposés{% endblocktranslate %}"
    )
    source = "{{ n|number }}\u00a0" + counted + ", {{ a|day_range:b }}, {{ end|left:now }}"
    printed = render(source, n=138, a=date(2020, 6, 2), b=date(2020, 6, 8), end=NOON, now=NOON - timedelta(seconds=40))
    assert printed == f"138{B}dossiers déposés, 2 au 8{B}juin 2020, 40{B}s"


def test_lengths_are_never_localised():
    assert french.part_of(66, 138) == "47.83%"
    assert french.part_of(2, 0) == "0%"
    assert french.part_of(9, 3) == "100%"
    assert french.on_the_hour(NOON, NOON) == "92.31%"
    assert french.on_the_hour(NOON - timedelta(hours=1), NOON) == "0%"
    assert french.hour_before(NOON) == f"11{B}h{B}00"
    assert french.seconds_left(NOON, NOON - timedelta(minutes=59, milliseconds=1)) == 3540
    assert french.remaining(1500, 1659) == -159


def test_characters_count_a_line_end_once():
    assert french.characters("é\r\nà\n😀") == 5
    assert french.characters(None) == 0


def test_filters_hide_none_of_django():
    assert set(french.register.filters) & set(defaultfilters.register.filters) == set()
