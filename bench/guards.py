"""Does a test turn red when a guard is taken away?

Each guard below is removed, alone, in a copy of the tree (never here), and the tests that hold it are run there: they
must fail. A guard whose tests stay green, whose removal breaks more than its rule, or whose text is no longer found,
makes this end with 1. `python bench/guards.py [WORD …]` takes only the guards whose name holds one of the words.
"""

import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = (".venv", ".git", "var", "__pycache__", "*.sqlite3", ".ruff_cache", ".hypothesis", ".pytest_cache")
COPIES = 2
# In memory where the system offers it: test databases are made anew for each guard, and each waits for its disk.
FASTEST = next((folder for folder in ("/dev/shm",) if os.access(folder, os.W_OK)), None)
APPLICATIONS = "tests/applications"


@dataclass(frozen=True)
class Guard:
    """A rule, the text that holds it (each anchor stands once in `file`), what stands there without it, its tests."""

    name: str
    file: str
    edits: tuple
    tests: tuple


GUARDS = (
    Guard(
        "what arrives at the closing instant is late",
        "applications/models/call.py",
        (
            ("return self.opens_at <= at < self.closes_at", "return self.opens_at <= at <= self.closes_at"),
            ("return at >= self.closes_at", "return at > self.closes_at"),
        ),
        (f"{APPLICATIONS}/test_submission.py::test_deposit_outside_the_window_is_refused_and_recorded",),
    ),
    Guard(
        "what is sealed is what was reviewed",
        "applications/actions/submission.py",
        (("    if copy.digest != digest:", "    if False:"),),
        (f"{APPLICATIONS}/test_submission.py::test_deposit_of_a_copy_that_changed_since_the_review_is_told",),
    ),
    Guard(
        "the same dossier again gives the same receipt",
        "applications/actions/submission.py",
        (("if last is not None and last.digest == digest and", "if False and"),),
        (f"{APPLICATIONS}/test_submission.py::test_deposit_twice_gives_the_same_receipt_also_after_closing",),
    ),
    Guard(
        "a version is sealed once, in the database",
        "applications/migrations/0001_initial.py",
        (
            (
                'fields=("application", "version"), name="submission_version_is_sealed_once"',
                'fields=("application", "version", "digest"), name="submission_version_is_sealed_once"',
            ),
        ),
        (f"{APPLICATIONS}/test_submission.py::test_version_is_sealed_once_also_with_another_digest",),
    ),
    Guard(
        "a dossier is found by its members only",
        "applications/models/application.py",
        (
            (
                'return self.filter(Exists(Member.objects.filter(application=OuterRef("pk"), user=user)))',
                "return self.all()",
            ),
        ),
        (f"{APPLICATIONS}/test_candidate_pages.py::test_strangers_get_the_same_404_as_for_nothing",),
    ),
    Guard(
        "an interest closes a dossier in every role",
        "applications/models/application.py",
        ((".filter(~Exists(interests))", ""),),
        (f"{APPLICATIONS}/test_interest.py::test_later_interest_closes_the_dossier_in_every_role",),
    ),
    Guard(
        "no dossier opens before interests are declared",
        "applications/models/application.py",
        ((".filter(Exists(declared), call=officer.call)", ".filter(call=officer.call)"),),
        (
            f"{APPLICATIONS}/test_admissibility.py::test_take_is_refused_without_a_declaration",
            f"{APPLICATIONS}/test_interest.py::test_declaration_opens_the_others_and_closes_the_named_ones",
        ),
    ),
    Guard(
        "bodies are blind to one another until all are in",
        "applications/views/officer/checks.py",
        (("row.is_done and (row.body_id == officer.body_id or is_all_in)", "row.is_done"),),
        (f"{APPLICATIONS}/test_officer_views.py::test_other_body_is_blind_whatever_was_concluded",),
    ),
    Guard(
        "a reconciliation is confirmed by somebody else",
        "applications/permissions.py",
        ((" and outcome.decided_by_id not in (None, officer.user_id)", ""),),
        (f"{APPLICATIONS}/test_admissibility.py::test_reconciliation_takes_two_managers",),
    ),
    Guard(
        "a release is confirmed by somebody else",
        "applications/permissions.py",
        ((" and release.decided_by_id != officer.user_id", ""),),
        (f"{APPLICATIONS}/test_release.py::test_second_signature_is_another_person_and_the_same_list",),
    ),
    Guard(
        "both signers of a release signed the same list",
        "applications/actions/release.py",
        (("    if release.digest != plan.digest:", "    if False:"),),
        (f"{APPLICATIONS}/test_release.py::test_letter_that_changed_after_the_first_signature_is_signed_again",),
    ),
    Guard(
        "the database refuses to change the journal",
        "hdh_portal/records/migrations/0002_append_only.py",
        (('        append_only("records_journalentry"),\n', ""),),
        ("tests/records/test_append_only.py::test_journal_refuses_any_change",),
    ),
    Guard(
        "a refusal leaves an attempt",
        "hdh_portal/records/actions.py",
        (("refusal.reference = attempts.record(", "refusal.reference = (lambda **others: attempts.new_reference())("),),
        (f"{APPLICATIONS}/test_submission.py::test_deposit_outside_the_window_is_refused_and_recorded",),
    ),
    Guard(
        "papers fetch packaged files only",
        "hdh_portal/records/rendering.py",
        (('if scheme != "pkg" or PACKAGED not in path.parents or not path.is_file():', "if not path.is_file():"),),
        ("tests/records/test_rendering.py::test_fetcher_refuses_what_is_not_packaged",),
    ),
    Guard(
        "a file is let in by its content",
        "applications/uploads.py",
        (
            (
                "        _judge_start(path, kind, shown)\n        facts = _facts(path, kind, max_pages)\n",
                "        facts = {}\n",
            ),
        ),
        (
            f"{APPLICATIONS}/test_uploads.py::test_mismatch_sentence_names_the_true_content",
            f"{APPLICATIONS}/test_candidate_pages.py::test_file_is_refused_beside_its_question",
        ),
    ),
    Guard(
        "a draft wants a verified address",
        "applications/actions/draft.py",
        (("    if not by.has_verified_address():", "    if False:"),),
        (f"{APPLICATIONS}/test_draft.py::test_draft_wants_a_verified_address",),
    ),
    Guard(
        "whoever selects needs a second factor",
        "hdh_portal/settings.py",
        (('    "hdh_portal.accounts.middleware.SecondFactorMiddleware",\n', ""),),
        ("tests/accounts/test_second_factor.py::test_officer_without_second_factor_is_sent_to_set_one_up",),
    ),
    Guard(
        "only the trusted proxy says when a request arrived",
        "hdh_portal/middleware.py",
        (('told and self._is_trusted(request.META.get("REMOTE_ADDR", "")) and', "told and"),),
        ("tests/portal/test_arrival.py::test_instant_of_a_stranger_is_not_believed",),
    ),
    Guard(
        "a changed line of the journal is found",
        "hdh_portal/records/journal.py",
        (("        if digest(entry) != entry.hash:", "        if False:"),),
        (f"{APPLICATIONS}/test_evidence.py::test_changed_line_is_named",),
    ),
    Guard(
        "a forged field of a receipt is named",
        "hdh_portal/records/signing.py",
        (
            (
                'forged = [name for name in receipt if digests.get(name) != sha256({"value": receipt[name]})]',
                "forged = []",
            ),
        ),
        ("tests/records/test_signing.py::test_forged_field_is_named",),
    ),
)


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
            first, *answers = pool.map(take, [None, *guards])
        if first[0] != 0:
            raise SystemExit(f"With every guard in its place the tests already fail: {first[1]}")
        return [(guard, is_red(*answer), answer[1]) for guard, answer in zip(guards, answers, strict=True)]


def main(words):
    """Print the table; exit code 1 if a guard is not held."""
    guards = [guard for guard in GUARDS if not words or any(word in guard.name for word in words)]
    missing = faults(guards)
    if missing:
        print("\n".join(missing), file=sys.stderr)
        return 1
    began = time.monotonic()
    print("| guard | file | test | red? |\n|---|---|---|---|")
    rows = judge(guards)
    for guard, red, line in rows:
        tests = ", ".join(test.partition("::")[2] for test in guard.tests)
        print(f"| {guard.name} | {guard.file} | {tests} | {'red' if red else f'NOT RED: {line}'} |")
    held = sum(red for _guard, red, _line in rows)
    print(f"\n{held} of {len(rows)} guards are held by a test ({time.monotonic() - began:.0f} s).")
    return 0 if held == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
