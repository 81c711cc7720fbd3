"""Two clicks on one button make one thing: every form that a page posts, as each role, is sent twice as it stands.

And a click whose process died, before any of its acts, is done when it is sent again; the same button in another tab
that was opened before does nothing more either.

The tables have as many rows before as after the second click, the journal too, and both clicks lead to the same page.
The CSRF token is that of the page, and so the same in both (`hdh_portal/web/once.py`).
"""

from contextlib import contextmanager, suppress

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from hdh_portal.records import once
from hdh_portal.records.models import Attempt, OnceKey
from tests.pages import Form
from tests.permissions import asking
from tests.permissions.addresses import address, posted
from tests.permissions.built import first_world
from tests.permissions.table import ROWS
from tests.permissions.world import ACTORS, LATER, World
from tests.portal.test_permission_table import CLOCKS, OURS, STEPS
from tests.worlds import rolled_back, world_of_module

pytestmark = pytest.mark.django_db
TOKEN, OTHER_TAB = "t" * 64, "o" * 64
NOTED = {Attempt._meta.label: None}  # a refusal is noted, and a death
MOST = 4  # acts of one request
NOT_COUNTED = (Session, OnceKey)
# Forms that are taken as a whole, against what their page showed, and that page.
SHOWN = {
    "reviews:shortlist_place_save": "reviews:shortlist_place",
    "jury:decision_record": "jury:decision_edit",
    "applications:outcome_decide": "applications:outcome_edit",
    "jury:hearing_swap": "jury:hearing_place",
    "jury:hearing_correct_save": "jury:hearing_correct",
}
# What another tab does again: the newest link of an invitation counts, and papers are asked for again.
AGAIN = {"operations:invitation_send", "reviews:sheet_prepare"}
# A draft has its own key, and two tests of its own; the test client gives a file away once.
ELSEWHERE = {"applications:application_create", "applications:attachment_add"}


def welcome(row, actors):
    """Who is first let do it, or None."""
    found = (one for one, letter in zip(actors, row.letters, strict=True) if letter == "r" and one != "anonymous")
    return next(found, None) if row.method == "POST" and ":" in row.route and row.route not in ELSEWHERE else None


def first_of_each(rows, actors, known=()):
    found = {}
    for row in rows:
        if row.route not in known and welcome(row, actors):
            found.setdefault(row.route, row)
    return list(found.values())


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model not in NOT_COUNTED}


def button(built, row, actors):
    """A click on the button of a row, as often as it is called: its answer."""
    actor, dossier = welcome(row, actors), built.dossiers[row.dossier]
    client, path = asking.client_of(built, actor), address(built, row.route, dossier)
    data = posted(built, row.route, dossier, actor)
    if row.route in SHOWN:
        data["seen"] = Form(client.get(address(built, SHOWN[row.route], dossier)), path)["seen"]
    return lambda token=TOKEN: client.post(path, data | {"csrfmiddlewaretoken": token})


def fault(built, row, actors):
    """What is wrong with the second click on the button of a row, or None."""
    with rolled_back():
        click = button(built, row, actors)
        first = click()
        assert first.status_code == 302, (row.route, first.status_code)
        before, second = counts(), click()
        added = {name: number - before[name] for name, number in counts().items() if number != before[name]}
        is_same = second.status_code == 302 and second.url == first.url
        return None if is_same and not added else (str(row), second.status_code, added)


def fault_of_tab(built, row, actors):
    """What the same button in a tab that was opened before does more, or None; it may say that it is too late."""
    with rolled_back():
        click = button(built, row, actors)
        click()
        before, second = counts(), click(OTHER_TAB)
        added = {name for name, number in counts().items() if number != before[name]} - NOTED.keys()
        is_answered = second.status_code in (302, 404, 409, 422)
        return None if is_answered and (not added or row.route in AGAIN) else (str(row), second.status_code, added)


class Died(Exception):
    """The process was killed here."""


@contextmanager
def dying(monkeypatch, number):
    """The process dies as the act of this number begins; yields how many have begun."""
    begun = []

    @contextmanager
    def claimed():
        begun.append(number)
        if len(begun) == number:
            raise Died
        with claims():
            yield

    claims = once.claimed
    with monkeypatch.context() as patch:
        patch.setattr(once, "claimed", claimed)
        yield begun


def done_again(built, row, actors, monkeypatch, number):
    """What was added, and where the second click led after the first died before that act; None if it has none such."""
    with rolled_back():
        click, before = button(built, row, actors), counts()
        with dying(monkeypatch, number) as begun, suppress(Died):
            click()
        if len(begun) < number:
            return None
        answer = click()
        added = {name: total - before[name] for name, total in counts().items()}
        return added | NOTED, answer.status_code, answer.url


def fault_of_death(built, row, actors, monkeypatch):
    """The number of the act before which a death let the next click do less than it should, or None."""
    wanted = done_again(built, row, actors, monkeypatch, 0)
    for number in range(1, MOST):
        found = done_again(built, row, actors, monkeypatch, number)
        if found is None:
            return None
        if found != wanted:
            return str(row), number, found, wanted
    return str(row), "too many acts"


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), world_of_module(first_world) as world:
        yield world


ACTS = first_of_each((row for row in ROWS if row.route in OURS), ACTORS)


@pytest.mark.parametrize("moment", [*CLOCKS, *STEPS])
def test_second_click_does_nothing_more(built, now_is, moment):
    now_is(CLOCKS.get(moment, LATER))
    rows = [row for row in ACTS if row.moment == moment]
    with rolled_back():
        STEPS.get(moment, World.stay)(built)
        assert [found for row in rows if (found := fault(built, row, ACTORS))] == []


@pytest.mark.parametrize("moment", [*CLOCKS, *STEPS])
def test_button_of_another_tab_does_nothing_more(built, now_is, moment):
    now_is(CLOCKS.get(moment, LATER))
    rows = [row for row in ACTS if row.moment == moment]
    with rolled_back():
        STEPS.get(moment, World.stay)(built)
        assert [found for row in rows if (found := fault_of_tab(built, row, ACTORS))] == []


@pytest.mark.parametrize("moment", [*CLOCKS, *STEPS])
def test_click_after_a_death_does_all_of_it(built, now_is, moment, monkeypatch):
    now_is(CLOCKS.get(moment, LATER))
    rows = [row for row in ACTS if row.moment == moment]
    with rolled_back():
        STEPS.get(moment, World.stay)(built)
        faults = (fault_of_death(built, row, ACTORS, monkeypatch) for row in rows)
        assert [found for found in faults if found] == []


def test_every_act_is_clicked_twice():
    assert {row.route for row in ROWS if welcome(row, ACTORS)} == {row.route for row in ACTS}
    assert len(ACTS) >= 30
