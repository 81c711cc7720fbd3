"""The menu of a person: one link for each thing, the newest call first, the same order each time."""

import pytest
from django.urls import reverse

from tests.factories import CLOSED, make_draft, make_officer, make_user, the_call

pytestmark = pytest.mark.django_db


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
    assert [label for label, _url in shown].count("Références") == 1
    homes = [url for label, url in shown if label.startswith("Pilotage")]
    assert homes == [reverse("applications:officer_home", args=[call.slug]) for call in (new, old)]


def test_officer_with_a_dossier_has_both(client, now_is):
    officer = make_officer()
    make_draft(owner=officer.user)
    now_is(CLOSED)
    client.force_login(officer.user)
    assert [label for label, _url in labels(client)][:2] == ["Accueil", "Mes dossiers"]
