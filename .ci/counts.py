"""counts.py RUN JUNIT_XML: the run may not lose tests. Compares a junit file with the minimum in tests/counts.toml.

Prints one line; exit status 1 if fewer passed than stand there, if one failed, or if one was skipped: tests for one
back end are chosen by marker, never skipped.
"""

import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

MINIMUM = Path(__file__).resolve().parent.parent / "tests" / "counts.toml"


def judge(run, junit):
    """Sentence and verdict (True: as many as promised) of one run."""
    promised = tomllib.loads(MINIMUM.read_text())[run]
    suites = ElementTree.parse(junit).getroot().iter("testsuite")  # noqa: S314 - written by pytest just before
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests"))
        failed += int(suite.get("failures")) + int(suite.get("errors"))
        skipped += int(suite.get("skipped"))
    passed = total - failed - skipped
    sentence = f"{run}: {passed} passed, {failed} failed, {skipped} skipped; at least {promised} are promised"
    return sentence, passed >= promised and not failed and not skipped


if __name__ == "__main__":
    sentence, good = judge(*sys.argv[1:])
    print(sentence, file=sys.stdout if good else sys.stderr)
    sys.exit(not good)
