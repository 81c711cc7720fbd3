"""The portal under attack, through its own front doors: what each attack did before, what it does now, its limit.

`python bench/attacks.py [--only WORD …] [--cheap]` starts a PostgreSQL and a Redis of its own, `make serve`, `make
worker` and `make beat` on them and the nginx of `docs/nginx.conf` before them, with a certificate that it makes itself.
Every attack is bounded in count and time and goes to the loopback only. It prints one table; the exit code is 1 where a
limit is broken. `--cheap` leaves out what loads the machine or takes longer than some seconds.
"""

import argparse
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def arguments(words):
    """The parsed command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="*", default=[], help="attacks whose name holds one of these words")
    parser.add_argument("--cheap", action="store_true", help="only what takes some seconds")
    return parser.parse_args(words)


def main(words):
    """Attack, print the table; returns the exit code."""
    options = arguments(words)
    installed = importlib.import_module("bench.installed")
    with installed.portal("hdh-attacks-") as (folder, database, redis):
        # What knows the portal can be imported only now that its settings are those of these servers.
        return importlib.import_module("bench.attacking.campaign").run(options, folder, database, redis)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
