"""A picture of every page that the demonstration reaches, at 1280 and 375 px, in var/screenshots.

`python bench/screenshots.py [WORD …]` plays the demonstration in a data folder of its own (var/screenshots/data, kept
for the next run), serves it as `make demo` does and photographs `bench/shown.py`; with words, only the pictures whose
name holds one of them. It fails if a route that answers a GET has neither a picture nor a reason, if a page does not
answer 200, or if it is not what every page must be (`tests/browser/looking.py`: axe, console, width and more).
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "var" / "screenshots" / "data"


def main(words):
    """Take the pictures; the exit status."""
    os.environ |= {"HDH_DATA_DIR": str(DATA), "HDH_DEMO": "1", "DJANGO_SETTINGS_MODULE": "hdh_portal.settings"}
    os.environ |= {"DATABASE_URL": "", "REDIS_URL": "", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    sys.path[:0] = [str(ROOT)]
    DATA.mkdir(parents=True, exist_ok=True)
    django.setup()
    return import_module("bench.photographing").run(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
