"""The measures themselves: each guard's text and test are found, and the pages are measured, once, in small."""

import importlib
import importlib.util
import os
import re
import subprocess
import sys

import pytest

from tests.factories import ROOT


def bench(name):
    """A module of `bench/`, which is no package."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", ROOT / "bench" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


guards, guarded = bench("guards"), importlib.import_module("bench.guarded")


def test_every_guard_and_its_tests_are_found():
    assert guards.faults() == []
    assert len({guard.name for guard in guards.GUARDS}) == len(guards.GUARDS) >= 70


def test_guard_that_is_gone_is_told():
    gone = guarded.Guard(
        "x", "bench/guards.py", (("no such" + " text", ""),), ("tests/portal/test_bench.py::test_none",)
    )
    assert guards.faults([gone]) == [
        "x: 'no such text' stands 0 times in bench/guards.py",
        "x: there is no test tests/portal/test_bench.py::test_none",
    ]


@pytest.mark.parametrize(
    ("code", "line", "red"),
    [
        (1, "2 failed, 1 passed in 3.2s", True),
        (0, "3 passed in 3.2s", False),
        (1, "1 failed, 1 error in 2s", False),
        (1, "1 error in 2s", False),
        (2, "1 error in 0.5s", False),
        (4, "no tests ran in 0.1s", False),
    ],
)
def test_only_a_failed_test_is_red(code, line, red):
    assert guards.is_red(code, line) is red


@pytest.mark.embedded
def test_pages_are_measured_beside_the_floor():
    known = {name: value for name, value in os.environ.items() if not name.startswith("HDH_")}
    done = subprocess.run(
        [sys.executable, "bench/pages.py", "--dossiers", "24", "--rounds", "1", "--deposits", "2"],
        cwd=ROOT,
        env=known | {"DATABASE_URL": ""},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows = re.findall(r"^\| ([^|]+) \| (\w+) \| [\d.]+ \|", done.stdout, re.M)
    assert ("(floor) an empty page", "nobody") in rows
    people = {"candidate", "officer", "manager", "rapporteur", "juror", "secretary", "president"}
    assert {who for _page, who in rows} == {"nobody", "anonymous", *people}
    assert rows[-1] == ("minutes", "secretary")
    assert len(re.findall("^Memory while .* is sent: [0-9.]+ MB", done.stdout, re.M)) == 3
    assert re.search(r"^Sustained: \d+ deposits/s", done.stdout, re.M)
