"""Ground of all tests: strict settings, and a flush that passes append-only triggers."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from applications.questions.reading import form_as_loaded
from hdh_portal.ground.garbage import spare_what_is_loaded
from tests import migrated, reading_only, shares
from tests.chain import ChainWatch
from tests.data_folder import DATA
from tests.disorder import Disorder
from tests.worlds import WORLDS


def pytest_configure(config):
    """Plain static files (no manifest in a live server) and a fast password hasher: neither is what is tested."""
    django_settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # WhiteNoise warns of a folder that is not there, and warnings are errors.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def pytest_collection_modifyitems(config, items):
    """What two processes of one run share out between them."""
    shares.share(items)
    if getattr(config.option, "loadgroup", False):
        shares.tell(items)


def pytest_collection_finish():
    """What was collected stays until the end: a third of the processor's time would go to walking over it."""
    spare_what_is_loaded()


@pytest.fixture(scope="session", autouse=True)
def flush_passes_triggers():
    """Flush is TRUNCATE or DELETE, which the append-only triggers rightly refuse: they are set aside for it alone."""
    operations = type(connection.ops)
    plain = operations.sql_flush

    def sql_flush(self, style, tables, **options):
        statements = plain(self, style, tables, **options)
        if not statements:
            return statements
        if self.connection.vendor == "postgresql":
            return ["SET session_replication_role = replica", *statements, "SET session_replication_role = origin"]
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            kept = cursor.fetchall()
        return [f"DROP TRIGGER {name}" for name, _ in kept] + statements + [sql for _, sql in kept]

    operations.sql_flush = sql_flush
    yield
    operations.sql_flush = plain


@pytest.fixture(scope="session", autouse=True)
def disorder():
    """Unordered querysets come back shuffled."""
    shuffles = Disorder()
    shuffles.enter()
    yield shuffles
    shuffles.leave()


@pytest.fixture(scope="session", autouse=True)
def reading_writes_nothing():
    """A GET that writes fails."""
    with reading_only.watched():
        yield


@pytest.fixture(autouse=True)
def own_shuffles(disorder, request):
    """A test that fails by an order fails again when it is run again."""
    disorder.seed(f"{request.path.name}::{request.node.name}")  # A node's id also says its share.


@pytest.fixture(autouse=True)
def worlds():
    """Makers are shared from here on: what a module or a session has built before is in no copy."""
    WORLDS.open()
    yield
    WORLDS.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Whatever the fixtures of a test did, it was in a database that the next one does not see."""
    result = yield
    WORLDS.go_home()
    return result


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A request waits for the verdict on its file, however busy the machine is: its test sees one transaction only."""
    from applications.dossier import judging

    monkeypatch.setattr(judging, "PATIENCE", 60)


@pytest.fixture(autouse=True)
def forms_are_read_anew():
    """A test that was rolled back has taken the rows of its calls with it, and the next one gives their ids again."""
    form_as_loaded.cache_clear()


@pytest.fixture(autouse=True)
def chain_comes_last():
    """No act writes anything after its line in the journal but what needs that line, and the outbox's rows.

    PostgreSQL's connections do not say where a transaction begins; the same acts run embedded.
    """
    watch = ChainWatch()
    if connection.vendor != "sqlite":
        yield watch
        return
    connection.execute_wrappers.append(watch)
    yield watch
    connection.execute_wrappers.remove(watch)
    assert watch.early == []


@pytest.fixture
def data_dir():
    """The data folder of the tests."""
    return Path(DATA)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings):
    """Whether Django finds a database to go on with; it goes with the data folder in any case."""
    return migrated.take()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The sample calls stand in the test database once, loaded by the real command's action."""
    from tests import factories

    with django_db_blocker.unblock():
        WORLDS.settle()
        migrated.store()
        for name in factories.CALLS:
            factories.the_call(name)
    yield
    with django_db_blocker.unblock():
        WORLDS.go_home()
        WORLDS.forget()


@pytest.fixture
def now_is(monkeypatch):
    """Set the procedure's time for pages: `now_is(OPEN)`; it runs on from there."""
    from hdh_portal.ground import clock

    def set_to(instant):
        shift = instant - clock.real()
        monkeypatch.setattr(clock, "offset", lambda: shift)

    return set_to


@pytest.fixture
def sign_in(client):
    """Sign in who holds a role (anything with a `user`), with a second factor; returns the client."""

    from allauth.mfa.models import Authenticator

    from tests.factories import session_of

    def enter(role):
        if client.cookies or connection.vendor != "sqlite":  # Elsewhere a world costs more than a sign-in.
            Authenticator.objects.get_or_create(user=role.user, type="totp", defaults={"data": {"secret": "x"}})
            client.force_login(role.user)
        else:
            client.cookies[django_settings.SESSION_COOKIE_NAME] = session_of(role.user)
        return client

    return enter


@pytest.fixture
def unguarded():
    """Lets a test tamper as somebody with the database's password would: the triggers of one table are dropped."""
    from hdh_portal.records import append_only

    def drop(table):
        with connection.cursor() as cursor:
            for name in append_only.names(table, ("UPDATE", "DELETE"), connection.vendor):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")

    return drop


@pytest.fixture
def faults():
    """What the verification finds, but for the triggers that a test itself dropped."""
    from applications.evidence import verification

    return lambda: [fault for fault in verification.faults() if "déclencheur" not in fault]
