"""Deposits a second through the processes of a service: people save a section, read the whole again and deposit it.

`python bench/deposits.py [--deposits 300] [--people 12] [--turns 1] [--beside FOLDER] [--worker yes]` starts a
PostgreSQL and a Redis of its own, and on them `make serve` with two processes and `make worker`; people and portal
share the machine. It prints Markdown: how many whole sequences there were a second, how long each act took beside
`/healthz` in the same run, what processor time an act cost whom, and how much work was left. The exit code is 1 where
a number passes its limit.

`--beside FOLDER`: another tree of the portal, with the same tables, takes turns with this one. On a shared machine only
numbers of one run are to be compared.
"""

import argparse
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def arguments(words):
    """The parsed command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--deposits", type=int, default=300, help="sequences of a turn")
    parser.add_argument("--people", type=int, default=12, help="people at once, each with a dossier of their own")
    parser.add_argument("--turns", type=int, default=1, help="turns of each tree")
    parser.add_argument("--seconds", type=int, default=120, help="a turn ends after so many, whatever was done")
    parser.add_argument("--beside", type=Path, help="folder of another tree")
    parser.add_argument("--worker", choices=("yes", "no"), default="yes", help="no: nobody makes papers meanwhile")
    return parser.parse_args(words)


def main(words):
    """Measure and print; returns the exit code."""
    options = arguments(words)
    installed = importlib.import_module("bench.installed")
    with installed.portal("hdh-deposits-") as (folder, database, redis):
        # What knows the portal can be imported only now that its settings are those of these servers.
        turns = importlib.import_module("bench.depositing.turns")
        return turns.run(options, folder, ROOT, {"PostgreSQL": database, "Redis": redis})


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
