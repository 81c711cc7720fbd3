"""Every route and every form of the portal, sent what no form of it would send: a sentence in French, never an error."""

import pytest
from django.urls import NoReverseMatch, reverse

from tests.factories import CLOSED, OPEN
from tests.permissions import asking, table, world
from tests.permissions.addresses import ROUTES, address
from tests.permissions.forms import HOSTILE, assert_answered, attack, shown_to
from tests.permissions.world import World, rolled_back

pytestmark = pytest.mark.django_db
QUERY = ("page", "vue", "axe", "categorie", "reference", "next", "q")


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        built = World()
        asking.sign_in(built)
        built.nothing = {}
        yield built


@pytest.mark.parametrize("moment", ["open", "closed"])
def test_forms_of_candidates_and_officers(small, now_is, moment):
    now_is({"open": OPEN, "closed": CLOSED}[moment])
    rows = [row for row in table.ROWS if row.moment == moment]
    found = shown_to(small, rows, world.ACTORS, lambda row: small.dossiers[row.dossier])
    assert len(found) > 10
    attack(found, small, HOSTILE, each=False)
    attack(found, small, {name: HOSTILE[name] for name in ("nul", "huge", "escaped")}, each=True)


def addresses_of(route):
    """Paths of a route in whose places stands what no page links to."""
    for name, hostile in (
        ("5-kB", "x" * 5000),
        ("digits", "9" * 5000),
        ("huge", "9" * 20),
        ("nul", "a\0b"),
        ("sign", "\u202e"),
    ):
        for value in (hostile, int("9" * 20)):
            try:
                yield name, reverse(route, kwargs=dict.fromkeys(ROUTES[route], value))
            except NoReverseMatch:
                continue


@pytest.mark.parametrize("actor", ["anonymous", "owner", "manager"])
def test_addresses_and_searches(small, now_is, actor):
    now_is(CLOSED)
    client = asking.client_of(small, actor)
    for route in ROUTES:
        plain = address(small, route, small.dossiers["free"])
        searches = ["&".join(f"{key}={hostile}" for key in QUERY) for hostile in HOSTILE.values()]
        with rolled_back():
            for path in [*(path for _name, path in addresses_of(route)), *(f"{plain}?{search}" for search in searches)]:
                assert_answered(client.get(path), (route, path[:200]))
                assert_answered(client.get(path, headers={"HX-Request": "true"}), (route, path[:200]))
