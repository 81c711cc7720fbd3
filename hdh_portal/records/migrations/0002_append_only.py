from django.core.management import call_command
from django.db import migrations


def make_cache_table(apps, editor):
    """Rate limits stand in the database's cache table."""
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


TRIGGERS = {
    "sqlite": {
        "records_journalentry": [
            "CREATE TRIGGER records_journalentry_no_update BEFORE UPDATE ON records_journalentry BEGIN SELECT RAISE(ABORT, 'records_journalentry refuses UPDATE'); END",
            "CREATE TRIGGER records_journalentry_no_delete BEFORE DELETE ON records_journalentry BEGIN SELECT RAISE(ABORT, 'records_journalentry refuses DELETE'); END",
        ],
        "records_attempt": [
            "CREATE TRIGGER records_attempt_no_update BEFORE UPDATE ON records_attempt BEGIN SELECT RAISE(ABORT, 'records_attempt refuses UPDATE'); END",
            "CREATE TRIGGER records_attempt_no_delete BEFORE DELETE ON records_attempt BEGIN SELECT RAISE(ABORT, 'records_attempt refuses DELETE'); END",
        ],
        "records_storedfile": [
            "CREATE TRIGGER records_storedfile_no_update BEFORE UPDATE ON records_storedfile BEGIN SELECT RAISE(ABORT, 'records_storedfile refuses UPDATE'); END",
        ],
        "records_signingkey": [
            "CREATE TRIGGER records_signingkey_no_update BEFORE UPDATE ON records_signingkey BEGIN SELECT RAISE(ABORT, 'records_signingkey refuses UPDATE'); END",
            "CREATE TRIGGER records_signingkey_no_delete BEFORE DELETE ON records_signingkey BEGIN SELECT RAISE(ABORT, 'records_signingkey refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "records_journalentry": [
            "CREATE OR REPLACE FUNCTION records_journalentry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'records_journalentry refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER records_journalentry_append BEFORE UPDATE OR DELETE ON records_journalentry FOR EACH ROW EXECUTE FUNCTION records_journalentry_refuse()",
            "CREATE TRIGGER records_journalentry_truncate BEFORE TRUNCATE ON records_journalentry FOR EACH STATEMENT EXECUTE FUNCTION records_journalentry_refuse()",
        ],
        "records_attempt": [
            "CREATE OR REPLACE FUNCTION records_attempt_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'records_attempt refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER records_attempt_append BEFORE UPDATE OR DELETE ON records_attempt FOR EACH ROW EXECUTE FUNCTION records_attempt_refuse()",
            "CREATE TRIGGER records_attempt_truncate BEFORE TRUNCATE ON records_attempt FOR EACH STATEMENT EXECUTE FUNCTION records_attempt_refuse()",
        ],
        "records_storedfile": [
            "CREATE OR REPLACE FUNCTION records_storedfile_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'records_storedfile refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER records_storedfile_append BEFORE UPDATE ON records_storedfile FOR EACH ROW EXECUTE FUNCTION records_storedfile_refuse()",
            "CREATE TRIGGER records_storedfile_truncate BEFORE TRUNCATE ON records_storedfile FOR EACH STATEMENT EXECUTE FUNCTION records_storedfile_refuse()",
        ],
        "records_signingkey": [
            "CREATE OR REPLACE FUNCTION records_signingkey_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'records_signingkey refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER records_signingkey_append BEFORE UPDATE OR DELETE ON records_signingkey FOR EACH ROW EXECUTE FUNCTION records_signingkey_refuse()",
            "CREATE TRIGGER records_signingkey_truncate BEFORE TRUNCATE ON records_signingkey FOR EACH STATEMENT EXECUTE FUNCTION records_signingkey_refuse()",
        ],
    },
}


def guarded(table):
    """The triggers of one table, as they were written for this migration."""

    def forwards(apps, editor):
        for statement in TRIGGERS[editor.connection.vendor][table]:
            editor.execute(statement, params=None)

    def backwards(apps, editor):
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for statement in TRIGGERS[editor.connection.vendor][table]:
            if statement.startswith("CREATE TRIGGER "):
                editor.execute(f"DROP TRIGGER {statement.split()[2]}{on}", params=None)

    return migrations.RunPython(forwards, backwards)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        guarded("records_journalentry"),
        guarded("records_attempt"),
        guarded("records_storedfile"),
        guarded("records_signingkey"),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
