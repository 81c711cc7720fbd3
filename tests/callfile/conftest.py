"""The two sample files of calls, parsed anew for each test."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {"2020": ROOT / "hdh_portal/demo/call-2020.toml", "other": ROOT / "tests/data/call-autre.toml"}


@pytest.fixture(params=FILES)
def path(request):
    """Each of the two files."""
    return FILES[request.param]


@pytest.fixture
def other_path():
    """The second sample call."""
    return FILES["other"]


@pytest.fixture
def call_2020():
    """The 2020 call, parsed."""
    return tomllib.loads(FILES["2020"].read_text())


@pytest.fixture
def other():
    """The second sample call, parsed."""
    return tomllib.loads(FILES["other"].read_text())
