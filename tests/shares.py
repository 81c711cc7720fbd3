"""How the processes of one run (`pytest -n`, `--dist loadgroup`) share its tests: by file, slow and large ones first.

The worlds of a file, or its Chromium, are then made once, and all processes end together. Tests that commit come last,
for each empties the database of its process; they keep nothing for one another, and are shared out one by one.
"""

from collections import Counter
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId

HERE = Path(__file__).parent
# Files of few tests that take long.
LONG = {
    "test_bench.py",
    "test_largest_papers.py",
    "test_machine.py",
    "test_two_worlds.py",
    "test_two_worlds_selection.py",
}


def share(items):
    """Name the share of each test, and put the shares in their order."""
    for item in items:
        if HERE / "demo" in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("demo"))  # Its replay is played once.
        elif _goes_with_its_file(item) and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
    sizes = Counter(map(_name, items))
    items.sort(key=lambda item: (_commits(item), not _is_slow(item), -sizes[_name(item)]))


def tell(items):
    """Say the name of each share behind « @ » in the test's id, where the process that shares out reads it.

    xdist 3.8 does so in `_nodeid`, which pytest 9.2 no longer reads: no share would be kept together.
    """
    for item in items:
        if item.get_closest_marker("xdist_group"):
            item._id = NodeId.parse(f"{item.nodeid}@{_name(item)}")


def _goes_with_its_file(item):
    return _is_slow(item) or not _commits(item)


def _commits(item):
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction", False)
    return is_marked or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


def _name(item):
    group = item.get_closest_marker("xdist_group")
    return item.nodeid if group is None else group.args[0]


def _is_slow(item):
    return item.path.name in LONG or not {HERE / "browser", HERE / "demo"}.isdisjoint(item.path.parents)
