"""What identifies a lead or a partner is read as people type and paste it, and kept in one way."""

import pytest
from django.core.exceptions import ValidationError

from applications.questions.fields import IdentifierAnswer, SiretAnswer
from hdh_portal.accounts.identifiers import FOREIGN, RNA, RPPS, SIRET, kind_of, read, shown

pytestmark = pytest.mark.embedded
NUMBER = "99999001300016"


@pytest.mark.parametrize(
    "typed",
    [
        "999 990 013 00016\u200b",
        "SIRET : 999 990 013 00016",
        "999990013-00016",
        "N° SIRET\u00a0: 999.990.013.00016",
        "siret n°99999001300016",
        "\u2060999990013\u201100016\ufeff",
    ],
)
def test_pasted_decorations_are_taken_off_a_siret(typed):
    assert (read(typed), SiretAnswer().clean(typed), IdentifierAnswer().clean(typed)) == (NUMBER, NUMBER, NUMBER)


@pytest.mark.parametrize(
    ("typed", "kept", "kind", "said"),
    [
        (NUMBER, NUMBER, SIRET, "SIRET 999\u202f990\u202f013\u00a000016"),
        ("RNA : w75 123 4567", "W751234567", RNA, "RNA W751234567"),
        ("n° RNA W2A1234567", "W2A1234567", RNA, "RNA W2A1234567"),
        ("10003456786", "RPPS 10003456786", RPPS, "RPPS 10003456786"),
        ("RPPS n° 100 0345 6786", "RPPS 10003456786", RPPS, "RPPS 10003456786"),
        ("Belgique 0403.170.701", "Belgique 0403.170.701", FOREIGN, "Belgique 0403.170.701"),
        ("be 0403.170.701", "Belgique 0403.170.701", FOREIGN, "Belgique 0403.170.701"),
        ("suisse\u00a0: CHE-123.456.789", "Suisse CHE-123.456.789", FOREIGN, "Suisse CHE-123.456.789"),
        ("Côte d'Ivoire n° CI-ABJ-2019", "Côte d’Ivoire CI-ABJ-2019", FOREIGN, "Côte d’Ivoire CI-ABJ-2019"),
    ],
)
def test_identifier_is_kept_in_one_way_and_shown(typed, kept, kind, said):
    assert (read(typed), kind_of(kept), shown(kept), read(kept)) == (kept, kind, said, kept)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("00000000000000", "Ce SIRET n’est pas exact"),
        ("11122233344455", "Ce SIRET n’est pas exact"),
        ("999990013", "Ce numéro est un SIREN"),
        ("10003456787", "Ce SIRET n’est pas exact"),
        ("W75", "Cet identifiant n’est pas reconnu"),
        ("Atlantide 123", "Cet identifiant n’est pas reconnu"),
        ("France 12345", "Cet identifiant n’est pas reconnu"),
        ("Belgique", "Cet identifiant n’est pas reconnu"),
    ],
)
def test_what_identifies_nobody_is_refused_in_its_own_words(typed, said):
    with pytest.raises(ValidationError, match=said):
        IdentifierAnswer().clean(typed)
