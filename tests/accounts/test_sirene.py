"""A number that no establishment can have is refused, and those of the fictitious series are not."""

import pytest
from django.core.exceptions import ValidationError

from applications.questions.fields import SiretAnswer
from hdh_portal.accounts.sirene import compact, is_siren, is_siret
from tests.factories import siret


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        ("73282932000074", True),
        ("73282932000079", False),
        ("00000000000000", False),  # its checksum is right, and nobody bears it
        ("11122233344455", False),  # its checksum is right, that of its SIREN is not
        ("35600000000048", True),  # the head office of La Poste
        ("35600000049837", True),  # one of its post offices, by the rule of its own
        ("35600000049838", False),
        ("7328293200007", False),
        ("732829320000741", False),
        ("732 829 320 00074", False),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", False),
        ("", False),
    ],
)
def test_siret_has_two_checksums(number, holds):
    assert is_siret(number) is holds


@pytest.mark.parametrize(
    ("number", "holds"),
    [("732829320", True), ("732829321", False), ("000000000", False), ("356000000", True), ("73282932", False)],
)
def test_siren_has_a_checksum_and_is_not_all_zeros(number, holds):
    assert is_siren(number) is holds


@pytest.mark.parametrize("number", ["00000000000000", "111 222 333 44455"])
def test_typed_number_that_nobody_can_bear_is_refused(number):
    field = SiretAnswer()
    with pytest.raises(ValidationError, match="n’est pas exact"):
        field.clean(number)
    assert field.clean("732\u202f829\u202f320\u00a000074") == "73282932000074"


def test_number_that_tests_invent_is_valid():
    assert [n for n in (0, 1, 77, 990_014) if not is_siret(siret(n))] == []


def test_spaces_and_points_are_taken_out():
    assert compact(" 732.829\u202f320\u00a0000 74\t") == "73282932000074"
