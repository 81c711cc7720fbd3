"""The two sample files of calls, parsed anew for each test.

The test database holds both calls already; so that a load is a first load, each test gets them under another name.
"""

import tomllib
from pathlib import Path

import pytest
import tomli_w

ROOT = Path(__file__).resolve().parents[2]
FILES = {"2020": ROOT / "hdh_portal/demo/call-2020.toml", "other": ROOT / "tests/data/call-autre.toml"}


def renamed(name):
    """A sample call under a slug and a prefix of its own."""
    return {**tomllib.loads(FILES[name].read_text()), "slug": f"essai-{name}", "reference_prefix": name.upper()}


@pytest.fixture
def call_2020():
    """The 2020 call, parsed."""
    return renamed("2020")


@pytest.fixture
def other():
    """The second sample call, parsed."""
    return renamed("other")


@pytest.fixture(params=FILES)
def path(request, tmp_path):
    """A file of each of the two."""
    file = tmp_path / "call.toml"
    file.write_text(tomli_w.dumps(renamed(request.param)))
    return file
