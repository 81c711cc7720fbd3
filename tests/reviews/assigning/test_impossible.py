"""An assignment that cannot be, named dossier by dossier, and who gave one back, for who chooses by hand."""

import pytest
from django.urls import reverse

from applications.interests.actions import write_declared
from reviews.models import Assignment, Rapporteur
from reviews.scoring.actions.declaration import decline
from tests.applications.officers import words
from tests.factories import the_call
from tests.reviews.assigned import given, spare
from tests.reviews.makers import RELEASED, SCORING, admissible, make_managers, make_rapporteur

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


@pytest.fixture
def manager():
    return make_managers()[0]


@pytest.fixture
def people():
    """One rapporteur of each of four bodies."""
    return [make_rapporteur(body=n) for n in range(4)]


@pytest.fixture
def reader(manager, sign_in):
    """The browser of the manager."""
    return sign_in(manager)


def at(name, *args):
    return reverse(f"reviews:assignment_{name}", args=[the_call().slug, *args])


def test_each_dossier_and_limit_of_an_impossible_assignment_is_named_with_where_to_mend_it(manager, people, reader):
    dossiers = admissible(3)
    for dossier in dossiers[:2]:
        for one in people[:2]:
            write_declared(dossier, one.user, RELEASED)
    Rapporteur.objects.filter(pk=people[3].pk).update(capacity=0)
    page = reader.post(at("propose"))
    text = words(page)
    assert (page.status_code, Assignment.objects.exists()) == (409, False)
    assert "2 dossiers ne trouvent pas leurs rapporteurs. Rien n’est proposé." in text
    for dossier in dossiers[:2]:
        assert f'href="{at("edit", dossier.reference)}"' in page.content.decode()
    assert text.count(f"Liens d’intérêts ou dossier rendu : {people[0]}, {people[1]}.") == 2
    assert f'href="{reverse("operations:person_list", args=[the_call().slug])}"' in page.content.decode()


def test_limit_of_who_takes_no_more_is_named(manager, people, reader):
    admissible(2)
    Rapporteur.objects.update(capacity=1)
    text = words(reader.post(at("propose")))
    assert f"Nombre de fiches atteint : {people[0]} (1 au plus)" in text


def test_who_gave_the_dossier_back_is_marked_where_somebody_is_chosen(manager, people, reader):
    (dossier,) = admissible()
    left = given(manager)[0]
    other = spare(people, dossier)
    decline(left, "load", by=left.rapporteur.user, at=SCORING)
    text = words(reader.get(at("edit", dossier.reference)))
    assert f"{left.rapporteur}, 0 fiche — a rendu ce dossier : charge de travail" in text
    assert (f"{other}, 0 fiche" in text, f"{other}, 0 fiche — a rendu" in text) == (True, False)
