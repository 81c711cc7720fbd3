"""Deposits while web processes, PostgreSQL and Redis are killed: nothing acknowledged may be lost, nor stand twice.

`python bench/kills.py [--deposits 20000] [--web-kills 200] [--database-kills 20] [--redis-kills 20] [--papers 100]`
starts a PostgreSQL and a Redis of its own and the portal's processes on them, and prints what a ledger outside the
portal finds. The exit code is 1 where a number is not what it must be. `--synchronous-commit off` is the negative
control: PostgreSQL then acknowledges what it has not written, which a start of the portal refuses, so it is set after
that start; the ledger must find losses.

A deposit is a new version of a dossier, one of `--dossiers`. All leave their papers and mails to be made; two cores
cannot make 40 000 papers in two minutes, so the worker, at work from the beginning but of low priority, is judged by
what it had begun when the kills ended and by `--papers` deposits more, by chance.
"""

import argparse
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def arguments(words):
    """The parsed command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--deposits", type=int, default=20_000, help="deposits to be acknowledged")
    parser.add_argument("--dossiers", type=int, default=200, help="dossiers of which they are versions")
    parser.add_argument("--web-kills", type=int, default=200, help="kills of a web process")
    parser.add_argument("--database-kills", type=int, default=20, help="kills of PostgreSQL as a whole")
    parser.add_argument("--redis-kills", type=int, default=20, help="kills of Redis, which forgets everything")
    parser.add_argument("--papers", type=int, default=100, help="deposits whose papers and mail are awaited")
    parser.add_argument("--synchronous-commit", choices=("on", "off"), default="on", help="off: the negative control")
    parser.add_argument("--leases-over", action="store_true", help="work cut off is free at once, not after 90 s")
    return parser.parse_args(words)


def main(words):
    """Run the campaign; returns the exit code."""
    options = arguments(words)
    installed = importlib.import_module("bench.installed")
    with installed.portal("hdh-kills-", of="PowerCutPostgreSQL") as (folder, database, redis):
        # What knows the portal can be imported only now that its settings are those of these servers.
        findings = importlib.import_module("bench.killing.storm").run(options, folder, database, redis)
    print("\n".join(map(str, findings)))
    return 0 if all(finding.is_well for finding in findings) else 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
