"""Who steers the evaluation: a manager who has declared their interests; odd input of theirs is never an error."""

import pytest
from django.urls import reverse

from reviews.shortlist.actions import propose_shortlist
from tests.applications.officers import declare, words
from tests.factories import make_officer
from tests.refusals import refused
from tests.reviews.makers import RANKED, admissible, make_managers, make_scored
from tests.reviews.marking import digest_of, freeze, seats, send

pytestmark = pytest.mark.django_db
LISTS = ("assignment_list", "sheet_list", "ranking", "shortlist")


def at(name, call, *more):
    return reverse(f"reviews:{name}", args=[call.slug, *more])


@pytest.fixture
def marked(now_is):
    """A call with two dossiers of one sheet each, at the meeting."""
    dossiers = admissible(2)
    seats(dossiers[0].call, 1)
    for dossier, mark in zip(dossiers, (4.0, 3.0), strict=True):
        send(dossier, mark, transmissible="Avis secret.")
    now_is(RANKED)
    return dossiers[0].call, dossiers


@pytest.mark.embedded
def test_manager_who_has_not_declared_is_led_to_declare_and_reads_nothing(marked, sign_in):
    call, dossiers = marked
    officer = make_officer(call, power="manager")
    client, name = sign_in(officer), dossiers[0].last_submission().acronym
    addresses = [at(name, call) for name in LISTS]
    addresses.append(reverse("applications:release_preview", args=[call.slug, "preselection"]))
    for address in addresses:
        page = client.get(address)
        assert (page.status_code, name in page.content.decode()) == (200, False)
        assert "Déclarez d’abord vos liens d’intérêts" in words(page)
        assert reverse("applications:interest_declare", args=[call.slug]) in page.content.decode()
    assert client.get(at("ranking_csv", call)).status_code == 404
    assert client.get(at("sheet_dossier", call, dossiers[0].reference)).status_code == 404
    declare(officer)
    assert name in client.get(at("ranking", call)).content.decode()


def test_manager_who_has_not_declared_signs_nothing(marked):
    call, _dossiers = marked
    fresh = make_officer(call, power="manager")
    refused("not_declared", propose_shortlist, call, digest_of(call), by=fresh.user, at=RANKED)
    assert freeze(call, make_managers(call)).is_frozen


@pytest.mark.parametrize(
    "reason", ["Bon\x00 motif.", "\r\n".join(["x" * 19] * 100)], ids=["NUL", "line ends count once"]
)
def test_reason_of_a_placement_is_read_as_it_was_meant(marked, sign_in, reason):
    call, dossiers = marked
    client = sign_in(make_managers(call)[0])
    answer = client.post(
        at("shortlist_place_save", call, dossiers[1].reference), {"is_shortlisted": "in", "reason": reason}
    )
    assert answer.status_code == 302
    dossiers[1].refresh_from_db()
    assert dossiers[1].placement.reason == reason.replace("\x00", "").replace("\r\n", "\n")


def test_rapporteur_whose_number_is_endless_is_nobody(sign_in):
    [dossier], assignments = make_scored(1)
    client = sign_in(make_managers(dossier.call)[0])
    place = at("assignment_change", dossier.call, dossier.reference, assignments[0].pk)
    assert client.post(place, {"rapporteur": "9" * 5000}).status_code == 422
