"""The data folder of a test run, named before pytest-django reads the settings: a conftest would come too late.

Loaded by `-p` in pyproject.toml. Runs at the same time never share a database, a broker or a file; neither do the
processes of one run (`pytest -n`), each with a Redis database of its own: a worker that took the messages of another
would look for their rows in the wrong database.
"""

import atexit
import os
import shutil
import tempfile

DATA = tempfile.mkdtemp(prefix="hdh-test-")
os.environ["HDH_DATA_DIR"] = DATA
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdh_portal.settings")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)

if "REDIS_URL" in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
    server, _, first = os.environ["REDIS_URL"].rpartition("/")
    own = int(first) + int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    os.environ["REDIS_URL"] = f"{server}/{own}"
