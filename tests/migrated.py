"""The migrated SQLite file is made once and copied: every process of every run begins with what another has made.

It stands in `var/cache`, under a name that changes with what makes it. Migrations still run on the copy: they find
nothing to do, and make the rows (content types) that they make each time.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "cache" / "migrated"
# Some migrations read the models' own triggers; the packages bring migrations of theirs.
MAKERS = ("*/migrations/*.py", "*/*/migrations/*.py", "*/models/**/*.py", "*/*/models.py", "requirements.txt")
MAKERS += ("hdh_portal/records/append_only.py",)
KEPT = 8  # A guard that is taken from a model leaves a file of its own.


def file():
    """Where the file of these migrations stands, made or not."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in MAKERS for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:16]}.sqlite3"


def take():
    """Put a copy where Django makes the test database; False if there is none yet."""
    database = settings.DATABASES["default"]
    if connection.vendor != "sqlite" or not file().exists():
        return False
    shutil.copyfile(file(), database["TEST"]["NAME"])
    return True


def store():
    """Leave a copy of the database that was just made, for those who come after; the first one wins."""
    if connection.vendor != "sqlite" or file().exists():
        return
    connection.close()  # The last one writes the log into the file.
    FOLDER.mkdir(parents=True, exist_ok=True)
    own = FOLDER / f"{os.getpid()}.made"
    shutil.copyfile(connection.settings_dict["NAME"], own)
    own.replace(file())
    with suppress(FileNotFoundError):  # Another process sweeps too.
        for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()
