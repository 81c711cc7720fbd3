"""A dossier that two managers move: neither replaces the other's place or reason without having read it."""

import pytest
from django.urls import reverse

from reviews.models import Placement
from reviews.shortlist.actions import place_dossier, unplace_dossier
from tests.applications.officers import words
from tests.factories import the_call
from tests.pages import Form
from tests.reviews.makers import RANKED, admissible, make_managers
from tests.reviews.marking import freeze, send

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
MINE, THEIRS = "Seul de son axe.", "Trop proche d’un autre."


@pytest.fixture
def opened(now_is, sign_in):
    """`(client, dossier, other manager, form of the page)`."""
    now_is(RANKED)
    call = the_call()
    dossiers = admissible(3, call)
    for place, dossier in enumerate(dossiers):
        send(dossier, 4.0 - place)
    manager, other = make_managers(call)
    client, dossier = sign_in(manager), dossiers[2]
    page = client.get(reverse("reviews:shortlist_place", args=[call.slug, dossier.reference]))
    return client, dossier, other, Form(page, at("shortlist_place_save", dossier))


def at(name, dossier):
    return reverse(f"reviews:{name}", args=[dossier.call.slug, dossier.reference])


def test_two_places_of_one_dossier_are_shown_with_who_and_nothing_is_moved(opened):
    client, dossier, other, form = opened
    place_dossier(dossier, False, THEIRS, by=other.user, at=RANKED)
    page = form.send(client, is_shortlisted="in", reason=MINE)
    text, html = words(page), page.content.decode()
    assert page.status_code == 409 and html.count("data-clash=") == 2
    assert f"Garder celui de {other.user}" in text and MINE in text and THEIRS in text
    assert "<p>Dans la liste</p>" in html and "<p>Hors de la liste</p>" in html
    assert (Placement.objects.get().reason, Placement.objects.get().by) == (THEIRS, other.user)
    choices = [line.split('"')[0] for line in html.split('value="') if line.startswith("mine ")]
    shown = Form(page, at("shortlist_place_save", dossier))
    sent = shown.send(client, **dict(zip(("keep-is_shortlisted", "keep-reason"), choices, strict=True)))
    assert sent.status_code == 302
    assert (Placement.objects.get().reason, Placement.objects.get().is_shortlisted) == (MINE, True)


def test_place_is_not_given_back_over_one_that_was_not_read(opened):
    client, dossier, other, form = opened
    form.send(client, is_shortlisted="in", reason=MINE)
    page = client.get(at("shortlist_place", dossier))
    back = Form(page, at("shortlist_unplace", dossier))
    place_dossier(dossier, False, THEIRS, by=other.user, at=RANKED)
    answer = back.send(client)
    assert answer.status_code == 409 and "a changé depuis cette page" in words(answer)
    assert Placement.objects.get().reason == THEIRS
    unplace_dossier(dossier, by=other.user, at=RANKED)
    assert not Placement.objects.exists()


def test_placement_that_comes_when_the_list_is_frozen_is_given_back_without_a_form(opened):
    client, dossier, _other, form = opened
    freeze(dossier.call, make_managers(dossier.call))
    page = form.send(client, is_shortlisted="in", reason=MINE)
    assert page.status_code == 409 and MINE in words(page)
    assert 'name="reason"' not in page.content.decode() and "Rien n’est perdu" not in words(page)
