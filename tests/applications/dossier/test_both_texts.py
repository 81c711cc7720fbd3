"""Two texts for one answer: what differs is underlined, both may be made one; what a page sent itself is none."""

import json

import pytest
from django.urls import reverse

from applications.dossier.actions.draft import save_answers
from applications.dossier.reading import WorkingCopy
from tests.factories import OPEN, make_draft, make_user
from tests.pages import Form

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
BEFORE = "Un degré d’urgence, dans 42 cabinets."
MINE = "Un degré d’urgence, dans 24 cabinets.\nEn 15 jours."
THEIRS = "Un degré d’urgence, dans 42 cabinets volontaires.\nEn 15 jours."
BOTH = "Un degré d’urgence, dans 24 cabinets volontaires.\nEn 15 jours."


@pytest.fixture
def owner(client, now_is):
    now_is(OPEN)
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture
def question(owner):
    application = make_draft(owner=owner)
    found = application.call.questions.filter(type="long_text").first()
    save_answers(application, {found.key: BEFORE}, by=owner, at=OPEN)
    found.application = application
    return found


def address(question):
    return reverse("applications:section_edit", args=[question.application.reference, question.section.key])


def opened(client, question):
    return Form(client.get(address(question)), "/enregistrer/")


def stored(question):
    return WorkingCopy(question.application).stored[question.key]


@pytest.fixture
def conflict(client, question):
    """The page that shows both texts."""
    old, new = opened(client, question), opened(client, question)
    new.send(client, **{question.key: THEIRS})
    return old.send(client, **{question.key: MINE})


def test_what_one_text_only_says_is_underlined_in_it(conflict):
    html = conflict.content.decode().replace('"\n>', '">')
    assert conflict.status_code == 409
    assert '<mark class="only-here"> 24 cabinets.</mark>' in html
    assert '<mark class="only-here"> 42 cabinets volontaires.</mark>' in html
    assert "Réunir les deux" in html


def choice(page, question):
    start = page.content.decode().split(f'name="keep-{question.key}"')[3]
    return start.split('value="')[1].split('"')[0]


def test_person_makes_one_text_of_both(client, question, conflict):
    shown = Form(conflict, "/enregistrer/")
    assert shown[f"both-{question.key}"].split("\n") == [*MINE.split("\n")[:1], *THEIRS.split("\n")]
    typed = {f"both-{question.key}": BOTH, f"keep-{question.key}": choice(conflict, question)}
    assert shown.send(client, **typed, choose="1").url == address(question)
    assert stored(question) == BOTH


def test_text_begun_of_both_is_given_back_while_nothing_is_chosen(client, question, conflict):
    shown = Form(conflict, "/enregistrer/")
    again = shown.send(client, **{f"both-{question.key}": "Un texte à moitié réuni."})
    assert again.status_code == 409 and stored(question) == THEIRS
    again = Form(again, "/enregistrer/")
    assert (again[f"both-{question.key}"], again[question.key]) == ("Un texte à moitié réuni.", MINE)


# What the page sent itself -------------------------------------------------------------------------------------------


def test_newer_text_follows_one_that_was_not_answered_yet(client, question):
    form = opened(client, question)
    form.send(client, part=[question.key], **{question.key: MINE})  # the answer is lost
    sent = json.dumps([MINE])
    later = form.send(
        client, part=[question.key, f"sent-{question.key}"], **{question.key: BOTH, f"sent-{question.key}": sent}
    )
    assert (later.status_code, stored(question)) == (200, BOTH)


def test_older_text_that_arrives_last_changes_nothing(client, question):
    form, sent = opened(client, question), json.dumps([MINE])
    form.send(client, part=[question.key, f"sent-{question.key}"], **{question.key: BOTH, f"sent-{question.key}": sent})
    assert form.send(client, part=[question.key], **{question.key: MINE}).status_code == 409
    assert stored(question) == BOTH


@pytest.mark.parametrize("sent", ['["x"]', "", "[", "3", "[3]", '{"a":1}', "[]", "[" * 5000])
def test_text_of_another_page_is_still_a_conflict(client, question, sent):
    form, new = opened(client, question), opened(client, question)
    new.send(client, **{question.key: THEIRS})
    later = form.send(
        client, part=[question.key, f"sent-{question.key}"], **{question.key: BOTH, f"sent-{question.key}": sent}
    )
    assert (later.status_code, stored(question)) == (409, THEIRS)
