"""How many sheets a rapporteur takes: set on a page by who steers, journaled, against what the page showed."""

import pytest
from django.urls import reverse

from hdh_portal.records.models import JournalEntry
from reviews.assigning.capacity import set_capacity
from reviews.models import Rapporteur
from tests.applications.officers import make_ready, words
from tests.factories import the_call
from tests.pages import Form
from tests.refusals import refused
from tests.reviews.makers import RANKED, RELEASED, SCORING, admissible, make_managers, make_rapporteur

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


@pytest.fixture
def manager():
    return make_managers(admissible(1, the_call())[0].call)[0]


@pytest.fixture
def one(manager):
    return make_rapporteur(manager.call)


def address(name, one):
    return reverse(f"reviews:{name}", args=[one.call.slug, one.pk])


def lines():
    found = JournalEntry.objects.filter(verb="rapporteur_capacity_set").order_by("position")
    return [(line.data["was"], line.data["capacity"]) for line in found]


def capacity_of(one):
    return Rapporteur.objects.get(pk=one.pk).capacity


def test_capacity_is_set_on_a_page_that_the_assignment_links_to(manager, one, sign_in):
    client = sign_in(manager)
    listed = client.get(reverse("reviews:assignment_list", args=[one.call.slug]))
    assert address("capacity_edit", one) in listed.content.decode()
    form = Form(client.get(address("capacity_edit", one)), address("capacity_save", one))
    assert form.send(client, capacity="7").status_code == 302
    form = Form(client.get(address("capacity_edit", one)), address("capacity_save", one))
    assert form.send(client).status_code == 302
    assert form.send(client, capacity="").status_code == 302
    assert (capacity_of(one), lines()) == (None, [(None, 7), (7, None)])


@pytest.mark.parametrize("typed", ["sept", "-1", "1000", "1.5", "9" * 300])
def test_what_is_no_number_of_sheets_is_said_beside_the_field(manager, one, sign_in, typed):
    page = sign_in(manager).post(address("capacity_save", one), {"capacity": typed})
    assert (page.status_code, capacity_of(one), lines()) == (422, None, [])
    assert "id_capacity_error" in page.content.decode()


def test_an_old_page_does_not_undo_what_another_manager_set(manager, one, sign_in):
    client = sign_in(manager)
    old, new = (Form(client.get(address("capacity_edit", one)), address("capacity_save", one)) for _ in range(2))
    assert new.send(client, capacity="7").status_code == 302
    page = old.send(client, capacity="9")
    assert (page.status_code, capacity_of(one)) == (409, 7)
    assert "7" in words(page) and "9" in words(page)


def test_nobody_else_sets_it_and_not_after_the_evaluation(manager, one):
    call = one.call
    for by in (make_ready(call).user, make_ready(call, power="secretary").user):
        refused("not_allowed", set_capacity, one, 3, by=by, at=SCORING)
    refused("window_over", set_capacity, one, 3, by=manager.user, at=RANKED)
    Rapporteur.objects.filter(pk=one.pk).update(removed_at=RELEASED)
    refused("not_in_office", set_capacity, one, 3, by=manager.user, at=SCORING)
