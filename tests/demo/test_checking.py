"""`manage.py demo --check`: green on what was played, red on everything that was tampered with."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from hdh_portal.demo import checking

pytestmark = pytest.mark.embedded

EVIDENCE = "journaux, déclencheurs, et tout ce dont l’empreinte est gardée"
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
    "journal": EVIDENCE,
    "category": "candidats par catégorie",
    "axis": "axes où il y a des candidats",
    "partner": "lauréats dont porteur et partenaires diffèrent de l’annonce",
    "closing": "clôture",
}

# The same at the last stage: what the check finds there, each by what it compares.
TAMPERED_LATER = {
    "mark": (
        "reviews_mark",
        "UPDATE reviews_mark SET value = value - 0.5 WHERE id = (SELECT MIN(id) FROM reviews_mark WHERE value > 1)",
        [EVIDENCE, "moyennes de la liste figée qui ne sont pas celles des fiches"],
    ),
    "comment": (
        "reviews_mark",
        "UPDATE reviews_mark SET comment = 'Un autre commentaire' WHERE id = (SELECT MIN(id) FROM reviews_mark)",
        [EVIDENCE],
    ),
    "mark off the scale": (
        "reviews_mark",
        "UPDATE reviews_mark SET value = 4.7 WHERE id = (SELECT MIN(id) FROM reviews_mark)",
        ["notes hors de l’échelle"],
    ),
    "sheet taken away": (
        "reviews_assignment",
        "UPDATE reviews_assignment SET ended_at = '2020-06-20 10:00:00', ended_reason = 'load' WHERE id = "
        "(SELECT MIN(id) FROM reviews_assignment WHERE ended_at IS NULL)",
        ["fiches confiées", "fiches envoyées", "dossiers sans fiches de trois organismes"],
    ),
    "rapporteur's interest": (
        "applications_interest",
        "INSERT INTO applications_interest (user_id, application_id, kind, nature, declared_at, lifted_reason) "
        "SELECT r.user_id, a.application_id, 'declared', '', '2020-06-01 10:00:00', '' FROM reviews_assignment AS a "
        "JOIN reviews_rapporteur AS r ON r.id = a.rapporteur_id WHERE a.ended_at IS NULL ORDER BY a.id LIMIT 1",
        ["fiches d’une personne qui a un lien"],
    ),
    "rapporteur's body": (
        "reviews_rapporteur",
        "UPDATE reviews_rapporteur SET body_id = (SELECT MAX(body_id) FROM reviews_rapporteur) WHERE id = "
        "(SELECT MIN(id) FROM reviews_rapporteur)",
        ["rapporteurs par organisme"],
    ),
    "evaluation window": (
        "reviews_evaluation",
        "UPDATE reviews_evaluation SET closes_at = '2020-06-24 22:00:00'",
        ["évaluation, du premier au dernier jour", "fiches envoyées hors de la fenêtre"],
    ),
    "frozen mean": (
        "reviews_shortlistentry",
        "UPDATE reviews_shortlistentry SET mean = mean + 0.01 WHERE rank = 22",
        ["moyennes de la liste figée qui ne sont pas celles des fiches"],
    ),
    "state of a dossier left out": (
        "applications_application",
        "UPDATE applications_application SET state = 'shortlisted' WHERE id = "
        "(SELECT MIN(id) FROM applications_application WHERE state = 'not_shortlisted')",
        [
            "états de 143 dossiers, déduits du journal",
            "présélectionnés",
            "non présélectionnés",
            "dossiers dont l’état n’est pas celui de la liste figée",
        ],
    ),
    "seat": (
        "jury_juror",
        "UPDATE jury_juror SET user_id = NULL, seated_at = NULL WHERE seat = 12",
        ["sièges occupés"],
    ),
    "presidency": ("jury_juror", "UPDATE jury_juror SET presidency = 0 WHERE seat = 1", ["présidence du jury"]),
    "sitting": (
        "jury_sitting",
        "UPDATE jury_sitting SET opens_at = '2020-07-05 07:00', closes_at = '2020-07-05 16:00' WHERE position = 1",
        ["séances du jury", "auditions hors des séances, ou qui se chevauchent"],
    ),
    "juror's interest": (
        "applications_interest",
        "INSERT INTO applications_interest (user_id, application_id, kind, nature, declared_at, lifted_reason) "
        "SELECT j.user_id, h.application_id, 'declared', '', '2020-06-30 10:00:00', '' FROM jury_juror AS j, "
        "jury_hearing AS h WHERE j.seat = 3 ORDER BY h.id LIMIT 1",
        ["déports du jury", "déports du jury que la règle ne donne pas", "présents malgré un lien"],
    ),
    "laureate's state": (
        "applications_application",
        "UPDATE applications_application SET state = 'reserve' WHERE id = "
        "(SELECT MIN(id) FROM applications_application WHERE state = 'laureate')",
        ["états de 143 dossiers, déduits du journal", "lauréats", "projets lauréats", "liste complémentaire"],
    ),
    "amount": (
        "jury_decision",
        "UPDATE jury_decision SET amount_cents = amount_cents - 100 WHERE id = "
        "(SELECT MIN(id) FROM jury_decision WHERE amount_cents IS NOT NULL)",
        [EVIDENCE],
    ),
    "amount over the request": (
        "jury_decision",
        "UPDATE jury_decision SET amount_cents = 29999900, requested_cents = 29999900 WHERE amount_cents < 20000000",
        ["montants au-delà de la demande ou du plafond", EVIDENCE],
    ),
    "envelope": ("jury_jury", "UPDATE jury_jury SET envelope_cents = 100000000", ["euros au-delà de l’enveloppe"]),
    "quorum": ("jury_jury", "UPDATE jury_jury SET quorum = 12", ["décisions sans quorum"]),
    "president's interest": (
        "applications_interest",
        "INSERT INTO applications_interest (user_id, application_id, kind, nature, declared_at, lifted_reason) "
        "SELECT decided_by_id, application_id, 'declared', '', '2020-06-30 10:00:00', '' FROM jury_decision LIMIT 1",
        ["décisions de qui a un lien"],
    ),
    "announcement": (
        "jury_announcement",
        """UPDATE jury_announcement SET content = replace(content, '"count": 138', '"count": 139')""",
        [EVIDENCE, "annonce\u00a0: candidats, présélectionnés, entendus, lauréats"],
    ),
    "announced partner": (
        "jury_announcement",
        "UPDATE jury_announcement SET content = replace(content, 'ADCIS', 'Une autre')",
        [EVIDENCE, "annonce\u00a0: lauréats, porteurs et partenaires"],
    ),
    "day of the announcement": (
        "applications_release",
        "UPDATE applications_release SET confirmed_at = '2020-07-08 08:00:00' WHERE stage = 'results'",
        ["jour de l’annonce", "annonce avant l’heure fixée"],
    ),
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
    lines = [re.sub("[\u00a0\u202f]", " ", line) for line in checked.stdout.splitlines()]
    assert "✓ candidats : 138" in lines
    assert "✓ candidats par catégorie : public 66, sme 59, large 7, association 6" in lines
    assert "✓ parts publiées, en % : public 48, sme 43, large 5, association 4" in lines
    assert "✓ clôture : lundi 1er juin 2020 à 12:00:00" in lines
    assert [line for line in lines if line.startswith("✗")] == []


def test_check_finds_the_whole_course_at_the_announcement(played):
    assert played.run("demo", "--stage", "announced").returncode == 0
    lines = [re.sub("[\u00a0\u202f]", " ", line) for line in played.run("demo", "--check").stdout.splitlines()]
    assert [line for line in lines if line.startswith("✗")] == []
    for line in (
        "✓ recevables : 134",
        "✓ fiches confiées : 402",
        "✓ fiches de chaque rapporteur : 16 ; 17",
        "✓ fiches envoyées : 402",
        "✓ présélectionnés : 21",
        "✓ sièges occupés : 12",
        "✓ présidence du jury : 1",
        "✓ séances du jury : 6 juillet 2020 ; 7 juillet 2020",
        "✓ déports du jury : Siège 1 : PRECISION-PREDICT",
        "✓ lauréats : 10",
        "✓ liste complémentaire, dans l’ordre : URGENCIA ; SEPSALERT ; DOULEURMAP",
        "✓ annonce : candidats, présélectionnés, entendus, lauréats : 138 ; 21 ; 21 ; 10",
        "✓ annonce : jury et présidence : 12 ; 1",
        "✓ jour de l’annonce : 9 juillet 2020",
    ):
        assert line in lines


@pytest.mark.parametrize("stage", ["scoring", "shortlisted", "jury"])
def test_check_is_green_at_the_stages_between(demonstration, stage):
    demonstration(stage)
    assert [str(finding) for finding in checking.findings() if not finding.holds] == []


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


@pytest.mark.parametrize("what", TAMPERED_LATER)
def test_check_sees_what_was_tampered_with_after_the_announcement(played, demonstration, what):
    demonstration("announced")
    table, statement, seen = TAMPERED_LATER[what]
    tamper(played.data, table, statement)
    wrong = [finding.label for finding in checking.findings() if not finding.holds]
    demonstration("announced")
    assert [label for label in seen if label not in wrong] == []


def test_check_ends_in_failure_when_something_differs(played, demonstration):
    demonstration("released")
    tamper(played.data, *TAMPERED["state"])
    checked = played.run("demo", "--check")
    demonstration("released")
    assert checked.returncode == 1
    wrong = [line for line in checked.stdout.splitlines() if line.startswith("✗")]
    assert len(wrong) == 3
    assert checked.stderr.splitlines() == ["CommandError: En échec\u00a0: 3 des 19 contrôles."]


def test_check_says_that_nothing_was_played(tmp_path, played):
    checked = replace(played, data=tmp_path).run("demo", "--check")
    assert (checked.returncode, checked.stderr.startswith("CommandError: Rien à contrôler")) == (1, True)
