"""A check in two pages of its officer: nothing that one saved is put back by the other; a concluded one is read."""

import pytest

from applications.admissibility.actions import take_check
from applications.models import CheckAnswer
from tests.applications.officers import at, conclude, make_ready, words
from tests.factories import CLOSED, make_deposited, paris
from tests.pages import Form

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
MINE, THEIRS = "Ce que cette page dit.", "Ce que l’autre page a dit."


@pytest.fixture
def opened(now_is, sign_in):
    """`(client, application, check, two forms of the same page)`."""
    now_is(paris(2020, 6, 4, 10, 7))
    application, officer = make_deposited(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    client = sign_in(officer)
    pages = [Form(client.get(at("check_edit", application)), "/conclure/") for _ in range(2)]
    return client, application, check, pages


def test_old_page_of_a_check_leaves_what_it_did_not_change(opened):
    client, application, check, (old, new) = opened
    save = at("check_save", application)
    new.send(client, save, reason=THEIRS, **{"item-purpose": "no"})
    assert old.send(client, save, **{"item-innovation": "yes"}).status_code == 302
    check.refresh_from_db()
    said = dict(CheckAnswer.objects.filter(check_row=check).values_list("item__key", "value"))
    assert (check.reason, said["purpose"], said["innovation"]) == (THEIRS, "no", "yes")


@pytest.mark.parametrize("name", ["check_save", "check_conclude"])
def test_two_reasons_of_one_check_are_shown_and_nothing_is_concluded(opened, name):
    client, application, check, (old, new) = opened
    new.send(client, at("check_save", application), reason=THEIRS)
    answer = old.send(client, at(name, application), reason=MINE, **{"item-purpose": "no"})
    page = words(answer)
    assert answer.status_code == 409 and "Deux textes pour" in page and MINE in page and THEIRS in page
    assert "Par vous, dans une autre page" in page
    check.refresh_from_db()
    assert (check.reason, check.done_at, check.answers.get(item__key="purpose").value) == (THEIRS, None, "no")
    shown = Form(answer, "/conclure/")
    choice = next(line.split('"')[0] for line in answer.content.decode().split('value="') if line.startswith("mine "))
    assert shown.send(client, at("check_save", application), **{"keep-reason": choice}).status_code == 302
    check.refresh_from_db()
    assert check.reason == MINE


def test_old_page_of_a_concluded_check_is_no_form(opened):
    client, application, check, (old, _new) = opened
    conclude(application, check.officer)
    answer = old.send(client, at("check_save", application), reason=MINE)
    page = words(answer)
    assert answer.status_code == 409
    assert "Ce contrôle est conclu depuis" in page and MINE in page
    assert "Rien n’est perdu" not in page
    assert 'name="reason"' not in answer.content.decode() and "data-autosave" not in answer.content.decode()


def test_answer_that_a_page_took_back_is_taken_back(opened):
    client, application, check, (old, _new) = opened
    old.send(client, part=["reason"], to=at("check_save", application), reason=MINE)
    check.refresh_from_db()
    assert (check.reason, check.answers.count()) == (MINE, 0)
