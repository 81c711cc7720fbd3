"""Two texts for one field: what is in only one of them, and both in one text."""

import time

import pytest

from hdh_portal.ground.differences import marked, united

pytestmark = pytest.mark.embedded
MINE = "Il sera éprouvé dans 24 cabinets engagés pendant neuf mois, et 18 autres sont en discussion.\n\nEn 15 jours."
THEIRS = "Il sera éprouvé dans 42 cabinets engagés pendant neuf mois.\n\nEn 15 jours, comparés à l’an passé."


def only(parts):
    return [text.strip() for text, is_only in parts if is_only]


def test_what_is_in_one_text_only_is_marked_in_it():
    mine, theirs = marked(MINE, THEIRS)
    assert only(mine) == ["24", "mois, et 18 autres sont en discussion.", "jours."]
    assert only(theirs) == ["42", "mois.", "jours, comparés à l’an passé."]


@pytest.mark.parametrize(("mine", "theirs"), [(MINE, THEIRS), ("", "a b"), ("a  b\n", " a\nb"), ("", ""), ("a", "a")])
def test_parts_joined_are_the_texts(mine, theirs):
    one, other = marked(mine, theirs)
    assert ("".join(text for text, _ in one), "".join(text for text, _ in other)) == (mine, theirs)


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("Un. Deux.", "Un. Trois.", "Un. Deux.\nUn. Trois."),
        ("Un.\nDeux.", "Un.\nDeux.\nTrois.", "Un.\nDeux.\nTrois."),
        ("Un bon.\nFin.", "Un très bon.\nFin.", "Un très bon.\nFin."),
        ("Un. Et deux.", "Un. Et deux. Et trois.", "Un. Et deux. Et trois."),
        ("Zéro. Un.", "Un. Deux.", "Zéro. Un.\nUn. Deux."),
        ("Ici.", "Là.", "Ici.\nLà."),
        ("", "Là.", "Là."),
    ],
)
def test_united_text_has_all_of_both(mine, theirs, both):
    assert united(mine, theirs) == both


def test_long_texts_are_told_apart_in_no_time():
    began = time.monotonic()
    text = "x " * 20_000
    assert [only(parts) for parts in marked(text, text + "y")] == [[text.strip()], [f"{text}y"]]
    marked("de la " * 500, "la de " * 500)
    assert time.monotonic() - began < 5
