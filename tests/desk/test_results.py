"""The public results: not a byte before the release, then a sentence, a funnel to scale, cards, shares and jury."""

import re

import pytest
from django.urls import reverse

from hdh_portal.desk.results import results_of
from jury.announcement import content_of
from tests.applications.officers import words
from tests.factories import the_call
from tests.jury.announcement.announced import partners, release, room_of
from tests.jury.deciding import NOTIFIED

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def results(client, call):
    return client.get(reverse("desk:results", args=[call.slug]))


@pytest.fixture
def room(now_is):
    """Three dossiers heard, two of them laureates, one never heard."""
    now_is(NOTIFIED)
    call = the_call()
    return room_of(
        {"acronym": "PLUME", "title": "Écrire léger", "partners": partners(call, "Un", "Deux")},
        {"acronym": "ANCRE", "title": "Tenir bon", "public_summary": "D’abord.\n\nEnsuite."},
        {"acronym": "ENCLUME"},
        conclusions=["laureate", "laureate", "not_selected"],
        others=1,
    )


def test_before_the_release_the_page_says_the_day_and_nothing_else(client, room, now_is):
    now_is(NOTIFIED)
    before = re.sub(rb"\d\d:\d\d:\d\d", b"", results(client, room.call).content)
    assert b"Les laur\xc3\xa9ats seront annonc\xc3\xa9s le" in before
    assert b"PLUME" not in before


def test_home_has_the_laureates_first_on_their_day_and_leads_to_each(client, room):
    release(room.call)
    page = client.get(reverse("desk:home"))
    front = page.context["shown"][0]
    assert (front.call, front.state) == (room.call, "announced")
    address = reverse("jury:announcement", args=[room.call.slug])
    linked = re.findall(rf'<a href="{address}#laureates-\d"><strong>(\w+)</strong>', page.content.decode())
    assert linked == ["ANCRE", "PLUME"]
    assert f'href="{reverse("desk:results", args=[room.call.slug])}"' in page.content.decode()
    assert f'href="{reverse("desk:my_space")}"' in page.content.decode()
    assert "<h1" in page.content.decode().split("Deux lauréats pour")[0]


def test_results_say_the_sentence_and_the_cards(client, room):
    release(room.call)
    page = results(client, room.call)
    said = words(page)
    assert f"Deux lauréats pour « {room.call.title} »" in said
    assert "Le jury les a choisis après deux jours d’auditions" in said
    assert said.index("ANCRE") < said.index("PLUME")
    assert ("ENCLUME" in said, "Ensuite." in said) == (False, False)
    assert "Partenaires : Un, Deux" in said
    assert "Sans partenaire" in said
    assert f'href="{reverse("jury:announcement", args=[room.call.slug])}#laureates-2"' in page.content.decode()


def test_funnel_is_drawn_to_scale(room):
    funnel = results_of(content_of(room.call, NOTIFIED))["funnel"]
    assert (funnel["heard"], funnel["laureates"], funnel["is_wide"]) == ("75%", "50%", True)
    assert {key: text.replace("\u00a0", " ") for key, text in funnel["words"].items()} == {
        "candidates": "4 candidats",
        "heard": "3 auditionnés",
        "laureates": "2 lauréats",
    }


def test_shares_are_bars_from_zero_on_a_round_scale(room):
    shares = results_of(content_of(room.call, NOTIFIED))["shares"]
    assert sum(row["value"] for row in shares["rows"]) == 100
    assert shares["total"] == 100


def test_results_cost_few_statements(client, room, django_assert_max_num_queries):
    release(room.call)
    with django_assert_max_num_queries(8):
        assert results(client, room.call).status_code == 200


def test_call_without_laureates_says_so():
    content = content_of(the_call("autre"), NOTIFIED)
    shown = results_of(content)
    assert shown["heading"].startswith("Aucun lauréat pour")
    assert (shown["cards"], shown["jury"], shown["lead"]) == ([], None, "")


def test_site_map_leads_to_the_announcement_once_it_is_out(client, room):
    address = reverse("jury:announcement", args=[room.call.slug])
    assert address not in client.get(reverse("desk:site_map")).content.decode()
    release(room.call)
    assert address in client.get(reverse("desk:site_map")).content.decode()
