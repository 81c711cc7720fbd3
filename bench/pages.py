"""Milliseconds, statements and size of the pages that exist, beside a bare floor of the same framework in the same run.

`python bench/pages.py [--dossiers 138 10000] [--rounds 15] [--deposits 60] [--page WORD …]` prints Markdown. For each
number of dossiers it fills a database of its own in bulk: SQLite in a temporary folder, or, with a PostgreSQL
`DATABASE_URL`, a new database beside the one that is named, dropped at the end. Of several numbers it says how many
times longer each page takes with the last one than with the first. Numbers of two runs are not to be compared: the
machine is shared.
"""

import argparse
import contextlib
import importlib
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg2

ROOT = Path(__file__).resolve().parent.parent
# A page may take so many times longer with the greater number of dossiers.
MOST = 1.3


def arguments(words):
    """The parsed command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dossiers", type=int, nargs="+", default=[138, 10_000], help="deposited dossiers of the call")
    parser.add_argument("--rounds", type=int, default=15, help="times each page is asked; medians are printed")
    parser.add_argument("--deposits", type=int, default=60, help="deposits of the rate test, 0 leaves it out")
    parser.add_argument("--page", nargs="*", default=[], help="only pages whose name holds one of these words")
    return parser.parse_args(words)


@contextlib.contextmanager
def own_database():
    """A data folder and an empty database, both gone at the end; the settings are read inside."""
    given = os.environ.get("DATABASE_URL", "")
    os.environ |= {
        "HDH_PROFILE": "local",
        "HDH_DEMO": "",
        "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "hdh_portal.settings",
    }
    with tempfile.TemporaryDirectory(prefix="hdh-bench-") as folder:
        os.environ["HDH_DATA_DIR"] = folder
        os.environ["DATABASE_URL"] = ""
        if not given.startswith("postgres"):
            yield
            return
        name = f"hdh_bench_{os.getpid()}"
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        _run(given, f"CREATE DATABASE {name}")
        try:
            yield
        finally:
            _run(given, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url, statement):
    """One statement outside a transaction, to the server that `url` names."""
    link = psycopg2.connect(url.replace("postgres://", "postgresql://", 1))
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()


def _measured(options, size):
    """Measure in a process of its own, whose settings are those of its database; returns what `course.run` does."""
    context = multiprocessing.get_context("fork")
    end, ours = context.Pipe(duplex=False)

    def work():
        with own_database():
            django.setup()
            # Models can be imported only now that Django stands on the temporary database.
            ours.send(importlib.import_module("bench.course").run(options, size))

    worker = context.Process(target=work)
    worker.start()
    ours.close()
    try:
        return end.recv()
    except EOFError:
        raise SystemExit(f"The measures with {size} dossiers failed.") from None
    finally:
        worker.join()


def compare(options, few, many):
    """The table of how much longer the pages take with more dossiers."""
    sizes = options.dossiers[0], options.dossiers[-1]
    print(f"\n# {sizes[1]} dossiers beside {sizes[0]}, ms at pace 1\n")
    print(f"| stage | page | who | {sizes[0]} | {sizes[1]} | times | |\n|---|---|---|--:|--:|--:|---|")
    for key, ms in few.items():
        if key in many:
            times = many[key] / ms
            over = f"**over** {MOST} ×" if times > MOST else ""
            print(f"| {' | '.join(key)} | {ms:.1f} | {many[key]:.1f} | {times:.1f} | {over} |")


def main(words):
    """Fill, measure, print; the exit code is 0 whatever the numbers: a table is read, not obeyed."""
    options = arguments(words)
    found = [_measured(options, size) for size in options.dossiers]
    if len(found) > 1:
        compare(options, found[0], found[-1])


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(sys.argv[1:])
