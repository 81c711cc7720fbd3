"""The measures of a whole service, in small, so that they do not rot: `make deposits` and `make attacks`."""

import re
import subprocess
import sys

import pytest

from tests.factories import ROOT

pytestmark = pytest.mark.service


def told(*command):
    """What a measure printed; its exit code says what was measured on a machine that does other things too."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    return done.stdout


def test_people_save_review_and_deposit_while_a_worker_makes_papers():
    out = told("bench/deposits.py", "--deposits=6", "--people=2")
    assert re.search(r"^6 in [\d.]+ s\.$", out, re.M)
    acts = re.findall(r"^\| (save a section|review|deposit) \| (\d+) \|", out, re.M)
    assert acts == [("save a section", "6"), ("review", "6"), ("deposit", "6")]
    assert "Answers that were none of the act: none." in out
    assert re.search(r"p95 of a deposit [\d.]+ s \(at most 1\)\.$", out, re.M)


def test_attacks_reach_what_they_attack_and_are_told_in_one_table():
    out = told("bench/attacks.py", "--only", "verifier", "orphans", "stamps", "names")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in out.splitlines() if line.startswith("| ")][1:]
    assert [row[0] for row in rows] == [
        "stamps",
        "16 kB to /verifier/",
        "more to /verifier/",
        "names of 5 kB",
        "files of nobody",
        "files of nobody",
    ]
    for attack, _what, _before, _source, now, limit, verdict in rows:
        kept = float(now.split()[0]) <= float(limit.removeprefix("≤ "))
        assert verdict == ("kept" if kept else "**broken**"), attack
    assert rows[-1][1:] == ["files of somebody that were swept", "0", "measured", "0", "≤ 0", "kept"]
    assert f"{len(rows)} numbers, {sum(row[-1] != 'kept' for row in rows)} beyond their limit." in out
