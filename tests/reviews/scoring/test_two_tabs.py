"""A sheet in two tabs: the one that is behind replaces nothing unasked, and the one that writes is never refused."""

import re

import pytest

from reviews.models import ScoreSheet
from tests.applications.officers import words
from tests.reviews.makers import SCORING, make_open, make_scored, make_written
from tests.reviews.posting import at, posted

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


@pytest.fixture
def trio():
    """The three assignments of one dossier."""
    return make_scored()[1]


def opened(client, assignment):
    """What a page just opened would post whole, if nothing were touched."""
    page = client.get(at("sheet_edit", assignment))
    fields = {field.html_name: field.value() or "" for field in page.context["form"]}
    return fields | {"seen": page.context["seen"]}


def autosave(client, assignment, **data):
    return client.post(at("sheet_save", assignment), data, headers={"HX-Request": "true"})


@pytest.mark.parametrize("name", ["sheet_save", "sheet_send"])
def test_tab_that_is_behind_erases_and_seals_nothing_unasked(sign_in, trio, name):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    make_written(assignment)
    behind = opened(client, assignment)
    autosave(client, assignment, transmissible="Vingt minutes de travail.")
    page = client.post(at(name, assignment), behind | {"internal": "Du premier onglet."})
    assert (page.status_code, "La fiche a changé depuis cette page" in words(page)) == (409, True)
    assert "Du premier onglet.</textarea>" in page.content.decode()
    sheet = ScoreSheet.objects.get()
    assert (sheet.transmissible, sheet.internal, sheet.sent_at) == (
        "Vingt minutes de travail.",
        "À discuter.",
        None,
    )
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page.content.decode())
    assert client.post(at(name, assignment), behind | {"seen": seen, "internal": ""}).status_code == 302
    assert ScoreSheet.objects.get().transmissible == behind["transmissible"]


def test_first_words_of_another_tab_are_not_emptied(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    behind = opened(client, assignment)
    autosave(client, assignment, internal="Un début.")
    assert client.post(at("sheet_save", assignment), behind).status_code == 409
    assert ScoreSheet.objects.get().internal == "Un début."


def test_autosave_keeps_its_own_page_up_to_date_and_no_page_that_is_behind(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    make_written(assignment)
    here, other = opened(client, assignment), opened(client, assignment)
    answer = autosave(client, assignment, internal="Relu.", seen=here["seen"])
    assert f'data-seen="{opened(client, assignment)["seen"]}"' in answer.content.decode()
    answer = autosave(client, assignment, transmissible="De l’autre onglet.", seen=other["seen"])
    assert (answer.status_code, "data-seen" in answer.content.decode()) == (200, False)
    assert client.post(at("sheet_send", assignment), other).status_code == 409


def test_form_whose_answer_was_lost_is_posted_again(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    data = opened(client, assignment) | posted(assignment.application.call)
    for name in ("sheet_save", "sheet_save", "sheet_send", "sheet_send"):
        assert client.post(at(name, assignment), data).status_code == 302
    assert ScoreSheet.objects.get().is_sent
