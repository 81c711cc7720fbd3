"""Worlds that many tests begin with are built once: each is a database of its own, in which every test rolls back.

A maker decorated with `@world` builds through the real actions, once in a process for each way to call it. What it
built is committed to a copy of the database; the next test that begins with the same call is taken to that copy and
given what the maker returned. This holds for the first acts of a test, as long as it wrote nothing itself. On SQLite it
holds for makers within makers too: `make_room(1)` goes on from the copy that `shortlisted(1)` left.
"""

import contextlib
import functools
import io
import itertools
import pickle
import shutil
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection, models, transaction

from applications.questions.reading import form_as_loaded
from hdh_portal.records import files
from hdh_portal.records.models import StoredFile

READS = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "EXPLAIN")
PLAIN = (str, bytes, int, float, date, range, type(None))
KEPT = {"sqlite": 128, "postgresql": 64}  # A copy is some megabytes: those that were not asked for lately go.


class NotShared(Exception):
    """An argument whose like cannot be known again."""


def world(maker):
    """Decorate a maker of what tests begin with; what it returns can be pickled."""

    @functools.wraps(maker)
    def made(*args, **options):
        return WORLDS.made(maker, args, options)

    return made


def opening(maker):
    """Decorate a maker that costs little, but is called before worlds; within another maker nothing is kept of it."""

    @functools.wraps(maker)
    def made(*args, **options):
        return maker(*args, **options) if WORLDS.building else WORLDS.made(maker, args, options)

    return made


@contextlib.contextmanager
def rolled_back():
    """A transaction that leaves nothing; actions, which are durable, may run inside it as in a `TestCase`."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


@contextlib.contextmanager
def world_of_module(maker):
    """What the maker returns, for all tests of a module, of which each goes back to it."""
    with rolled_back():
        WORLDS.open()
        try:
            built = WORLDS.made(maker, (), {})
        finally:
            WORLDS.close()
        yield built


@dataclass
class World:
    """`name` of a database that nobody writes to; `pickled`: what its maker returned and did to the rows given.

    `stored`: the bytes of its files, each with its type: a test of another world may have erased or forged them since.
    """

    name: str
    pickled: bytes
    stored: list

    def returned(self, given):
        """What the maker returned, for the rows `given` to it now, which become what it made of the first ones."""
        returned, states = _Reader(self.pickled, given).load()
        for row, state in zip(given, states, strict=True):
            row.__dict__.clear()
            row.__dict__.update(state)
        return returned


class Worlds:
    """The worlds of this process, and where its test stands.

    `origin`: name of the database whose rows the test sees; `wrote`: and others of its own; `building`: makers at work.
    """

    def __init__(self):
        self.known, self.numbers = OrderedDict(), itertools.count(1)
        self.home, self.origin = None, None
        self.is_open = self.wrote = self.is_copy = False
        self.building = 0

    def settle(self):
        """The database that all share is made; tests that need none may have run before."""
        self.home = connection.settings_dict["NAME"]

    def open(self):
        """A test begins, in the database that all share or in the world of its module."""
        self.origin = connection.settings_dict["NAME"]
        self.is_open, self.wrote, self.is_copy = True, False, False
        connection.execute_wrappers.append(self._watch)

    def close(self):
        """The test writes no more."""
        self.is_open = False
        connection.execute_wrappers.remove(self._watch)

    def go_home(self):
        """The test was rolled back: the next one begins where all do, or goes on in the world of its module."""
        left = connection.settings_dict["NAME"]
        if self.home and left != self.home and not connection.in_atomic_block:
            _connect(self.home)
            if self.is_copy:
                _drop(left)

    def forget(self):
        """What all share has changed, or nobody asks any more."""
        while self.known:
            _drop(self.known.popitem()[1].name)

    def made(self, maker, args, options):
        """What the maker returns, in the world that it makes."""
        given = []
        try:
            key = (self.origin, maker.__module__, maker.__qualname__, _key(args, given), _key(options, given))
        except NotShared:
            return maker(*args, **options)
        # A copy costs little on SQLite only: there, what a world stands on is kept too.
        if not self._is_shared() or (self.building and connection.vendor != "sqlite"):
            return maker(*args, **options)
        if found := self.known.get(key):
            self._enter(found.name)
            self.known.move_to_end(key)
            _mend(found.stored)
            returned = found.returned(given)
        else:
            returned = self._build(key, given, lambda: maker(*args, **options))
        if self.building:
            self._fork()
        else:
            form_as_loaded.cache_clear()  # A page costs the same whether its world was built before or now.
        return returned

    def _is_shared(self):
        """Nothing stands between the test and the rows of `origin`: it may leave for another database."""
        blocks = connection.atomic_blocks
        return self.is_open and not self.wrote and len(blocks) == 1 and blocks[0]._from_testcase

    def _watch(self, execute, sql, params, many, context):
        self.wrote = self.wrote or not sql.startswith(READS)
        return execute(sql, params, many, context)

    def _build(self, key, given, make):
        if not self.is_copy:
            self._fork()
        self.building += 1
        try:
            returned = make()
        finally:
            self.building -= 1
        _commit()
        self.origin, self.wrote, self.is_copy = connection.settings_dict["NAME"], False, False
        self.known[key] = World(self.origin, _pickled(returned, given), _stored())
        if len(self.known) > KEPT[connection.vendor]:
            _drop(self.known.popitem(last=False)[1].name)
        return returned

    def _enter(self, name):
        left, was_copy = connection.settings_dict["NAME"], self.is_copy
        _move(name)
        self.origin, self.is_copy = name, False
        if was_copy:
            _drop(left)

    def _fork(self):
        """Go on in a copy, to which a maker may write."""
        name = f"{self.home}_w{next(self.numbers)}"
        _move(name, copied=True)
        self.is_copy = True


# Databases -----------------------------------------------------------------------------------------------------------


def _move(name, *, copied=False):
    """Take the transaction of the test, in which nothing was written, to another database, `copied` from this one."""
    (atomic,) = connection.atomic_blocks
    transaction.set_rollback(True)
    atomic.__exit__(None, None, None)
    here = connection.settings_dict["NAME"]
    connection.close()
    if copied:
        _copy(here, name)
    _connect(name)
    atomic.__enter__()


def _commit():
    """Commit what a maker wrote; as in any test, nobody is told of it."""
    (atomic,) = connection.atomic_blocks
    connection.run_on_commit = []
    atomic.__exit__(None, None, None)
    atomic.__enter__()


def _connect(name):
    connection.close()
    connection.settings_dict["NAME"] = name


def _copy(name, copy):
    if connection.vendor == "sqlite":
        shutil.copyfile(name, copy)
    else:
        _administer(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')


def _drop(name):
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)
    else:
        _administer(f'DROP DATABASE "{name}"')


def _administer(statement):
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _stored():
    rows = [(files.path_of(row.sha256), row.media_type) for row in StoredFile.objects.all()]
    return [(path, path.read_bytes(), media_type) for path, media_type in rows if path.exists()]


def _mend(stored):
    for path, content, media_type in stored:
        if not path.exists() or path.read_bytes() != content:
            files.store(content, media_type)


# What is kept of a call ----------------------------------------------------------------------------------------------


def _key(value, given):
    """What two equal calls have in common; rows, which are known by their key, are gathered in `given`."""
    if isinstance(value, models.Model):
        given.append(value)
        return value._meta.label, value.pk
    if isinstance(value, PLAIN):
        return type(value).__name__, value
    if isinstance(value, dict):
        return tuple((name, _key(value[name], given)) for name in sorted(value))
    if isinstance(value, (list, tuple)):
        return tuple(_key(one, given) for one in value)
    raise NotShared


def _pickled(returned, given):
    kept = io.BytesIO()
    _Writer(kept, given).dump((returned, [row.__dict__ for row in given]))
    return kept.getvalue()


class _Writer(pickle.Pickler):
    """Rows that the caller gave are named by their place: the next caller finds its own in what is returned."""

    def __init__(self, file, given):
        super().__init__(file)
        self.places = {id(row): place for place, row in enumerate(given)}

    def persistent_id(self, one):
        return self.places.get(id(one))


class _Reader(pickle.Unpickler):
    def __init__(self, pickled, given):
        super().__init__(io.BytesIO(pickled))
        self.given = given

    def persistent_load(self, place):
        return self.given[place]


WORLDS = Worlds()
