"""What the database itself refuses, whoever asks: rows that prove are never changed."""

import ast
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from applications.evidence import verification
from hdh_portal.operations import checks
from hdh_portal.records import append_only
from hdh_portal.records.models import JournalEntry
from tests.factories import the_call

ROOT = Path(__file__).resolve().parents[2]
TABLES = [(model._meta.db_table, verb) for model in append_only.guarded_models() for verb in model.refuses]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE records_journalentry SET verb = 'x'", "DELETE FROM records_journalentry"],
    ids=["change", "loss"],
)
def test_journal_refuses_any_change(statement):
    assert JournalEntry.objects.filter(chain=the_call().chain_id).exists()
    refused = pytest.raises(DatabaseError, match="records_journalentry refuses")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_every_trigger_stands_after_all_migrations():
    assert (append_only.missing(), append_only.altered()) == ([], [])


ALTERED = {
    "sqlite": [
        "DROP TRIGGER records_attempt_no_delete",
        "CREATE TRIGGER records_attempt_no_delete BEFORE DELETE ON records_attempt WHEN OLD.id < 0 "
        "BEGIN SELECT RAISE(ABORT, 'records_attempt refuses DELETE'); END",
    ],
    "postgresql": [
        "DROP TRIGGER records_attempt_append ON records_attempt",
        "CREATE TRIGGER records_attempt_append BEFORE UPDATE ON records_attempt "
        "FOR EACH ROW EXECUTE FUNCTION records_attempt_refuse()",
    ],
}


@pytest.mark.django_db
def test_altered_trigger_is_named_by_the_check_and_by_the_verification():
    """It bears the right name, and does nothing."""
    name = ALTERED[connection.vendor][1].split()[2]
    with connection.cursor() as cursor:
        for statement in ALTERED[connection.vendor]:
            cursor.execute(statement)
    assert (append_only.missing(), append_only.altered()) == ([], [name])
    assert (
        name
        in {fault.id: fault.msg for fault in checks.database_keeps_what_it_acknowledged(None, ["default"])}["hdh.E013"]
    )
    assert f"Le déclencheur {name} a été modifié." in verification.faults()


@pytest.mark.service
@pytest.mark.django_db
def test_altered_function_of_a_trigger_is_named():
    empty = "CREATE OR REPLACE FUNCTION records_attempt_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s END $$"
    with connection.cursor() as cursor:
        cursor.execute(empty % "RETURN OLD;")
    assert append_only.altered() == ["records_attempt_append", "records_attempt_truncate"]


@pytest.mark.service
@pytest.mark.django_db
def test_trigger_that_was_switched_off_is_missing():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_attempt ENABLE REPLICA TRIGGER records_attempt_append")
    assert append_only.missing() == ["records_attempt_append"]


LIVE = {"hdh_portal.ground.clock", "applications.models.upload"}  # defaults of columns: Django writes them by name


def test_migrations_import_nothing_that_may_change():
    paths = [path for path in ROOT.glob("**/migrations/0*.py") if ".venv" not in path.parts]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert len(paths) > 20
    assert {name for name in named if name.split(".")[0] in ("hdh_portal", "applications", "reviews", "jury")} == LIVE


def test_what_proves_is_guarded():
    assert {"records_journalentry", "records_attempt", "applications_submission"} <= {table for table, _verb in TABLES}
