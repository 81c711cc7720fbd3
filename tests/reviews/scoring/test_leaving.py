"""Leaving a dossier with a confirmation and its kind, and coming back to it on the same day."""

import datetime

import pytest
from django.urls import reverse

from applications.models import Interest
from reviews.assigning.actions import change_assignment
from reviews.models import Assignment
from tests.applications.officers import words
from tests.reviews.makers import SCORING, make_managers, make_open, make_rapporteur, make_scored
from tests.reviews.posting import at

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


@pytest.fixture
def trio():
    """The three assignments of one dossier."""
    return make_scored()[1]


@pytest.mark.parametrize("reason", ["expertise", "load"])
def test_giving_back_asks_why_and_for_a_confirmation(sign_in, trio, reason):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    page = client.get(at("declaration_return", assignment))
    assert f'value="{reason}"' in page.content.decode() and "Confirmer et rendre ce dossier" in words(page)
    page = client.post(at("declaration_decline", assignment))
    assert (page.status_code, Assignment.objects.get(pk=assignment.pk).ended_at) == (422, None)
    assert "Choisissez pourquoi vous rendez ce dossier." in words(page)
    client.post(at("declaration_decline", assignment), {"reason": reason})
    assert Assignment.objects.get(pk=assignment.pk).ended_reason == reason
    assert client.get(at("declaration_edit", assignment)).status_code == 404


def test_recusal_asks_for_its_kind_and_for_a_confirmation(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    page = words(client.get(at("declaration_recuse", assignment)))
    assert "Confirmer et me déporter" in page and "travaux ou publications en commun" in page
    page = client.post(at("declaration_interest", assignment), {"nature": ""})
    assert (page.status_code, Interest.objects.filter(kind="declared").exists()) == (422, False)
    assert "Une réponse est à compléter" in words(page)
    client.post(at("declaration_interest", assignment), {"nature": "rival"})
    assert Interest.objects.get(kind="declared").nature == "rival"
    listed = words(client.get(reverse("reviews:declaration_list", args=[assignment.application.call.slug])))
    assert "projet concurrent" in listed


@pytest.mark.parametrize(
    ("name", "data"), [("declaration_interest", {"nature": "work"}), ("declaration_decline", {"reason": "load"})]
)
def test_slip_is_taken_back_on_the_same_day_and_no_later(sign_in, trio, now_is, name, data):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    call = assignment.application.call
    client.post(at(name, assignment), data)
    home = f"{reverse('reviews:worklist', args=[call.slug])}?vue=deports"
    assert "Revenir sur ce choix" in words(client.get(home)) and "jusqu’à minuit" in words(client.get(home))
    assert client.post(at("declaration_take_back", assignment)).url == at("declaration_edit", assignment)
    assert client.get(at("sheet_edit", assignment)).status_code == 200
    assert (
        Interest.objects.filter(kind="declared").exists(),
        Assignment.objects.open_to(assignment.rapporteur).count(),
    ) == (False, 1)
    client.post(at(name, assignment), data)
    now_is(SCORING + datetime.timedelta(hours=10))
    assert "Revenir sur ce choix" not in words(client.get(home))
    assert client.post(at("declaration_take_back", assignment)).status_code == 409
    assert client.get(at("sheet_edit", assignment)).status_code == 404


def test_place_that_somebody_else_has_is_not_taken_back(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    call = assignment.application.call
    client.post(at("declaration_decline", assignment), {"reason": "load"})
    manager = make_managers(call)[0]
    taken, bodies = {one.body_id for one in trio}, call.rapporteur_bodies.all()
    other = make_rapporteur(call, body=next(n for n, row in enumerate(bodies) if row.organisation_id not in taken))
    change_assignment(Assignment.objects.get(pk=assignment.pk), other, by=manager.user, at=SCORING)
    page = client.post(at("declaration_take_back", assignment))
    assert (page.status_code, "déjà confié à une autre personne" in words(page)) == (409, True)


def test_link_that_was_found_is_not_taken_back(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    facts = {"kind": "same_body", "declared_at": SCORING}
    Interest.objects.create(user=assignment.rapporteur.user, application=assignment.application, **facts)
    Assignment.objects.filter(pk=assignment.pk).update(ended_at=SCORING, ended_reason="interest")
    home = f"{reverse('reviews:worklist', args=[assignment.application.call.slug])}?vue=deports"
    assert "Revenir sur ce choix" not in words(client.get(home))
    assert client.post(at("declaration_take_back", assignment)).status_code == 409
