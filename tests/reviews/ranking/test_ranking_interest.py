"""What somebody with an interest in one dossier reads of the ranking and of the shortlist, and what they do with it."""

import csv
import io

import pytest

from applications.interests.actions import declare_interest
from reviews.models import Placement, Shortlist
from reviews.shortlist.actions import place_dossier
from tests.applications.officers import make_ready, words
from tests.reviews.makers import RANKED
from tests.reviews.marking import freeze
from tests.reviews.ranking.test_ranking_views import at, marked  # noqa: F401 - one is a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_who_has_an_interest_in_a_dossier_reads_the_marks_of_the_others_and_no_rank(marked, sign_in):  # noqa: F811 - a fixture
    call, (one, two, three), (manager, other) = marked
    place_dossier(one, True, "Vu.", by=other.user, at=RANKED)
    declare_interest(one, by=manager.user, at=RANKED)
    page = sign_in(manager).get(at("ranking", call))
    text, rows = words(page), page.context["rows"]
    assert [(row["line"].reference, row["mean"], row["line"].rank, row["tag"]) for row in rows] == [
        (two.reference, "3,00", None, None),
        (three.reference, "2,00", None, None),
    ]
    assert ("Votre déport" in text, "Fiches reçues 4 sur 6" in text, "Dossiers à classer 2" in text) == (True,) * 3
    assert not any(said in text for said in (one.reference, "Ligne de coupe", "Proposé", "Non proposé", "Déplacer"))
    for row in csv.reader(
        io.StringIO(sign_in(manager).get(at("ranking_csv", call)).getvalue().decode()), delimiter=";"
    ):
        assert row[2] != one.reference or (row[-1], "".join(row[8:-1])) == ("Votre déport", "")
        assert row[2] not in (two.reference, three.reference) or (row[0], row[-3]) == ("", "")


def test_who_has_an_interest_in_a_dossier_reads_the_list_once_it_is_frozen(marked, sign_in):  # noqa: F811 - a fixture
    call, (one, two, _three), (manager, other) = marked
    declare_interest(one, by=manager.user, at=RANKED)
    before = sign_in(manager).get(at("shortlist", call))
    assert ("Voir qui peut signer" in words(before), two.reference in before.content.decode()) == (True, False)
    assert not any(sign in words(before).split("figent", 1)[1].split("Ce portail")[0] for sign in "3456789")
    freeze(call, [other, make_ready(call, power="manager")])
    after = sign_in(manager).get(at("shortlist", call))
    assert ("2 dossiers" in words(after), words(after).count("Votre déport")) == (True, 1)
    assert [row["line"].reference for row in after.context["rows"]] == [two.reference]
    ranking = words(sign_in(manager).get(at("ranking", call)))
    assert ranking.index("Votre déport") < ranking.rindex("Présélectionné")
    assert "4,00" not in ranking


def test_who_has_an_interest_in_a_dossier_moves_and_signs_nothing(marked, sign_in):  # noqa: F811 - a fixture
    call, (one, two, _three), (manager, other) = marked
    place_dossier(two, True, "Vu.", by=other.user, at=RANKED)
    declare_interest(one, by=manager.user, at=RANKED)
    client = sign_in(manager)
    assert client.get(at("shortlist_place", call, two.reference)).status_code == 404
    posts = [at(name, call) for name in ("shortlist_propose", "shortlist_freeze")]
    posts += [at(name, call, two.reference) for name in ("shortlist_place_save", "shortlist_unplace")]
    assert [client.post(address).status_code for address in posts] == [409, 409, 404, 404]
    assert (Placement.objects.get().reason, Shortlist.objects.exists()) == ("Vu.", False)
