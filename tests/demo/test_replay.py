"""The replay through the command, as a newcomer starts it: counts, time, second run, switch, refusals."""

import hashlib
import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.demo.conftest import manage

pytestmark = pytest.mark.embedded

DEPOSITED = """
    SELECT COUNT(*) FROM applications_application AS a
    WHERE EXISTS (SELECT 1 FROM applications_submission AS s WHERE s.application_id = a.id)
"""
STATES = "SELECT state, COUNT(*) FROM applications_application GROUP BY state"
STAGES = ["open", "last-minutes", "admissibility", "released", "scoring", "ranked", "shortlisted"]
STAGES += ["jury", "deliberating", "announced"]


def test_replay_takes_less_than_a_minute_of_processor_time(played):
    assert played.seconds < 60 * played.slowness


def test_replay_shows_its_progress_a_line_for_each_stage(played):
    lines = [line.split() for line in played.printed.splitlines() if "100 %" in line]
    assert [line[0] for line in lines] == STAGES
    assert all(line[1:21:2] == [str(percent) for percent in range(10, 101, 10)] for line in lines)


def test_replay_deposits_more_from_stage_to_stage(played):
    counts = [played.ask(name, DEPOSITED)[0][0] for name in STAGES]
    assert counts[1:] == [133, *8 * [138]]
    assert 60 < counts[0] < 100


def test_replay_leaves_the_states_of_each_stage(played):
    assert dict(played.ask("last-minutes", STATES)) == {"draft": 9, "submitted": 133, "withdrawn": 1}
    assert dict(played.ask("admissibility", STATES)) == {"draft": 4, "submitted": 138, "withdrawn": 1}
    told = {"draft": 4, "admissible": 134, "inadmissible": 4, "withdrawn": 1}
    assert dict(played.ask("released", STATES)) == told
    assert dict(played.ask("scoring", STATES)) == told
    assert dict(played.ask("ranked", STATES)) == told
    left = {"draft": 4, "inadmissible": 4, "withdrawn": 1}
    assert dict(played.ask("shortlisted", STATES)) == left | {"shortlisted": 21, "not_shortlisted": 113}
    assert dict(played.ask("jury", STATES)) == dict(played.ask("shortlisted", STATES))
    assert dict(played.ask("deliberating", STATES)) == dict(played.ask("shortlisted", STATES))
    result = {"laureate": 10, "reserve": 3, "not_selected": 8}
    assert dict(played.ask("announced", STATES)) == left | {"not_shortlisted": 113} | result


def test_replay_stands_in_the_middle_of_the_checks(played):
    done = (
        "SELECT o.short_name, COUNT(*) FROM applications_check AS c JOIN accounts_organisation AS o ON o.id = c.body_id"
    )
    by_body = dict(played.ask("admissibility", f"{done} WHERE c.done_at IS NOT NULL GROUP BY o.short_name"))
    assert by_body == {"HDH": 96, "Bpifrance": 81}
    assert played.ask("admissibility", "SELECT COUNT(*) FROM applications_outcome") == [(74 - 5,)]
    assert played.ask("admissibility", "SELECT COUNT(*) FROM applications_notice") == [(0,)]


def test_replay_keeps_the_deposit_that_came_too_late_as_an_attempt(played):
    rows = played.ask("admissibility", "SELECT verb, code FROM records_attempt")
    assert rows == [("submit_application", "window_over")]


def test_nobody_of_the_replay_has_a_password(played):
    assert played.ask("released", "SELECT COUNT(*) FROM accounts_user WHERE password NOT LIKE '!%'") == [(0,)]


def test_second_run_plays_nothing_again(played):
    again = played.run("demo", "--stage", "admissibility")
    assert (again.returncode, "%" in again.stdout) == (0, False), again.stderr
    assert played.ask("portal", STATES) == played.ask("admissibility", STATES)


def test_switch_leaves_a_reader_its_snapshot(played):
    assert played.run("demo", "--stage", "open").returncode == 0
    with closing(sqlite3.connect(played.data / "portal.sqlite3", isolation_level=None)) as reader:
        reader.create_function("REGEXP", 2, lambda pattern, text: bool(re.search(pattern, text or "")))
        reader.execute("BEGIN")
        before = reader.execute(DEPOSITED).fetchone()
        switched = played.run("demo", "--stage", "released")
        assert switched.returncode == 0, switched.stderr
        assert reader.execute(DEPOSITED).fetchone() == before
        reader.execute("COMMIT")
        assert reader.execute(DEPOSITED).fetchone() == (138,)
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_switch_carries_papers_that_are_made(played):
    assert played.run("demo", "--stage", "released").returncode == 0
    content = b"A paper"
    sha256 = hashlib.sha256(content).hexdigest()
    path = played.data / "files" / sha256[:2] / sha256
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    with closing(sqlite3.connect(played.data / "portal.sqlite3")) as live, live:
        live.execute(
            "INSERT INTO records_storedfile (sha256, size, media_type, stored_at) VALUES (?, ?, 'application/pdf', '')",
            [sha256, len(content)],
        )
        live.execute(
            "UPDATE records_document SET state = 'done', file_id = (SELECT MAX(id) FROM records_storedfile) "
            "WHERE renderer = 'receipt' AND subject = 1"
        )
    assert played.run("demo", "--stage", "open").returncode == 0
    made = (
        "SELECT f.sha256 FROM records_document AS d JOIN records_storedfile AS f ON f.id = d.file_id "
        "WHERE d.renderer = 'receipt' AND d.subject = 1 AND d.state = 'done'"
    )
    assert [played.ask(name, made) for name in ("portal", *STAGES)] == [[(sha256,)]] * (1 + len(STAGES))


# Refusals ---------------------------------------------------------------------------------------------------------


def test_demonstration_refuses_another_database_in_one_line(tmp_path):
    refused = manage(tmp_path, "demo", DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        "CommandError: La démonstration tourne sur SQLite seulement\u00a0: laissez DATABASE_URL vide, "
        "ou donnez sqlite:///chemin."
    ]


def test_demonstration_is_refused_in_production(tmp_path):
    given = {
        "HDH_PROFILE": "production",
        "HDH_BASE_URL": "https://portail.example",
        "SECRET_KEY": "k" * 60,
        "HDH_SIGNING_KEY": "A" * 43 + "=",
        "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    refused = manage(tmp_path, "demo", **given)
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == ["CommandError: La démonstration est refusée quand HDH_PROFILE=production."]


def test_demonstration_refuses_a_folder_that_holds_a_call_of_its_own(played, tmp_path):
    shutil.copy(played.data / "demo/open.sqlite3", tmp_path / "portal.sqlite3")
    refused = manage(tmp_path, "demo")
    assert refused.returncode == 1
    assert refused.stderr.startswith("CommandError: Ce dossier de données contient déjà un appel")
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as database:
        assert database.execute("SELECT COUNT(*) FROM applications_call").fetchone() == (1,)


def test_unknown_stage_is_refused_with_the_names(tmp_path):
    refused = manage(tmp_path, "demo", "--stage", "noon")
    assert refused.returncode == 2
    assert all(name in refused.stderr for name in STAGES)
