"""A sheet in two tabs: the one that is behind replaces nothing unasked, and the one that writes is never refused."""

import pytest

from reviews.models import ScoreSheet
from tests.applications.officers import words
from tests.pages import Form
from tests.reviews.makers import SCORING, make_open, make_scored, make_sent, make_written
from tests.reviews.posting import at, first_key, posted

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
MINE, THEIRS = "Du premier onglet.", "Vingt minutes de travail."


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


@pytest.fixture
def trio():
    """The three assignments of one dossier."""
    return make_scored()[1]


def opened(client, assignment):
    return Form(client.get(at("sheet_edit", assignment)), at("sheet_send", assignment))


def choice(page, side):
    values = (line.split('"')[0] for line in page.content.decode().split('value="'))
    return next(value for value in values if value.startswith(f"{side} "))


@pytest.mark.parametrize("name", ["sheet_save", "sheet_send"])
def test_tab_that_is_behind_erases_and_seals_nothing_unasked(sign_in, trio, name):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    make_written(assignment)
    behind, ahead = opened(client, assignment), opened(client, assignment)
    save = at("sheet_save", assignment)
    ahead.send(client, save, part=["transmissible"], transmissible=THEIRS)
    page = behind.send(client, at(name, assignment), transmissible=MINE, internal="Relu.")
    assert page.status_code == 409
    assert "Deux textes pour" in words(page) and MINE in words(page) and THEIRS in words(page)
    assert f"{MINE}</textarea>" in page.content.decode()
    sheet = ScoreSheet.objects.get()
    assert (sheet.transmissible, sheet.internal, sheet.sent_at) == (THEIRS, "Relu.", None)
    shown = Form(page, at("sheet_send", assignment))
    assert shown.send(client, save).status_code == 409
    assert shown.send(client, save, **{"keep-transmissible": choice(page, "mine")}).status_code == 302
    assert ScoreSheet.objects.get().transmissible == MINE


def test_tab_that_is_behind_leaves_what_it_did_not_change(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    behind, ahead = opened(client, assignment), opened(client, assignment)
    key = first_key(assignment)
    save = at("sheet_save", assignment)
    ahead.send(client, save, internal=THEIRS, **{f"mark-{key}": "4"})
    assert behind.send(client, save, transmissible=MINE).status_code == 302
    sheet = ScoreSheet.objects.get()
    assert (sheet.internal, sheet.transmissible) == (THEIRS, MINE)
    assert sheet.marks.get(criterion__key=key).value == 4


def test_sheet_is_not_sent_with_words_that_its_page_did_not_show(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    make_written(assignment)
    behind, ahead = opened(client, assignment), opened(client, assignment)
    ahead.send(client, at("sheet_save", assignment), part=["transmissible"], transmissible=THEIRS)
    page = behind.send(client)
    assert page.status_code == 409 and "La fiche a changé depuis cette page" in words(page)
    assert f"{THEIRS}</textarea>" in page.content.decode() and not ScoreSheet.objects.get().is_sent
    assert Form(page, at("sheet_send", assignment)).send(client).status_code == 302
    assert (ScoreSheet.objects.get().transmissible, ScoreSheet.objects.get().is_sent) == (THEIRS, True)


def test_two_marks_for_one_criterion_are_shown_as_people_read_them(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    behind, ahead = opened(client, assignment), opened(client, assignment)
    name, save = f"mark-{first_key(assignment)}", at("sheet_save", assignment)
    ahead.send(client, save, **{name: "4.5"})
    page = behind.send(client, save, part=[name], **{name: "2"})
    assert page.status_code == 409
    assert "<p>4,5</p>" in page.content.decode() and "<p>2</p>" in page.content.decode()


def test_autosave_keeps_its_own_page_up_to_date(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    form, save = opened(client, assignment), at("sheet_save", assignment)
    answer = form.send(client, save, part=["internal"], internal="Un début.")
    taken = answer.content.decode().split('data-seen="')[1].split('"')[0].replace("&quot;", '"')
    assert client.post(save, {"internal": "Un début, et la suite.", "seen": taken}).status_code == 302
    assert ScoreSheet.objects.get().internal == "Un début, et la suite."


def test_form_whose_answer_was_lost_is_posted_again(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    form, whole = opened(client, assignment), posted(assignment.application.call)
    for name in ("sheet_save", "sheet_save", "sheet_send", "sheet_send"):
        assert form.send(client, at(name, assignment), **whole).status_code == 302
    assert ScoreSheet.objects.get().is_sent


def test_old_page_of_a_sheet_that_was_sent_is_no_form(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    make_written(assignment)
    behind = opened(client, assignment)
    make_sent(assignment)
    page = behind.send(client, at("sheet_save", assignment), internal=MINE)
    assert page.status_code == 409 and MINE in words(page)
    assert "<textarea" not in page.content.decode() and "Rien n’est perdu" not in words(page)
