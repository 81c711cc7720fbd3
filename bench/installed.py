"""A PostgreSQL, a Redis and a data folder of one's own, on which Django stands: for the measures of a whole service."""

import contextlib
import os
import tempfile
from pathlib import Path

import django

from bench.killing import servers


@contextlib.contextmanager
def portal(prefix, *, of="PostgreSQL"):
    """Give `(folder, database, redis)`, running and gone at the end; the settings are read inside.

    `of`: name of the class of the database, in `bench.killing.servers`.
    """
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may run as somebody else.
        with getattr(servers, of)(folder) as database, servers.Redis(folder) as redis:
            os.environ |= {
                "HDH_PROFILE": "local",
                "HDH_DEMO": "",
                "EMAIL_URL": "",
                "HDH_DATA_DIR": str(folder / "data"),
                "DATABASE_URL": database.url,
                "REDIS_URL": redis.url,
                "DJANGO_SETTINGS_MODULE": "hdh_portal.settings",
            }
            django.setup()
            yield folder, database, redis
