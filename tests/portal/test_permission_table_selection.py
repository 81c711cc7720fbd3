"""Every route of the evaluation and of the jury × method × person × moment is really requested."""

import pytest

from hdh_portal.ground import clock
from jury.seats.actions.declaration import declare_interest as recuse
from reviews.models import Assignment
from reviews.scoring.actions.declaration import declare_interest
from tests.permissions import addresses, asking
from tests.permissions.addresses import ROUTES
from tests.permissions.built import selection_world
from tests.permissions.selection_table import ROWS
from tests.permissions.selection_world import ACTORS, MOMENTS
from tests.worlds import rolled_back, world_of_module

OURS = [route for route in ROUTES if route.startswith(("reviews:", "jury:"))]
pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FEW = ("anonymous", "juror")  # whom the method alone refuses, before anything is looked up


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The world, built once; each test finds it at the scoring."""
    with django_db_blocker.unblock(), world_of_module(selection_world) as world:
        yield world


@pytest.fixture
def world(built, now_is):
    """The world, and the clock of its first moment."""
    now_is(MOMENTS["scoring"][0])
    return built


def answers_of(world, row):
    """The letters that the people of the table really get; who is not asked keeps the point."""
    dossier = world.dossiers[row.dossier]
    asked = [actor for actor, expected in zip(ACTORS, row.letters, strict=True) if expected != "."]
    got = iter(asking.answers(world, row.route, row.method, dossier, asked))
    return "".join(expected if expected == "." else next(got) for expected in row.letters)


@pytest.mark.parametrize("moment", MOMENTS)
def test_table(world, now_is, moment):
    now_is(MOMENTS[moment][0])
    rows = [row for row in ROWS if row.moment == moment]
    with world.at(moment):
        assert {str(row): answers_of(world, row) for row in rows} == {str(row): row.letters for row in rows}


def test_every_route_is_in_the_table():
    assert set(OURS) - {row.route for row in ROWS} == set()


def test_rows_stand_once_at_moments_that_are_reached():
    assert len({str(row) for row in ROWS}) == len(ROWS)
    assert {row.moment for row in ROWS} == set(MOMENTS)


def test_nobody_is_left_out_whom_the_first_row_of_a_route_lets_in():
    first = {}
    for row in ROWS:
        before = first.setdefault(row.route, row.letters)
        left_out = {was for was, now in zip(before, row.letters, strict=True) if now == "."}
        assert "." not in before
        assert left_out <= {"-", "L"} or set(before[1:]) == {"o"}


TAKEN = {(row.route, row.method) for row in ROWS}
PUBLIC = {row.route for row in ROWS if row.letters[0] in "o-"}


def test_method_that_a_route_does_not_take(world):
    """405, for the anonymous the sign-in page of what is private."""
    untaken = [(route, method) for route in OURS for method in METHODS if (route, method) not in TAKEN]
    dossier = world.dossiers["heard"]
    got = {one: asking.answers(world, *one, dossier, FEW) for one in untaken}
    assert got == {(route, method): "mm" if route in PUBLIC else "Lm" for route, method in untaken}


# Ids of two dossiers and of two calls, mixed -------------------------------------------------------------------------

# Where there is something to get before the shortlist is told, or once it is frozen; the rest at the scoring.
MOMENT_OF = {"reviews:consolidated_pdf": "frozen", "reviews:shortlist_": "over"}
# The other call is past these: there the dossier is shortlisted.
PAST = ("reviews:shortlist_place", "reviews:shortlist_place_save", "reviews:shortlist_unplace")
# Each of them has sheets of, and a seat for, the two people who act in both calls.
FAMILIES = {"reviews:": ("theirs", "out"), "jury:": ("live", "theirs")}


def moment_of(route):
    special = next((moment for start, moment in MOMENT_OF.items() if route.startswith(start)), None)
    return special or ("scoring" if route.startswith("reviews:") else "hearing")


def mixtures(route):
    """`[(id, whose)]` of a route with two ids: which of them comes from another call, or from another dossier."""
    names = [name for name in ROUTES[route] if name not in ("part", "number")]
    found = [(name, "foreign") for name in names] if len(names) > 1 else []
    return found + [(name, "sibling") for name in ("reference", "pk") if {"reference", "pk"} <= set(names)]


# Asked for where they are done, `tests/jury/minutes/test_riders.py`: no world has a mention that waits.
ELSEWHERE = ("jury:rider_confirm", "jury:rider_drop")
MIXED = [route for route in OURS if mixtures(route) and route not in ELSEWHERE]


@pytest.mark.parametrize("moment", sorted({moment_of(route) for route in MIXED}))
def test_child_belongs_to_its_parent(world, now_is, moment):
    """One id of another dossier or call, on which the same person has the same rights: 404, and not without it."""
    now_is(MOMENTS[moment][0])
    with world.at(moment):
        found = [line for route in MIXED if moment_of(route) == moment for line in mixed(world, route)]
    assert [line for line in found if not line[-1]] == []


def recused(world):
    """The juror has just recused themself from both dossiers by a slip."""
    for dossier in (world.dossiers["live"], world.foreign):
        recuse(dossier, by=world.people["both"], at=clock.now())


def declined(world):
    """The rapporteur has just left both dossiers by a slip."""
    mine = Assignment.objects.confirmed().filter(rapporteur__user=world.people["both"])
    for dossier in (world.dossiers["theirs"], world.foreign):
        declare_interest(mine.get(application=dossier), by=world.people["both"], at=clock.now())


# Acts that take an own one back want that one first.
BEFORE = {"jury:juror_take_back": recused, "reviews:declaration_take_back": declined}


def mixed(world, route):
    """`[(route, id, whose, letter, is it as it should be)]`, those with nothing mixed first."""
    with rolled_back():
        BEFORE.get(route, lambda world: None)(world)
        return list(_mixed(world, route))


def _mixed(world, route):
    method = next(method for method in ("GET", "POST") if (route, method) in TAKEN)
    own, sibling = (world.dossiers[name] for name in FAMILIES[route.partition(":")[0] + ":"])
    others = {"foreign": world.foreign, "sibling": sibling}

    def letter(actor, dossier, **changes):
        return asking.letter(world, actor, asking.ask(world, route, method, dossier, actor, changes=changes))

    actor = next((name for name in ("both", "clerk") if letter(name, own) in "orx"), None)
    yield route, "", "own", actor, actor is not None
    if actor is None:
        return
    got = letter(actor, world.foreign)
    yield route, "", "foreign", got, (got in "orx") != (route in PAST)
    for name, whose in mixtures(route):
        got = letter(actor, own, **{name: addresses.value(world, route, name, others[whose])})
        yield route, name, whose, got, got == "-"
