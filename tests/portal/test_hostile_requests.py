"""Every address and form of the portal, sent what no form would send: a sentence in French, never an error."""

import contextlib

import pytest
from django.db import connection
from django.urls import NoReverseMatch, reverse

from tests.factories import CLOSED, OPEN
from tests.permissions import asking, table, world
from tests.permissions.addresses import ROUTES, address
from tests.permissions.built import first_world
from tests.permissions.forms import HOSTILE, attack, fault_of, shown_to
from tests.worlds import rolled_back, world_of_module

pytestmark = pytest.mark.django_db
# Whether the portal is ready is said by a 503 of its own.
ASKED = [route for route in ROUTES if not route.endswith(":readyz")]
QUERY = ("page", "vue", "axe", "categorie", "reference", "next", "q")


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), world_of_module(first_world) as built:
        yield built


@pytest.mark.parametrize("moment", ["open", "closed"])
def test_forms_of_candidates_and_officers(small, now_is, moment):
    now_is({"open": OPEN, "closed": CLOSED}[moment])
    rows = [row for row in table.ROWS if row.moment == moment]
    found = shown_to(small, rows, world.ACTORS, lambda row: small.dossiers[row.dossier])
    assert len(found) > 10
    assert attack(found, small) == []


PLACES = {"5-kB": "x" * 5000, "digits": "9" * 5000, "huge": "9" * 20, "nul": "a\0b", "override": "\u202e"}


def addresses_of(route):
    """Paths of a route in whose places stands what no page links to, as far as the route takes it."""
    for value in (*PLACES.values(), int("9" * 20)):
        with contextlib.suppress(NoReverseMatch):
            yield reverse(route, kwargs=dict.fromkeys(ROUTES[route], value))


def faults_of(client, paths):
    """`(path, fault)` of the pages and, where the database is not what is asked, of their parts."""
    parts = {"HX-Request": "true", "HX-Current-URL": "http://[", "Accept-Language": "\xff;q=9"}
    forms = ({}, parts) if connection.vendor == "sqlite" else ({},)
    asked = [(path, headers) for path in paths for headers in forms]
    return [(path[:99], fault) for path, headers in asked if (fault := fault_of(client.get(path, headers=headers)))]


@pytest.mark.parametrize("actor", ["anonymous", "manager"])
def test_addresses(small, now_is, actor):
    now_is(CLOSED)
    with rolled_back():
        paths = [path for route in ASKED for path in addresses_of(route)]
        assert faults_of(asking.client_of(small, actor), paths) == []


@pytest.mark.parametrize("actor", ["anonymous", "manager"])
def test_searches(small, now_is, actor):
    now_is(CLOSED)
    with rolled_back():
        plain = [address(small, route, small.dossiers["free"]) for route in ASKED]
        searches = ["&".join(f"{key}={HOSTILE[name]}" for key in QUERY) for name in ("nul", "not-utf-8", "digits")]
        paths = [f"{path}?{search}" for path in plain for search in searches if "logout" not in path]
        assert faults_of(asking.client_of(small, actor), paths) == []
