"""The data folder of a test run, named before pytest-django reads the settings: a conftest would come too late.

Loaded by `-p` in pyproject.toml. Runs at the same time never share a database, a broker or a file.
"""

import atexit
import os
import shutil
import tempfile

DATA = tempfile.mkdtemp(prefix="hdh-test-")
os.environ["HDH_DATA_DIR"] = DATA
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdh_portal.settings")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
