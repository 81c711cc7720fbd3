"""The page « Signatures »: who can sign what is to come, and a warning weeks before too few can."""

import pytest
from django.urls import reverse

from applications.interests.actions import declare_interest
from applications.release.coming import coming_acts
from tests.applications.officers import make_ready, words
from tests.factories import CLOSED, make_deposited, make_officer
from tests.reviews.makers import admissible, make_managers
from tests.reviews.marking import freeze, seats, send

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def call(now_is):
    now_is(CLOSED)
    return make_deposited().call


def page(sign_in, officer):
    return sign_in(officer).get(reverse("applications:signature_list", args=[officer.call.slug]))


def named(acts):
    """`{act: [(name, why not)]}`."""
    return {act.name: [(one.name, one.why_not) for one in act.signers] for act in acts}


def test_each_act_to_come_names_who_can_sign_it_and_who_cannot(call, sign_in):
    one, two = make_managers(call)
    fresh = make_officer(call, power="manager")
    dossier = call.applications.get()
    declare_interest(dossier, by=two.user, at=CLOSED)
    response = page(sign_in, one)
    acts = named(response.context["acts"])
    acronym = dossier.last_submission().acronym
    freezing = dict(acts["Figer la présélection"])
    assert freezing == {
        str(one.user): "",
        str(two.user): f"déport\u00a0: {acronym}",
        str(fresh.user): "liens d’intérêts à déclarer",
    }
    assert dict(acts["Publier les décisions\u00a0: recevabilité"])[str(two.user)] == ""
    assert len(acts) == 5


def test_too_few_to_sign_is_said_weeks_before(call, sign_in):
    one, two = make_managers(call)
    declare_interest(call.applications.get(), by=two.user, at=CLOSED)
    text = words(page(sign_in, one))
    assert "Il manque des personnes pour signer" in text
    assert [act.name for act in page(sign_in, one).context["lacking"]] == [
        "Figer la présélection",
        "Figer les décisions du jury",
    ]
    make_ready(call, power="manager")
    assert [act.name for act in page(sign_in, one).context["lacking"]] == ["Figer les décisions du jury"]


def test_dossier_that_is_closed_to_the_reader_is_not_named_of_others(call, sign_in):
    one, two = make_managers(call)
    dossier = call.applications.get()
    for manager in (one, two):
        declare_interest(dossier, by=manager.user, at=CLOSED)
    found = dict(named(page(sign_in, one).context["acts"])["Figer la présélection"])
    assert found[str(two.user)] == "déport\u00a0: un dossier qui vous est fermé"


def test_what_is_signed_is_no_act_to_come(sign_in):
    dossiers = admissible(2)
    call = dossiers[0].call
    seats(call, 1)
    for dossier, mark in zip(dossiers, (4.0, 3.0), strict=True):
        send(dossier, mark)
    managers = make_managers(call)
    assert "Figer la présélection" in named(coming_acts(call, managers[0].user))
    freeze(call, managers)
    acts = named(coming_acts(call, managers[0].user))
    assert [name for name in acts if "recevabilité" in name or name == "Figer la présélection"] == []


@pytest.mark.parametrize("power", ["officer", "secretary"])
def test_page_is_for_managers(call, sign_in, power):
    assert page(sign_in, make_ready(call, power=power)).status_code == 404


def test_demonstration_asks_nobody_for_a_second_factor(call, settings):
    manager = make_officer(call, power="manager")
    manager.user.authenticator_set.all().delete()
    asked = [why for act in coming_acts(call, manager.user) for _name, why in named([act])[act.name]]
    assert "second facteur à poser" in asked
    settings.HDH_DEMO = True
    shown = [why for act in coming_acts(call, manager.user) for _name, why in named([act])[act.name]]
    assert "second facteur à poser" not in shown
