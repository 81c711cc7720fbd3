"""Two clicks make one thing, and a click after a death all of it, in the evaluation and at the jury: `test_twice`."""

import pytest

from tests.permissions.built import selection_world
from tests.permissions.selection_table import ROWS
from tests.permissions.selection_world import ACTORS, MOMENTS
from tests.portal.test_twice import ACTS as ELSEWHERE
from tests.portal.test_twice import fault, fault_of_death, fault_of_tab, first_of_each
from tests.worlds import world_of_module

pytestmark = pytest.mark.django_db
ACTS = first_of_each(ROWS, ACTORS, {row.route for row in ELSEWHERE})


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), world_of_module(selection_world) as world:
        yield world


@pytest.mark.parametrize("moment", MOMENTS)
def test_second_click_does_nothing_more(built, now_is, moment):
    now_is(MOMENTS[moment][0])
    rows = [row for row in ACTS if row.moment == moment]
    with built.at(moment):
        assert [found for row in rows if (found := fault(built, row, ACTORS))] == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_button_of_another_tab_does_nothing_more(built, now_is, moment):
    now_is(MOMENTS[moment][0])
    rows = [row for row in ACTS if row.moment == moment]
    with built.at(moment):
        assert [found for row in rows if (found := fault_of_tab(built, row, ACTORS))] == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_click_after_a_death_does_all_of_it(built, now_is, moment, monkeypatch):
    now_is(MOMENTS[moment][0])
    rows = [row for row in ACTS if row.moment == moment]
    with built.at(moment):
        faults = (fault_of_death(built, row, ACTORS, monkeypatch) for row in rows)
        assert [found for found in faults if found] == []


def test_acts_are_many():
    assert len(ACTS) > 25
