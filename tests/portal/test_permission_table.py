"""Every route × method × person × state is really requested; a route that is not in the table fails."""

import pytest

from applications.interests.actions import declare_interest
from applications.models import Application
from tests.factories import CLOSED, OPEN, paris
from tests.permissions import addresses, asking, selection_table
from tests.permissions.addresses import ROUTES
from tests.permissions.built import first_world
from tests.permissions.table import ROWS
from tests.permissions.world import LATER, World
from tests.worlds import rolled_back, world_of_module

pytestmark = pytest.mark.django_db
# The moments of the table: the procedure's clock, and for the last ones what was done by then.
CLOCKS = {"open": OPEN, "closed": CLOSED, "late": paris(2020, 6, 20, 9)}
STEPS = {"complete": World.complete, "signed": World.sign, "released": World.release}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FEW = ("anonymous", "owner", "manager", "admin")  # whom the method alone refuses, before anything is looked up


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The world, built once; each test finds it as it was."""
    with django_db_blocker.unblock(), world_of_module(first_world) as world:
        yield world


@pytest.fixture
def world(built, now_is):
    """The world, its clock on the fourth of June 2020 unless a row says otherwise."""
    now_is(CLOSED)
    return built


# What the second and third stage have of their own stands in a table with its own people.
OURS = [route for route in ROUTES if not route.startswith(("reviews:", "jury:"))]


def test_every_route_is_in_one_of_the_tables():
    there = {row.route for row in selection_table.ROWS if row.route not in OURS}
    assert ({row.route for row in ROWS} | there) ^ set(ROUTES) == set()
    assert {row.route for row in ROWS} == set(OURS)


def test_no_row_stands_twice():
    assert len({str(row) for row in ROWS}) == len(ROWS)


def answers_of(world, row):
    """The letters that the people of the table really get."""
    dossier = Application.objects.get(pk=world.dossiers[row.dossier].pk)
    return asking.answers(world, row.route, row.method, dossier)


@pytest.mark.parametrize("row", [row for row in ROWS if row.moment in CLOCKS], ids=str)
def test_table(world, now_is, row):
    now_is(CLOCKS[row.moment])
    assert answers_of(world, row) == row.letters


@pytest.mark.parametrize("moment", STEPS)
def test_table_on_the_way_to_the_release(world, now_is, moment):
    now_is(LATER)
    rows = [row for row in ROWS if row.moment == moment]
    with rolled_back():
        STEPS[moment](world)
        assert {str(row): answers_of(world, row) for row in rows} == {str(row): row.letters for row in rows}


TAKEN = {(row.route, row.method) for row in ROWS}
PUBLIC = {row.route for row in ROWS if not row.letters.startswith("L")}


@pytest.mark.parametrize("route", OURS)
def test_method_that_a_route_does_not_take(world, route):
    """405, for the anonymous the sign-in page of what is private; allauth's own views answer PUT and OPTIONS too."""
    ours = ":" in route
    for method in METHODS:
        if (route, method) in TAKEN:
            continue
        got = asking.answers(world, route, method, world.dossiers["free"], FEW)
        if ours:
            assert (method, got) == (method, ("m" if route in PUBLIC else "L") + "m" * (len(FEW) - 1))
        else:
            assert (method, set(got) - set("Lmorx-")) == (method, set())


# Ids of two dossiers and of two calls, mixed -------------------------------------------------------------------------


def recused(world):
    """The person has just recused themself from the dossier by a slip."""
    declare_interest(world.dossiers["split"], by=world.people["both"], at=CLOSED)


MOMENT_OF = {
    "applications:interest_take_back": recused,
    "applications:notice_letter": World.release,
    "applications:notice_open": World.release,
    "applications:release_letter": World.complete,
    "applications:release_paper": World.release,
}


def mixtures():
    """`(route, id, whose)` for every route with two ids: which of them comes from elsewhere.

    A key of a question is shared by the dossiers of a call, a version's number by all that have so many.
    """
    found = []
    for route in OURS:
        names = [name for name in ROUTES[route] if name not in ("stage", "kind")]  # The same words in every call.
        if not {"reference", "slug"} & set(names) or len(names) < 2:
            continue
        found += [(route, name, "foreign") for name in names if name in ("slug", "key", "pk")]
        if "reference" not in names:
            continue
        found += [(route, "reference", "foreign")] if {"slug", "key", "pk"} & set(names) else []
        found += [(route, name, "sibling") for name in names if name in ("pk", "version")]
        found += [(route, "reference", "sibling")] if "pk" in names else []
    return found


@pytest.mark.parametrize(("route", "name", "whose"), mixtures())
def test_child_belongs_to_its_parent(world, route, name, whose):
    """One id of another dossier or call, on which the same person has the same rights: 404, and not without it."""
    other = world.foreign if whose == "foreign" else world.dossiers["half"]
    actor = "both" if "slug" in ROUTES[route] else "owner"
    method = next(method for method in ("GET", "POST") if (route, method) in TAKEN)
    with rolled_back():
        MOMENT_OF.get(route, World.stay)(world)
        dossier = Application.objects.get(pk=world.dossiers["split"].pk)
        foreign = 2 if name == "version" else addresses.value(world, route, name, other)
        answer = asking.ask(world, route, method, dossier, actor)
        assert asking.letter(world, actor, answer) in "orx"
        answer = asking.ask(world, route, method, dossier, actor, changes={name: foreign})
        assert asking.letter(world, actor, answer) == "-"
