"""The migrated SQLite file is made once and copied: every process of every run begins with what another has made.

It stands in pytest's cache, under a name that changes with what makes it. Migrations still run on the copy: they find
nothing to do, and make the rows (content types) that they make each time.
"""

import hashlib
import os
import shutil
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
# Some migrations read the models' own triggers; the packages bring migrations of theirs.
MAKERS = ("*/migrations/*.py", "*/*/migrations/*.py", "*/models/**/*.py", "*/*/models.py", "requirements.txt")
MAKERS += ("hdh_portal/records/append_only.py",)


def kept_in(config):
    """Where the file of these migrations stands, made or not."""
    folder, digest = config.cache.mkdir("database"), hashlib.sha256()
    for path in sorted(path for pattern in MAKERS for path in ROOT.glob(pattern) if ".venv" not in path.parts):
        digest.update(path.read_bytes())
    return folder / f"{digest.hexdigest()[:16]}.sqlite3"


def take(kept):
    """Put a copy where Django makes the test database; False if there is none yet."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and kept.exists():
        shutil.copyfile(kept, settings.DATABASES["default"]["TEST"]["NAME"])
        return True
    return False


def keep(kept, connection):
    """Leave a copy of the database that was just made, for those who come after; the first one wins."""
    if connection.vendor == "sqlite" and not kept.exists():
        connection.close()  # The last one writes the log into the file.
        own = kept.with_suffix(f".{os.getpid()}")
        shutil.copyfile(connection.settings_dict["NAME"], own)
        for old in kept.parent.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        own.replace(kept)
