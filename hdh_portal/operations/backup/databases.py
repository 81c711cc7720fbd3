"""The database as it is at one instant, in a file; and a database made again from such a file.

PostgreSQL: `pg_dump` in custom format and the rows that describe it are read in one exported snapshot
(postgresql.org/docs/15/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION). SQLite: its backup API in one step,
which leaves writers alone (sqlite.org/backup.html), then the copy is read.
"""

import os
import sqlite3
import subprocess
from contextlib import closing, contextmanager

from django.core.management.base import CommandError
from django.db import connection

NAMES = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
PATIENT = "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0"


@contextmanager
def dumped_into(path):
    """Write the database to `path`; gives `rows(sql)`, an iterator over rows of that very state."""
    with (_postgres if connection.vendor == "postgresql" else _sqlite)(path) as rows:
        yield rows


@contextmanager
def _postgres(path):
    reader = connection.copy()
    try:
        with reader.cursor() as cursor:
            cursor.execute(PATIENT)
        reader.set_autocommit(False)
        with reader.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        _run(["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}"])

        def rows(sql):
            with reader.chunked_cursor() as cursor:
                cursor.execute(sql)
                yield from cursor

        yield rows
    finally:
        reader.close()


@contextmanager
def _sqlite(path):
    _copied(connection.settings_dict["NAME"], path)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        yield copy.execute


def load(path):
    """Make the database anew from a dump, in one transaction: it is there as a whole or not at all."""
    connection.close()
    if connection.vendor == "postgresql":
        kept = ["--no-owner", "--no-privileges", "--clean", "--if-exists"]
        database = f"--dbname={connection.settings_dict['NAME']}"
        _run(["pg_restore", *kept, "--single-transaction", "--exit-on-error", database, str(path)])
        return
    name = connection.settings_dict["NAME"]
    os.makedirs(os.path.dirname(name), exist_ok=True)
    _copied(path, name)


def _copied(source, target):
    with closing(sqlite3.connect(source, timeout=20)) as read, closing(sqlite3.connect(target, timeout=20)) as written:
        read.backup(written)


def is_empty():
    """True where nobody has an account and no journal stands: a new database, migrated or not."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) & {"accounts_user", "records_chain"}
        return not any(_has_rows(cursor, table) for table in tables)


def _has_rows(cursor, table):
    cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 (one of two names above)
    return cursor.fetchone() is not None


def _run(command):
    """One of PostgreSQL's own programs on the portal's database; the password goes by the environment."""
    told = connection.settings_dict
    given = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    variables = {name: str(told[key]) for name, key in given.items() if told[key]}
    options = {f"PG{name.upper()}": value for name, value in told["OPTIONS"].items() if name.startswith("ssl")}
    try:
        subprocess.run(command, env=os.environ | variables | options, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise CommandError(f"{command[0]} is not installed: it comes with PostgreSQL's client programs.") from None
    except subprocess.CalledProcessError as error:
        raise CommandError(f"{command[0]} failed: {error.stderr.strip()[-500:]}") from None
