"""Tables whose rows the database itself keeps from change, on both databases.

A model says `refuses = ("UPDATE", "DELETE")`, and `refuses_when` (SQL over OLD) if only frozen rows are kept; the
migration after the one that makes its table runs `append_only(table, verbs, when)`. A model whose table takes no new
row where something is frozen says `refuses_insert_when` (SQL over NEW), and a migration runs `no_insert(table, when)`.
On SQLite a later AlterField or AddConstraint remakes the table and drops its triggers in silence: `missing()` finds
that, in a test, in `verify_journal` and at start-up.
"""

from django.apps import apps
from django.db import connection, migrations


def guarded_models():
    """Models with refused verbs, by table name."""
    return sorted((m for m in apps.get_models() if getattr(m, "refuses", ())), key=lambda m: m._meta.db_table)


def triggers(table, verbs, when, vendor):
    """Statements that make the triggers of one table."""
    if vendor == "postgresql":
        raised = f"RAISE EXCEPTION '{table} refuses %', TG_OP USING ERRCODE='restrict_violation';"
        # TRUNCATE has no row to look at: it is refused whatever the condition.
        guarded = (
            f"IF TG_OP = 'TRUNCATE' THEN {raised} END IF; IF {when} THEN {raised} END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
            if when
            else raised
        )
        return [
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN {guarded} END $$",
            f"CREATE TRIGGER {table}_append BEFORE {' OR '.join(verbs)} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {f'WHEN {when} ' if when else ''}"
        f"BEGIN SELECT RAISE(ABORT, '{table} refuses {verb}'); END"
        for verb in verbs
    ]


def insert_triggers(table, when, vendor):
    """Statements that make the trigger which refuses new rows of one table where `when` holds."""
    if vendor == "postgresql":
        raised = f"RAISE EXCEPTION '{table} refuses INSERT' USING ERRCODE='restrict_violation';"
        return [
            f"CREATE OR REPLACE FUNCTION {table}_refuse_insert() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN IF {when} THEN {raised} END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {_insert_name(table)} BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_insert()",
        ]
    return [
        f"CREATE TRIGGER {_insert_name(table)} BEFORE INSERT ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} refuses INSERT'); END"
    ]


def names(table, verbs, vendor):
    """Names of the triggers that a table must have."""
    if vendor == "postgresql":
        return {f"{table}_append", f"{table}_truncate"}
    return {f"{table}_no_{verb.lower()}" for verb in verbs}


def append_only(table, verbs=("UPDATE", "DELETE"), when=""):
    """Migration operation that makes the triggers of `table` against `verbs`."""
    return _operation(
        table, lambda vendor: triggers(table, verbs, when, vendor), lambda vendor: names(table, verbs, vendor)
    )


def no_insert(table, when):
    """Migration operation: `table` takes no new row where `when` holds."""
    return _operation(table, lambda vendor: insert_triggers(table, when, vendor), lambda vendor: {_insert_name(table)})


def _insert_name(table):
    return f"{table}_no_insert"


def _operation(table, made, named):
    def forwards(apps, editor):
        for statement in made(editor.connection.vendor):
            editor.execute(statement, params=None)

    def backwards(apps, editor):
        vendor = editor.connection.vendor
        for name in sorted(named(vendor)):
            editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if vendor == "postgresql" else ""), params=None)

    return migrations.RunPython(forwards, backwards)


def missing():
    """Names of triggers that should be there and are not, sorted."""
    query = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    wanted = set()
    for model in guarded_models():
        table = model._meta.db_table
        wanted |= names(table, model.refuses, connection.vendor)
        wanted |= {_insert_name(table)} if hasattr(model, "refuses_insert_when") else set()
    return sorted(wanted - present)
