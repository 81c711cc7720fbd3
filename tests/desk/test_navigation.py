"""The menu of a person: one link for each thing, the newest call first, the same order each time."""

import pytest
from django.urls import reverse

from hdh_portal.desk.navigation import navigation_of
from jury.seats.actions.people import seat_juror
from tests.factories import CLOSED, OPEN, make_draft, make_officer, make_user, owner_of, the_call
from tests.leaving import leave
from tests.reviews.makers import make_rapporteur

pytestmark = pytest.mark.django_db
SCORING = ["À évaluer", "Mes déclarations", "Guide de notation"]


def labels(client):
    read = client.get(reverse("desk:home")).context["navigation"]
    return [(link["label"], link["url"]) for link in read()]


def test_anonymous_menu_is_home(client):
    assert [label for label, _url in labels(client)] == ["Accueil"]


def test_offices_in_two_calls_stand_newest_first_and_references_once(client, now_is):
    now_is(CLOSED)
    old, new = sorted((the_call("2020"), the_call("autre")), key=lambda call: call.pk)
    user = make_user()
    for call in (old, new):
        make_officer(call, user=user)
    client.force_login(user)
    shown = labels(client)
    assert [label for label, _url in shown].count("Retrouver un incident") == 1
    homes = [url for label, url in shown if label.startswith("Pilotage")]
    assert homes == [reverse("applications:officer_home", args=[call.slug]) for call in (new, old)]


def test_officer_with_a_dossier_has_both(client, now_is):
    officer = make_officer()
    make_draft(owner=officer.user)
    now_is(CLOSED)
    client.force_login(officer.user)
    assert [label for label, _url in labels(client)][:2] == ["Accueil", "Mes dossiers"]


def test_rapporteur_and_juror_have_their_pages_and_nothing_of_the_officers(client):
    rapporteur = make_rapporteur()
    client.force_login(rapporteur.user)
    assert [label for label, _url in labels(client)] == ["Accueil", *SCORING]
    juror = seat_juror(the_call().jurors.first(), rapporteur.user, by=None, at=CLOSED)
    assert [label for label, _url in labels(client)] == ["Accueil", *SCORING, "Auditions", "Délibération"]
    leave(juror, at=CLOSED)
    leave(rapporteur, at=CLOSED)
    assert [label for label, _url in labels(client)] == ["Accueil", "Mes dossiers"]


def test_secretary_who_sits_too_reads_each_link_once(client, now_is):
    now_is(CLOSED)
    officer = make_officer(power="secretary")
    seat_juror(the_call().jurors.first(), officer.user, by=None, at=CLOSED)
    client.force_login(officer.user)
    shown = [label for label, _url in labels(client)]
    assert sorted(shown) == sorted(set(shown)) and "Délibération" in shown


def test_whatever_else_waits_is_named_with_a_capital(client, now_is):
    owner = owner_of(make_draft())
    make_draft(owner=owner)
    client.force_login(owner)
    now_is(OPEN)
    page = client.get(reverse("desk:my_space"))
    (other,) = page.context["others"]
    assert other.title[0].islower()
    assert f">{other.title[0].upper()}{other.title[1:]}</a>" in page.content.decode()


def test_menu_costs_one_statement_whatever_the_roles(django_assert_num_queries, rf):
    officer = make_officer(power="manager")
    make_rapporteur(user=officer.user)
    request = rf.get("/")
    request.user = officer.user
    with django_assert_num_queries(1):
        assert len(navigation_of(request)) == 13


def test_who_has_nothing_to_do_and_no_dossier_is_led_to_the_first_page_of_their_role(client):
    client.force_login(make_rapporteur().user)
    page = client.get(reverse("desk:my_space"))
    assert page.context["role_link"]["label"] == "À évaluer"
    assert "Vous n’avez rien à faire pour l’instant" in page.content.decode()
    client.force_login(make_user())
    assert client.get(reverse("desk:my_space")).context["role_link"] is None
