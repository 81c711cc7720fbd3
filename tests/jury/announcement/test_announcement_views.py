"""The pages of the announcement: nothing before the release, then page, paper and data from one row; the jury."""

import json
import re

import pytest
from django.urls import reverse

from hdh_portal.records.canonical import sha256
from hdh_portal.records.models import Document
from hdh_portal.records.tasks import render_document
from jury.announcement import sections_of
from jury.models import Announcement
from tests.applications.officers import declare, make_ready, words
from tests.factories import make_officer, make_user, the_call
from tests.jury.announcement.announced import announced, release, room_of
from tests.jury.deciding import NOTIFIED

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
NEW_EACH_TIME = re.compile(rb"\b[0-9A-Z]{3}-[0-9]{3}\b|\d\d:\d\d:\d\d[.0-9]*")  # the reference and the hour of a 404
PUBLIC = ("announcement", "announcement_pdf", "announcement_json")


def at(name, call):
    return reverse(f"jury:{name}", args=[call.slug])


@pytest.fixture
def outcome(now_is):
    """A room in which one dossier is laureate and one is not, frozen, on the morning of the announcement."""
    now_is(NOTIFIED)
    return room_of(
        {"acronym": "PLUME", "title": "Écrire léger", "public_summary": "Le but :\n- voir ;\n- savoir."},
        {"acronym": "ENCLUME", "title": "Peser lourd"},
        conclusions=["laureate", "not_selected"],
    )


# Before the release -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PUBLIC)
def test_before_the_release_nothing_is_there(client, outcome, name):
    address = at(name, outcome.call)
    addresses = address, address.replace(outcome.call.slug, "rien"), at(name, the_call("autre"))
    answers = [client.get(one) for one in addresses]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({NEW_EACH_TIME.sub(b"", answer.content) for answer in answers}) == 1
    assert b"PLUME" not in answers[0].content


def test_preview_is_for_managers_who_may_sign(sign_in, outcome):
    call = outcome.call
    page = sign_in(make_ready(call, power="manager")).get(at("announcement_preview", call))
    assert page.status_code == 200
    assert ("PLUME" in words(page), "ENCLUME" in words(page)) == (True, False)
    assert "Sous embargo" in words(page)


def test_preview_is_open_to_a_manager_with_an_interest_once_all_is_frozen(sign_in, outcome):
    manager = make_officer(outcome.call, power="manager")
    declare(manager, outcome.dossiers[1])
    page = sign_in(manager).get(at("announcement_preview", outcome.call))
    assert ("PLUME" in words(page), "ENCLUME" in words(page)) == (True, False)


@pytest.mark.parametrize("power", ["officer", "secretary"])
def test_preview_is_absent_for_all_others(sign_in, outcome, power):
    call = outcome.call
    officer = outcome.secretary if power == "secretary" else make_officer(call, power=power)
    assert sign_in(officer).get(at("announcement_preview", call)).status_code == 404


def test_preview_is_absent_for_jurors_and_strangers(client, sign_in, outcome):
    call = outcome.call
    assert sign_in(outcome.president).get(at("announcement_preview", call)).status_code == 404
    client.force_login(make_user())
    assert client.get(at("announcement_preview", call)).status_code == 404


def test_preview_waits_for_the_freeze(sign_in, now_is):
    now_is(NOTIFIED)
    page = sign_in(make_ready(power="manager")).get(at("announcement_preview", the_call()))
    assert "Les décisions ne sont pas figées" in words(page)


def test_preview_leads_to_the_announcement_once_it_is_out(sign_in, outcome):
    manager = make_ready(outcome.call, power="manager")
    release(outcome.call)
    page = sign_in(manager).get(at("announcement_preview", outcome.call))
    assert (page.status_code, page["Location"]) == (302, at("announcement", outcome.call))


# Afterwards ---------------------------------------------------------------------------------------------------------


def test_page_says_every_section_in_order(client, outcome):
    row = release(outcome.call)
    page = client.get(at("announcement", outcome.call))
    html = page.content.decode()
    places = [html.index(f'<h2 id="{section["key"]}"') for section in sections_of(row.content)]
    assert places == sorted(places)
    assert len(places) == 13
    assert "<title>Annonce des lauréats de l’appel à projets" in html
    assert "<ul><li>voir ;</li><li>savoir.</li></ul>" in html
    assert "ENCLUME" not in html


def test_home_links_the_results_and_a_candidate_the_letter_once_all_is_told(client, sign_in, outcome):
    results, home = reverse("desk:results", args=[outcome.call.slug]), reverse("desk:home")
    assert results not in client.get(home).content.decode()
    assert "Chacun recevra sa décision ; aucun résultat ne se lit avant." in words(client.get(home))
    release(outcome.call)
    assert results in client.get(home).content.decode()
    dossier = outcome.dossiers[0]
    owner = dossier.members.get(role="owner")
    notified = words(sign_in(owner).get(dossier.get_absolute_url()))
    assert "Ce qui pourra être publié" not in notified
    assert "Ouvrir le courrier" not in notified
    render_document(dossier.notices.first().document_id)
    assert "Ouvrir le courrier (PDF)" in words(client.get(dossier.get_absolute_url()))


def test_page_preview_and_paper_say_the_same(client, sign_in, outcome):
    before = words(sign_in(make_ready(outcome.call, power="manager")).get(at("announcement_preview", outcome.call)))
    release(outcome.call)
    client.logout()
    after = words(client.get(at("announcement", outcome.call)))
    shared = before.split("Relire et signer", 1)[1].split("Le contexte", 1)[1].split("La table ronde", 1)[0]
    assert shared.strip() in after


def test_paper_is_offered_once_it_is_made(client, outcome):
    row = release(outcome.call)
    assert client.get(at("announcement_pdf", outcome.call)).status_code == 404
    assert "Le PDF est en préparation" in words(client.get(at("announcement", outcome.call)))
    render_document(Document.objects.get(renderer="announcement", subject=row.pk).pk)
    answer = client.get(at("announcement_pdf", outcome.call))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert f"annonce-{outcome.call.slug}-v1.pdf" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "PDF accessible" in words(client.get(at("announcement", outcome.call)))


def test_data_are_the_row_with_its_digest(client, outcome):
    row = release(outcome.call)
    answer = client.get(at("announcement_json", outcome.call))
    data = json.loads(answer.content)
    assert list(data) == ["version", "published_at", "digest", "announcement"]
    assert data["announcement"] == row.content
    assert data["digest"] == sha256(data["announcement"])
    assert data["published_at"] == "2020-07-09T11:00:00.000+02:00"


def test_pages_read_the_row_alone(client, outcome, django_assert_num_queries):
    release(outcome.call)
    for name, statements in (("announcement", 3), ("announcement_json", 2)):
        with django_assert_num_queries(statements):
            assert client.get(at(name, outcome.call)).status_code == 200


# The jury -----------------------------------------------------------------------------------------------------------


def test_composition_is_as_published(client, now_is, django_assert_num_queries):
    now_is(NOTIFIED)
    call = the_call()
    with django_assert_num_queries(2):
        page = client.get(at("composition", call))
    said = words(page)
    names = [juror.name for juror in call.jurors.order_by("seat")]
    places = [said.index(name) for name in names]
    assert places == sorted(places)
    assert "12 membres" in said
    assert "intelligence artificielle" in said


def test_composition_of_a_jury_without_names_says_its_fields(client):
    said = words(client.get(at("composition", the_call("autre"))))
    assert "Les membres ne sont pas encore nommés" in said
    assert "acoustique" in said


def test_composition_never_tells_who_took_a_seat(client, outcome):
    page = client.get(at("composition", outcome.call)).content.decode()
    assert [seat.user.name for seat in outcome.seats.values() if seat.user.name in page] == []


def test_one_announcement_stands_for_one_version():
    row = announced({"acronym": "OUI"})
    assert str(row) == f"{row.call_id} v1"
    assert Announcement.objects.count() == 1
