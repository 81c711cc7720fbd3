from django.db import migrations

TRIGGERS = {
    "sqlite": {
        "reviews_placement": [
            "CREATE TRIGGER reviews_placement_no_insert BEFORE INSERT ON reviews_placement WHEN EXISTS (SELECT 1 FROM reviews_shortlist s JOIN applications_application a ON a.call_id = s.call_id WHERE a.id = NEW.application_id AND s.confirmed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'reviews_placement refuses INSERT'); END",
        ],
        "reviews_shortlistentry": [
            "CREATE TRIGGER reviews_shortlistentry_no_insert BEFORE INSERT ON reviews_shortlistentry WHEN EXISTS (SELECT 1 FROM reviews_shortlist s WHERE s.id = NEW.shortlist_id AND s.confirmed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'reviews_shortlistentry refuses INSERT'); END",
        ],
    },
    "postgresql": {
        "reviews_placement": [
            "CREATE OR REPLACE FUNCTION reviews_placement_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM reviews_shortlist s JOIN applications_application a ON a.call_id = s.call_id WHERE a.id = NEW.application_id AND s.confirmed_at IS NOT NULL) THEN RAISE EXCEPTION 'reviews_placement refuses INSERT' USING ERRCODE='restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER reviews_placement_no_insert BEFORE INSERT ON reviews_placement FOR EACH ROW EXECUTE FUNCTION reviews_placement_refuse_insert()",
        ],
        "reviews_shortlistentry": [
            "CREATE OR REPLACE FUNCTION reviews_shortlistentry_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM reviews_shortlist s WHERE s.id = NEW.shortlist_id AND s.confirmed_at IS NOT NULL) THEN RAISE EXCEPTION 'reviews_shortlistentry refuses INSERT' USING ERRCODE='restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER reviews_shortlistentry_no_insert BEFORE INSERT ON reviews_shortlistentry FOR EACH ROW EXECUTE FUNCTION reviews_shortlistentry_refuse_insert()",
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
    dependencies = [("reviews", "0003_append_only")]

    operations = [
        guarded("reviews_placement"),
        guarded("reviews_shortlistentry"),
    ]
