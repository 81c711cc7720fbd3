"""Numbers of a workbook are shown as the program that wrote it shows them, in French."""

import pytest

from applications.dossier.confined.formats import USUAL, shown
from applications.dossier.pages import words

pytestmark = pytest.mark.embedded
NARROW, ACCOUNT = "\u202f", '_-* #,##0.00\\ [$€-40C]_-;\\-* #,##0.00\\ [$€-40C]_-;_-* "-"??\\ [$€-40C]_-;_-@_-'


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("0.30000000000000004", "", "0,3"),
        ("120000.5", "General", "120000,5"),
        ("12345678901", "", "12345678901"),
        ("268300.5", '#,##0.00\\ "€"', f"268{NARROW}300,50 €"),
        ("-1234.5", "#,##0.00;[Red]-#,##0.00", f"-1{NARROW}234,50"),
        ("-5", "#,##0", "−5"),
        ("1200", ACCOUNT, f"1{NARROW}200,00 €"),
        ("0", ACCOUNT, "- €"),
        ("1500", '#,##0.0,\\ "k€"', "1,5 k€"),
        ("0.155", "0%", "16%"),
        ("0.125", "0.0%", "12,5%"),
        ("3", "0.##", "3"),
        ("75", "00000", "00075"),
        ("612345678", '0#" "##" "##" "##" "##', "06 12 34 56 78"),
        ("42", '0\\ "mois"', "42 mois"),
        ("1234.567", "0.00E+00", "1,23E+03"),
        ("0.5", "# ?/?", "0,5"),
        ("43983", USUAL[14], "01/06/2020"),
        ("43983", "[$-40C]d mmmm yyyy;@", "1 juin 2020"),
        ("43983", "mmm-yy", "juin-20"),
        ("44013.75", USUAL[22], "01/07/2020 18:00"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.25", "h:mm AM/PM", "6:00 AM"),
        ("7", '[<10]"moins de dix";0', "moins de dix"),
        ("9999999999", "dd/mm/yyyy", "9999999999"),
        ("n’importe quoi", "0", "n’importe quoi"),
        ("", "", ""),
    ],
)
def test_number_is_shown_as_its_format_says(value, code, text):
    assert shown(value, code, words=words()) == text


def test_days_are_counted_from_the_first_one_of_the_workbook():
    assert shown("42521", USUAL[14], since_1904=True) == "01/06/2020"
