"""Does a test turn red when a guard is taken away?

Each guard of `bench/guarded` is removed, alone, in a copy of the tree (never here), and the tests that hold it are run
there: they must fail. A guard whose tests stay green, whose removal breaks more than its rule, or whose text is no
longer found, makes this end with 1. `python bench/guards.py [WORD …]` takes only the guards whose name holds one of
the words.
"""

import importlib
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # The lists stand in `bench.guarded`, also for who runs this file by its path.
GUARDS = importlib.import_module("bench.guarded").GUARDS
LEFT_OUT = (".venv", ".git", "var", "__pycache__", "*.sqlite3", ".ruff_cache", ".hypothesis", ".pytest_cache")
COPIES = 2
# In memory where the system offers it: test databases are made anew for each guard, and each waits for its disk.
FASTEST = next((folder for folder in ("/dev/shm",) if os.access(folder, os.W_OK)), None)


def faults(guards=GUARDS, root=ROOT):
    """Sentences on anchors that do not stand exactly once, and on tests that are not there; empty if all is well."""
    found = []
    for guard in guards:
        text = (root / guard.file).read_text()
        for anchor, _without in guard.edits:
            if text.count(anchor) != 1:
                found.append(f"{guard.name}: {anchor.strip()!r} stands {text.count(anchor)} times in {guard.file}")
        for test in guard.tests:
            path, _, name = test.partition("::")
            if not (root / path).is_file() or f"def {name}(" not in (root / path).read_text():
                found.append(f"{guard.name}: there is no test {test}")
    return found


def copy_tree(place):
    """A copy of the tree under `place`, without environment, data and history."""
    return Path(shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(*LEFT_OUT)))


def run(tree, tests):
    """`(exit code, last line)` of pytest in a copy, on SQLite; nothing compiled is kept, so that no edit is missed."""
    outside = {"DATABASE_URL", "REDIS_URL", "HDH_DATA_DIR", "HDH_PROFILE", "HDH_DEMO"}
    known = {name: value for name, value in os.environ.items() if name not in outside}
    options = ["-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:randomly"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=tree,
        env=known | {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(tree.parent)},
        capture_output=True,
        text=True,
    )
    return done.returncode, (done.stdout.strip().splitlines() or ["(nothing)"])[-1]


def without(guard, tree):
    """Run the guard's tests in a copy from which it is taken, and put it back; returns `run`'s answer."""
    path = tree / guard.file
    kept = text = path.read_text()
    for anchor, instead in guard.edits:
        text = text.replace(anchor, instead)
    path.write_text(text)
    try:
        return run(tree, guard.tests)
    finally:
        path.write_text(kept)


def is_red(code, line):
    """True if tests failed; an error on the way to them (a module that cannot be read) proves nothing."""
    return code == 1 and bool(re.search(r"\d+ failed", line)) and not re.search(r"\d+ error", line)


def judge(guards):
    """Take each guard away in its turn, two copies at once; yields `(guard, is red, last line)` in their order."""
    with tempfile.TemporaryDirectory(prefix="guards-", dir=FASTEST) as place:
        trees = queue.SimpleQueue()
        for number in range(COPIES):
            trees.put(copy_tree(Path(place, str(number))))

        def take(guard):
            tree = trees.get()
            try:
                return without(guard, tree) if guard else run(tree, sorted({t for g in guards for t in g.tests}))
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(COPIES) as pool:
            answers = pool.map(take, [None, *guards])
            code, line = next(answers)
            if code != 0:
                pool.shutdown(wait=True, cancel_futures=True)
                raise SystemExit(f"With every guard in its place the tests already fail: {line}")
            for guard, answer in zip(guards, answers, strict=True):
                yield guard, is_red(*answer), answer[1]


def main(words):
    """Print the table; exit code 1 if a guard is not held."""
    guards = [guard for guard in GUARDS if not words or any(word in guard.name for word in words)]
    missing = faults(guards)
    if missing:
        print("\n".join(missing), file=sys.stderr)
        return 1
    began = time.monotonic()
    print("| guard | file | test | red? |\n|---|---|---|---|")
    rows = []
    for guard, red, line in judge(guards):
        tests = ", ".join(test.partition("::")[2] for test in guard.tests)
        print(f"| {guard.name} | {guard.file} | {tests} | {'red' if red else f'NOT RED: {line}'} |", flush=True)
        rows.append(red)
    held = sum(rows)
    print(f"\n{held} of {len(rows)} guards are held by a test ({time.monotonic() - began:.0f} s).")
    return 0 if held == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
