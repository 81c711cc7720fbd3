"""`manage.py demo --check`: green on what was played, red on everything that was tampered with."""

import sqlite3
from contextlib import closing

import pytest

from hdh_portal.demo import checking

pytestmark = pytest.mark.embedded

# Append-only triggers are in a forger's way: each case first drops those of its table, as a forger with the file would.
TAMPERED = {
    "state": ("", "UPDATE applications_application SET state = 'admissible' WHERE state = 'inadmissible'"),
    "journal": (
        "records_journalentry",
        'UPDATE records_journalentry SET data = replace(data, \'"to":"submitted"\', \'"to":"draft"\'), '
        "verb = 'application_created' WHERE verb = 'application_submitted' AND position = "
        "(SELECT MAX(position) FROM records_journalentry WHERE verb = 'application_submitted')",
    ),
    "category": (
        "applications_submission",
        "UPDATE applications_submission SET lead_category_id = "
        "(SELECT id FROM applications_category WHERE key = 'association') WHERE id = "
        "(SELECT MAX(s.id) FROM applications_submission AS s JOIN applications_category AS c "
        "ON c.id = s.lead_category_id WHERE c.key = 'sme')",
    ),
    "axis": (
        "applications_submission",
        "UPDATE applications_submission SET axis_id = (SELECT id FROM applications_axis WHERE key = 'application')",
    ),
    "partner": (
        "applications_sealedpartner",
        "UPDATE applications_sealedpartner SET name = 'Une autre' WHERE name = 'ADCIS'",
    ),
    "closing": ("", "UPDATE applications_callwindow SET closes_at = '2020-06-01 11:00:00' WHERE kind = 'submission'"),
}
SEEN_BY = {
    "state": "états de 143 dossiers, déduits du journal",
    "journal": "journaux, têtes, dépôts, récépissés, fichiers et déclencheurs",
    "category": "candidats par catégorie",
    "axis": "axes où il y a des candidats",
    "partner": "lauréats dont porteur et partenaires diffèrent de l’annonce",
    "closing": "clôture",
}


def tamper(data, table, statement):
    with closing(sqlite3.connect(data / "portal.sqlite3")) as database, database:
        guards = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        triggers = database.execute(guards, [table]).fetchall()
        for name, _sql in triggers:
            database.execute(f"DROP TRIGGER {name}")
        changed = database.execute(statement).rowcount
        # Put back, so that what is seen is the change and not the missing trigger.
        for _name, sql in triggers:
            database.execute(sql)
    assert changed > 0


def test_check_finds_the_published_figures(played):
    assert played.run("demo").returncode == 0
    checked = played.run("demo", "--check")
    assert checked.returncode == 0, checked.stderr
    lines = checked.stdout.splitlines()
    assert "✓ candidats : 138" in lines
    assert "✓ candidats par catégorie : public 66, sme 59, large 7, association 6" in lines
    assert "✓ parts publiées, en % : public 48, sme 43, large 5, association 4" in lines
    assert "✓ clôture : lundi 1er\u00a0juin 2020 à 12:00:00" in lines
    assert [line for line in lines if line.startswith("✗")] == []


def test_check_is_green_at_the_first_stage_too(played):
    assert played.run("demo", "--stage", "open").returncode == 0
    checked = played.run("demo", "--check")
    assert (checked.returncode, "candidats" in checked.stdout) == (0, False), checked.stdout


@pytest.mark.parametrize("what", TAMPERED)
def test_check_sees_what_was_tampered_with(played, demonstration, what):
    demonstration("released")
    tamper(played.data, *TAMPERED[what])
    assert SEEN_BY[what] in [finding.label for finding in checking.findings() if not finding.holds]
    demonstration("released")
    assert [str(finding) for finding in checking.findings() if not finding.holds] == []


def test_check_ends_in_failure_when_something_differs(played, demonstration):
    demonstration("released")
    tamper(played.data, *TAMPERED["state"])
    checked = played.run("demo", "--check")
    demonstration("released")
    assert checked.returncode == 1
    wrong = [line for line in checked.stdout.splitlines() if line.startswith("✗")]
    assert len(wrong) == 3
    assert checked.stderr.splitlines() == ["CommandError: 3 contrôle(s) sur 19 en échec."]


def test_check_says_that_nothing_was_played(tmp_path, played):
    checked = type(played)(tmp_path, "", 0).run("demo", "--check")
    assert (checked.returncode, checked.stderr.startswith("CommandError: Rien à contrôler")) == (1, True)
