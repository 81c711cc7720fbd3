"""One demonstration, played once by the command in a process of its own, for all tests of this folder."""

import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from hdh_portal.demo import stages
from tests import pace
from tests.demo import urls

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Played:
    """The data folder of a demonstration, what the command printed, and the processor seconds that it took.

    `slowness`: of this machine around it (`tests.pace`).
    """

    data: Path
    printed: str
    seconds: float
    slowness: float

    def run(self, *arguments, **environment):
        """`manage.py ARGUMENTS` on this folder."""
        return manage(self.data, *arguments, **environment)

    def ask(self, name, query):
        """Rows of a query to the live database ("portal") or to the copy of a stage."""
        path = self.data / ("portal.sqlite3" if name == "portal" else f"demo/{name}.sqlite3")
        with closing(sqlite3.connect(path)) as database:
            return database.execute(query).fetchall()


def manage(data, *arguments, **environment):
    """Run `manage.py` with a data folder and an environment of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HDH_", "DATABASE_", "REDIS_"))}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | {"HDH_DATA_DIR": str(data)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """`manage.py demo --all --stage open` on an empty folder."""
    data = tmp_path_factory.mktemp("demonstration")
    # Static files are collected by `make demo` itself, and are not what is timed.
    (data / "static").mkdir()
    (data / "static/staticfiles.json").write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    slow, before = pace.slowness(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = manage(data, "demo", "--all", "--stage", "open")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Played(data, done.stdout, seconds, max(slow, pace.slowness()))


@pytest.fixture
def demonstration(played, settings, django_db_blocker):
    """This process as the web process of a demonstration, on its database; returns a function that goes to a stage."""
    settings.HDH_DEMO = True
    settings.DATA_DIR = played.data
    settings.MAILBOX_DIR = played.data / "mailbox"
    settings.ROOT_URLCONF = urls.__name__
    settings.MIDDLEWARE = [*django_settings.MIDDLEWARE, "hdh_portal.demo.bar.BarMiddleware"]
    with django_db_blocker.unblock():
        connection.close()
        name = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = played.data / "portal.sqlite3"
        yield lambda name: stages.restore(stages.stage_named(name))
        connection.close()
        connection.settings_dict["NAME"] = name
