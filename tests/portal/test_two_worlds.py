"""Two worlds that differ in one secret: whoever may not know it reads the same bytes in both, everywhere."""

import contextlib

import pytest
from django.urls import reverse

from applications.admissibility.actions import take_check
from applications.admissibility.worklist import LABELS, ORDERS
from applications.models import Application
from hdh_portal.ground import clock
from tests.applications.officers import conclude, reconcile, refused_point, write
from tests.factories import CLOSED
from tests.permissions import addresses, crawling
from tests.permissions.addresses import ROUTES
from tests.permissions.built import first_world
from tests.permissions.table import ROWS
from tests.permissions.world import LATER, World
from tests.worlds import rolled_back, world_of_module

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
REAL = LATER  # the one instant at which both worlds are read
READ = ("free", "split")  # the dossiers that the secrets are about
PAGED = ("outcome_list", "release_preview")
GETS = sorted({row.route for row in ROWS if row.method == "GET" and ":" in row.route and "accounts:" not in row.route})


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), world_of_module(first_world) as world:
        yield world


@pytest.fixture
def world(built, monkeypatch):
    """The world at one instant: its clock stands still."""
    monkeypatch.setattr(clock, "real", lambda: REAL)
    monkeypatch.setattr(clock, "offset", lambda: CLOSED - REAL)
    return built


# Secrets: two acts of which one happens; the dossier it concerns ------------------------------------------------------


def nothing(world):
    """Nothing happens."""


def concludes(*names, against=False):
    """The officers conclude the check of the dossier that is free, all for it or all against."""

    def happen(world):
        application = world.dossiers["free"]
        refuse = [refused_point(application)] if against else ()
        for name in names:
            conclude(application, world.offices[name], refuse=refuse, reason="Le secret.")

    return happen


def begins(world):
    second = world.offices["second"]
    check = take_check(world.dossiers["free"], second, by=second.user, at=CLOSED)
    write(check, refuse=[refused_point(check.application)], reason="Le secret.", at=CLOSED)


def reconciles(conclusion):
    def happen(world):
        managers = world.offices["signer"], world.offices["both"]
        reconcile(world.dossiers["split"], *managers, conclusion=conclusion, reason="Le secret.")

    return happen


SECRETS = {
    "what the other body concluded": (
        (concludes("second"), concludes("second", against=True)),
        ("first", "manager", "owner", "with_interest"),
    ),
    "what the other body writes": ((nothing, begins), ("first", "secretary", "with_interest")),
    "that a body has concluded": ((nothing, concludes("second")), ("owner", "anonymous", "with_interest", "abroad")),
    "an outcome not released": (
        (concludes("first", "second"), concludes("first", "second", against=True)),
        ("owner", "other", "anonymous", "with_interest", "fresh"),
    ),
    "a reconciliation not released": (
        (reconciles("admissible"), reconciles("inadmissible")),
        ("owner", "with_interest"),
    ),
    "a release that one has signed": ((World.complete, World.sign), ("owner", "anonymous")),
}


# Reading everything ---------------------------------------------------------------------------------------------------


def starts(world):
    """Every page that has an address: each route with two dossiers, lists with every filter, view and page."""
    for route in GETS:
        for state in READ if "reference" in ROUTES[route] else READ[:1]:
            yield addresses.address(world, route, world.dossiers[state])
    listed = reverse("applications:check_list", args=[world.call.slug])
    yield from (f"{listed}?vue={view}" for view in [*LABELS, "rien"])
    yield from (f"{listed}?vue=tous&axe={axis}" for axis in world.call.axis_set.values_list("key", flat=True))
    yield from (f"{listed}?vue=tous&categorie={row}" for row in world.call.bucket_set.values_list("key", flat=True))
    yield from (f"{listed}?vue=tous&tri={order}" for order in ORDERS)
    yield from (f"{listed}?vue=tous&q={words}" for words in ("un", "2020", "552100554"))
    pages = [listed, *(addresses.address(world, f"applications:{name}", world.dossiers["free"]) for name in PAGED)]
    yield from (f"{path}?page=2" for path in [*pages, reverse("applications:application_list")])


def crawl(world, actor):
    """Everything but the dossiers that stand for no state of a secret."""
    left_out = [row.reference for name, row in world.dossiers.items() if name not in READ]
    return crawling.crawl(world, actor, starts(world), left_out)


def read_after(world, happen, actors):
    """Everything that each person reads once a secret is there."""
    with crawling.happened(world, happen), fresh_rows(world):
        return {actor: crawl(world, actor) for actor in actors}


@contextlib.contextmanager
def fresh_rows(world):
    """The dossiers as the database holds them now, and as it held them before."""
    kept = world.dossiers
    world.dossiers = {name: Application.objects.get(pk=row.pk) for name, row in kept.items()}
    yield
    world.dossiers = kept


def differences(world, secret, actors):
    """For each person the addresses of what is not the same in both worlds."""
    one, other = (read_after(world, happen, actors) for happen in SECRETS[secret][0])
    return {actor: crawling.unlike(one[actor], other[actor]) for actor in actors}


@pytest.mark.parametrize("secret", SECRETS)
def test_secret_changes_no_byte_for_who_may_not_know(world, secret):
    actors = SECRETS[secret][1]
    assert differences(world, secret, actors) == {actor: [] for actor in actors}


def test_crawl_reaches_the_pages_of_a_person(world):
    with rolled_back():
        found = crawl(world, "first")
    reached = {path for (path, _kind), (status, _headers, _body) in found.items() if status == 200}
    assert len(reached) > 40
    assert addresses.address(world, "applications:annex_file", world.dossiers["free"]) in reached


def test_who_may_know_reads_two_worlds(world):
    assert differences(world, "what the other body concluded", ["second"]) != {"second": []}


def test_template_that_leaks_is_found(world, settings, tmp_path):
    """Negative control: the candidate's page shows an outcome that is not released."""
    shown = "{% if application.outcome %}{{ application.outcome.conclusion }}{% endif %}"
    crawling.leak(settings, tmp_path, "applications/dossier/application_detail.html", shown)
    path = world.dossiers["free"].get_absolute_url()
    assert differences(world, "an outcome not released", ["owner"]) == {"owner": [(path, "page")]}
