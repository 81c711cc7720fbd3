"""The ranking while sheets may come, dossiers without all of theirs, and what parts equals at the cut line."""

import pytest
from django.urls import reverse

from reviews.models import Placement
from tests.applications.officers import words
from tests.reviews.makers import RANKED, SCORING, admissible, make_managers
from tests.reviews.marking import freeze, marked_six, seats, send

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def at(name, call, *more):
    return reverse(f"reviews:{name}", args=[call.slug, *more])


@pytest.fixture
def marked(now_is):
    """`marked_six`, at the meeting."""
    found = marked_six()
    now_is(RANKED)
    return found


def test_ranking_during_the_window_says_that_it_changes(marked, sign_in, now_is):
    call, _dossiers, (manager, _other) = marked
    client, said = sign_in(manager), "Ce classement est provisoire"
    page = client.get(at("ranking", call))
    assert (said in words(page), "Classement provisoire" in words(page)) == (False, False)
    assert {row["act"] for row in page.context["rows"]} == {"Déplacer"}
    now_is(SCORING)
    page = client.get(at("ranking", call))
    assert (said in words(page), "Classement provisoire" in words(page)) == (True, True)
    assert {row["act"] for row in page.context["rows"]} == {""}
    assert "La liste, provisoire" in words(client.get(at("shortlist", call)))
    named = f'attachment; filename="classement-provisoire-{call.slug}.csv"'
    assert client.get(at("ranking_csv", call))["Content-Disposition"] == named


def test_nobody_moves_a_dossier_while_sheets_may_come(marked, sign_in, now_is):
    call, dossiers, (manager, _other) = marked
    now_is(SCORING)
    client, address = sign_in(manager), at("shortlist_place", call, dossiers[2].reference)
    text = words(client.get(address))
    assert "Un dossier se déplace ensuite." in text
    assert ("Rang provisoire" in text, "Enregistrer sa place" in text) == (True, False)
    typed = {"is_shortlisted": "in", "reason": "Trop tôt."}
    answer = client.post(at("shortlist_place_save", call, dossiers[2].reference), typed)
    assert (answer.status_code, Placement.objects.exists()) == (409, False)
    assert "Trop tôt." in words(answer)
    now_is(call.evaluation.closes_at)
    client.post(at("shortlist_place_save", call, dossiers[2].reference), typed)
    assert Placement.objects.get().reason == "Trop tôt."


def test_dossiers_without_all_their_sheets_are_marked(marked, sign_in):
    call, dossiers, (manager, _other) = marked
    send(dossiers[0], 4.0)
    page = sign_in(manager).get(at("ranking", call))
    assert [row["is_short"] for row in page.context["rows"]] == [False, True, True]
    text = words(page)
    assert "Sans toutes leurs fiches 2 dossiers" in text
    assert (text.count("2 sur 3 incomplet"), text.count("incomplet : 2 fiches sur 3")) == (2, 2)


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (
            ([5.0, 4.0, 3.0, 3.0, 3.0, 3.0], [4.0, 5.0, 3.0, 3.0, 3.0, 3.0]),
            "à égalité (3,50), sont départagés par critère « leurs bénéfices potentiels rapides » : 5,00 contre 4,00.",
        ),
        (
            ([3.0, 4.0, 3.0, 3.0, 4.5, 3.5], [3.0, 4.5, 3.0, 3.0, 4.0, 3.5]),
            "à égalité (3,50), sont départagés par critère « leur contribution au partage des données mobilisées » : "
            "4,50 contre 4,00.",
        ),
    ],
)
def test_cut_line_says_what_parts_equals_with_its_values(sign_in, now_is, marks, said):
    first, second = admissible(2)
    call, manager = first.call, make_managers(first.call)[0]
    seats(call, 1)
    for dossier, given in zip((first, second), marks, strict=True):
        send(dossier, given)
    now_is(RANKED)
    text = words(sign_in(manager).get(at("ranking", call)))
    above, below = (one.last_submission().acronym for one in (first, second))
    assert f"{above} et {below}, {said}" in text
    own = said.replace("à égalité", "À égalité de moyenne").replace(", sont départagés", ", départagé")
    assert own not in text
    freeze(call, make_managers(call))
    assert own in words(sign_in(manager).get(at("ranking", call)))
