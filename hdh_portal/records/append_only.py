"""Tables whose rows the database itself keeps from change, on both databases.

A model says `refuses = ("UPDATE", "DELETE")`, and `refuses_when` (SQL over OLD) if only frozen rows are kept; one whose
table takes no new row where something is frozen says `refuses_insert_when` (SQL over NEW). The migration after the one
that makes its table has the statements as text, which never changes again: `statements(model, vendor)` prints them. A
rule that changes needs a migration of its own.

On SQLite a later AlterField or AddConstraint remakes the table and drops its triggers in silence; whoever has the
database's password may drop a trigger or write another one under its name. `missing()` and `altered()` find that, in a
test, in `verify_journal` and at start-up: what the database has stored is compared with what the models say.
"""

import re

from django.apps import apps
from django.db import connection


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


def _insert_name(table):
    return f"{table}_no_insert"


def statements(model, vendor):
    """All that a model's table needs."""
    table = model._meta.db_table
    made = triggers(table, model.refuses, getattr(model, "refuses_when", ""), vendor)
    when = getattr(model, "refuses_insert_when", "")
    return made + insert_triggers(table, when, vendor) if when else made


# What the database has ----------------------------------------------------------------------------------------------

STORED = {
    "sqlite": "SELECT name, sql, '' FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true), prosrc
        FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
    """,
}
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(\) .* AS \$\$(.*)\$\$", re.DOTALL)


def _wanted():
    """`{trigger: (its statement, the body of its function or "")}` as the models say."""
    found, bodies = {}, {}
    for model in guarded_models():
        for statement in statements(model, connection.vendor):
            if function := FUNCTION.fullmatch(statement):
                bodies[function[1]] = function[2]
            else:
                called = statement.rpartition(" ")[2].removesuffix("()")
                # PostgreSQL has an order of its own for the events.
                shown = statement.replace("UPDATE OR DELETE", "DELETE OR UPDATE") if called in bodies else statement
                found[statement.split()[2]] = (shown, bodies.get(called, ""))
    return found


def _stored():
    """The same, as the database has it; a trigger that is switched off is not there."""
    with connection.cursor() as cursor:
        cursor.execute(STORED[connection.vendor])
        return {name: (statement, body) for name, statement, body in cursor.fetchall()}


def missing():
    """Names of triggers that should be there and are not, sorted."""
    return sorted(_wanted().keys() - _stored().keys())


def altered():
    """Names of triggers that are there and do something else than the models say, sorted."""
    stored = _stored()
    return sorted(name for name, wanted in _wanted().items() if stored.get(name, wanted) != wanted)
