"""Numbers and amounts are read as people type them, and refused where nobody could be sure."""

import pytest

from applications.questions.typed import cents, whole_number

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("24", 24),
        (" 24 mois ", 24),
        ("24\u00a0mois", 24),
        ("24 Mois", 24),
        ("24,0", 24),
        ("2 ans", 24),
        ("1 an", 12),
        ("24 semaines", None),
        ("24,5", None),
        ("douze", None),
        ("", None),
        ("9" * 40, None),
    ],
)
def test_months(text, months):
    assert whole_number(text, "mois") == months


def test_number_without_a_unit():
    assert [whole_number(text) for text in ("1 200", "12 mois", "2 ans")] == [1200, None, None]


def test_unit_in_the_singular_and_the_plural():
    assert [whole_number(text, "patients") for text in ("1 patient", "30 patients", "30")] == [1, 30, 30]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("268 300,50", 26_830_050),
        ("268300.5", 26_830_050),
        ("300.000 €", 30_000_000),
        ("300,000", 30_000_000),
        ("1.234.567,89", 123_456_789),
        ("300K€", 30_000_000),
        ("300 k€", 30_000_000),
        ("0,25 M€", 25_000_000),
        ("300 000 euros", 30_000_000),
        ("300 000 EUR", 30_000_000),
        ("300'000", 30_000_000),
        ("0,3", 30),
        ("beaucoup", None),
        ("-5", None),
        ("12,3456", None),
        ("1.23.456", None),
        ("", None),
    ],
)
def test_amounts(text, amount):
    assert cents(text) == amount
