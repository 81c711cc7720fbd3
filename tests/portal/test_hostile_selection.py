"""Every form of rapporteurs, jurors and those who manage them, sent what no form of it would send."""

import pytest

from tests.permissions.built import selection_world
from tests.permissions.forms import attack, shown_to
from tests.permissions.selection_table import ROWS
from tests.permissions.selection_world import ACTORS, MOMENTS
from tests.worlds import world_of_module

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def attacked():
    """Routes whose form was attacked at a moment before: once is enough."""
    return set()


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), world_of_module(selection_world) as world:
        yield world


@pytest.mark.parametrize("moment", MOMENTS)
def test_forms_of_rapporteurs_and_jurors(built, attacked, now_is, moment):
    now_is(MOMENTS[moment][0])
    rows = [row for row in ROWS if row.moment == moment]
    with built.at(moment):
        found = shown_to(built, rows, ACTORS, lambda row: built.dossiers[row.dossier])
        new = {route: form for route, form in found.items() if route not in attacked}
        attacked.update(new)
        assert attack(new, built) == []
