"""Every form of rapporteurs, jurors and those who steer them, sent what no form of it would send."""

import pytest

from tests.permissions import asking
from tests.permissions.forms import HOSTILE, attack, shown_to
from tests.permissions.selection_table import ROWS
from tests.permissions.selection_world import ACTORS, MOMENTS, SelectionWorld
from tests.permissions.world import rolled_back

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        world = SelectionWorld()
        asking.sign_in(world)
        yield world


@pytest.mark.parametrize("moment", MOMENTS)
def test_forms_of_rapporteurs_and_jurors(built, now_is, moment):
    now_is(MOMENTS[moment][0])
    rows = [row for row in ROWS if row.moment == moment]
    with built.at(moment):
        found = shown_to(built, rows, ACTORS, lambda row: built.dossiers[row.dossier])
        assert attack(found, built, HOSTILE, each=False) == []
        assert attack(found, built, {name: HOSTILE[name] for name in ("nul", "huge")}, each=True) == []
