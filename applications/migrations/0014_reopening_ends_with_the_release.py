from django.db import migrations

TRIGGERS = {
    "sqlite": {
        "applications_reopening": [
            "CREATE TRIGGER applications_reopening_no_insert BEFORE INSERT ON applications_reopening WHEN EXISTS (SELECT 1 FROM applications_application a WHERE a.id = NEW.application_id AND a.state <> 'submitted') BEGIN SELECT RAISE(ABORT, 'applications_reopening refuses INSERT'); END",
        ],
    },
    "postgresql": {
        "applications_reopening": [
            "CREATE OR REPLACE FUNCTION applications_reopening_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM applications_application a WHERE a.id = NEW.application_id AND a.state <> 'submitted') THEN RAISE EXCEPTION 'applications_reopening refuses INSERT' USING ERRCODE='restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER applications_reopening_no_insert BEFORE INSERT ON applications_reopening FOR EACH ROW EXECUTE FUNCTION applications_reopening_refuse_insert()",
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
    dependencies = [("applications", "0013_category_is_person")]

    operations = [guarded("applications_reopening")]
