"""The stages of the demonstration: one database copy each, and the switch that restores one into the live database.

A copy is made with VACUUM INTO, a switch with SQLite's backup API, so that web and worker go on while it happens
(sqlite.org/backup.html). Work that the worker has done is carried into the copies first: papers are made once.
"""

import datetime
import fcntl
import functools
import hashlib
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from hdh_portal.demo import carrying
from hdh_portal.demo.script import FOLDER, script
from hdh_portal.ground import clock

BUSY_SECONDS = 20
MAKERS = (
    *("annexes", "cast", "evaluation_acts", "evaluation_schedule", "events", "jury_acts", "jury_schedule", "marks"),
    *("people", "replay", "schedule", "script", "texts"),
)


@dataclass(frozen=True)
class Stage:
    """A moment of the call at which the demonstration can stand."""

    name: str
    group: str
    label: str
    at: datetime.datetime

    @property
    def copy(self):
        """Path of this stage's database copy."""
        return folder() / f"{self.name}.sqlite3"


@functools.cache
def all_stages():
    """The stages in order of time."""
    return [Stage(**row) for row in script("replay")["stages"]]


def stage_named(name):
    """The stage of this name, or None."""
    return next((stage for stage in all_stages() if stage.name == name), None)


def folder():
    """Where copies and marks stand."""
    path = settings.DATA_DIR / "demo"
    path.mkdir(parents=True, exist_ok=True)
    return path


def current():
    """The stage that was restored last, or None before the first."""
    try:
        return stage_named((folder() / "stage").read_text())
    except FileNotFoundError:
        return None


def restored_at():
    """Real instant of the last switch, as a timestamp; 0 before the first."""
    mark = folder() / "stage"
    return mark.stat().st_mtime if mark.exists() else 0


@functools.cache
def edition():
    """Digest of what the copies were made from: texts, course and migrations. Another one makes them anew."""
    root = settings.BASE_DIR
    sources = [*FOLDER.glob("*.toml"), *(FOLDER / f"{name}.py" for name in MAKERS)]
    sources += [*root.glob("*/migrations/*.py"), *root.glob("hdh_portal/*/migrations/*.py")]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


# Copies -------------------------------------------------------------------------------------------------------------


def store(stage):
    """Copy the live database as this stage."""
    fresh = stage.copy.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    fresh.replace(stage.copy)


def kept():
    """The stages that have a copy, in order."""
    return [stage for stage in all_stages() if stage.copy.exists()]


def restore(stage):
    """Put this stage's copy in place of the live database, and the clock at its instant, running."""
    connection.close()
    with _alone():
        carry_work()
        with closing(sqlite3.connect(stage.copy)) as source, closing(_live()) as target:
            source.backup(target)
        clock.set_offset(stage.at)
        (folder() / "stage").write_text(stage.name)


def carry_work():
    """Let every copy know the papers and page pictures that the live database has ready."""
    for stage in kept():
        with closing(sqlite3.connect(stage.copy, timeout=BUSY_SECONDS)) as copy:
            carrying.carry(copy, live_path())


def live_path():
    """Path of the live database."""
    return Path(connection.settings_dict["NAME"])


def _live():
    return sqlite3.connect(live_path(), timeout=BUSY_SECONDS)


@contextmanager
def _alone():
    """One switch at a time."""
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
