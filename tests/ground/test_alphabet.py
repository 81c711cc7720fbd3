"""One order for every list that people read by name: in Python and in the database, whichever it is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdh_portal.accounts.models import Organisation
from hdh_portal.ground.alphabet import Alphabetical, alphabetical

# As a French reader expects them.
NAMES = (
    *("Ange", "Céleste Rémusat", "Cœur", "Coeurs", "Eau", "Écho", "écho 2", "Echo 10", "Étoile", "étude", "Île"),
    *("Jean", "JEAN Paul", "Jean-Pierre", "L’Abbé", "label", "Lot 2", "Lot 10", "N’Doye", "Ndoyé A", "Œuvre"),
    *("Zoé", "Zoë B", "Δ"),
)
CHARACTERS = "aàâäbcçdeéèêëfghiîïkmnñoôöœpqrsßtuùûüvwxyÿzæøłđAÀÉÊŒÇZ0123456789 '’-–.,()«»\u00a0\u202fΔжẞ"


def test_list_is_in_the_order_of_a_french_reader():
    mixed = random.Random(7).sample(NAMES, len(NAMES))
    assert sorted(mixed, key=alphabetical) == list(NAMES)


@pytest.mark.parametrize(
    "equals",
    [
        ("Élan", "elan", "ÉLAN", "E\u0301lan"),
        ("Sainte-Anne", "sainte anne", "Sainte\u2011Anne", " Sainte  Anne"),
        ("N’Doye", "N'Doye", "ndoye"),
        ("Cœur", "COEUR"),
        ("007", "7"),
        ("", "…"[1:], "' "),
    ],
)
def test_what_a_reader_takes_for_the_same_has_one_key(equals):
    assert len({alphabetical(text) for text in equals}) == 1


def test_nothing_has_the_first_key():
    assert alphabetical(None) == alphabetical("") == ""


@pytest.mark.django_db
def test_database_sorts_as_python_does():
    mixed = random.Random(7).sample(NAMES, len(NAMES))
    Organisation.objects.bulk_create(Organisation(name=name, short_name=name) for name in mixed)
    rows = Organisation.objects.filter(name__in=NAMES).order_by(Alphabetical("short_name"))
    assert list(rows.values_list("short_name", flat=True)) == list(NAMES)


@pytest.mark.django_db
def test_database_computes_the_key_of_python():
    words = random.Random(9)
    names = {"".join(words.choices(CHARACTERS, k=words.randint(1, 24))) for _n in range(400)}
    Organisation.objects.bulk_create(Organisation(name=name, short_name=f"x{n}") for n, name in enumerate(names))
    rows = Organisation.objects.filter(name__in=names).annotate(key=Alphabetical("name"))
    found = dict(rows.values_list("name", "key"))
    assert {name: key for name, key in found.items() if key != alphabetical(name)} == {}
    assert len(found) == len(names)


@given(st.text())
def test_key_of_a_key_is_itself(text):
    assert alphabetical(alphabetical(text)) == alphabetical(text)
