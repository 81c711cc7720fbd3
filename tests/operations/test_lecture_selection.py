"""The same for rapporteurs, jury and managers: each page of a dossier that they read leaves its line."""

import pytest

from tests.operations.reading import first_rows, read, told_of
from tests.permissions import selection_table
from tests.permissions.built import selection_world
from tests.permissions.selection_world import ACTORS, MOMENTS
from tests.worlds import world_of_module

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SELECTION = first_rows(selection_table.ROWS, ACTORS)


@pytest.fixture(scope="module")
def selection(django_db_setup, django_db_blocker):
    """The world of the second and third stage."""
    with django_db_blocker.unblock(), world_of_module(selection_world) as world:
        yield world


def test_pages_of_rapporteurs_jury_and_managers_leave_theirs(selection, now_is, lines):
    expected = []
    for moment, (at, *_others) in MOMENTS.items():
        here = [(row, actor) for row, actor in SELECTION if row.moment == moment]
        if not here:
            continue
        now_is(at)
        with selection.at(moment):
            for row, actor in here:
                status = read(selection, row.route, selection.dossiers[row.dossier], actor)
                assert (str(row), status) == (str(row), 200)
                expected.append(told_of(selection, row, actor))
    assert lines() == expected
    assert len(expected) > 20
