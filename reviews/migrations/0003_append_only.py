from django.db import migrations

TRIGGERS = {
    "sqlite": {
        "reviews_scoresheet": [
            "CREATE TRIGGER reviews_scoresheet_no_update BEFORE UPDATE ON reviews_scoresheet WHEN OLD.sent_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'reviews_scoresheet refuses UPDATE'); END",
            "CREATE TRIGGER reviews_scoresheet_no_delete BEFORE DELETE ON reviews_scoresheet WHEN OLD.sent_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'reviews_scoresheet refuses DELETE'); END",
        ],
        "reviews_mark": [
            "CREATE TRIGGER reviews_mark_no_update BEFORE UPDATE ON reviews_mark WHEN EXISTS (SELECT 1 FROM reviews_scoresheet s WHERE s.id = OLD.sheet_id AND s.sent_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'reviews_mark refuses UPDATE'); END",
            "CREATE TRIGGER reviews_mark_no_delete BEFORE DELETE ON reviews_mark WHEN EXISTS (SELECT 1 FROM reviews_scoresheet s WHERE s.id = OLD.sheet_id AND s.sent_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'reviews_mark refuses DELETE'); END",
        ],
        "reviews_placement": [
            "CREATE TRIGGER reviews_placement_no_update BEFORE UPDATE ON reviews_placement WHEN EXISTS (SELECT 1 FROM reviews_shortlist s JOIN applications_application a ON a.call_id = s.call_id WHERE a.id = OLD.application_id AND s.confirmed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'reviews_placement refuses UPDATE'); END",
            "CREATE TRIGGER reviews_placement_no_delete BEFORE DELETE ON reviews_placement WHEN EXISTS (SELECT 1 FROM reviews_shortlist s JOIN applications_application a ON a.call_id = s.call_id WHERE a.id = OLD.application_id AND s.confirmed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'reviews_placement refuses DELETE'); END",
        ],
        "reviews_shortlist": [
            "CREATE TRIGGER reviews_shortlist_no_update BEFORE UPDATE ON reviews_shortlist WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'reviews_shortlist refuses UPDATE'); END",
            "CREATE TRIGGER reviews_shortlist_no_delete BEFORE DELETE ON reviews_shortlist WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'reviews_shortlist refuses DELETE'); END",
        ],
        "reviews_shortlistentry": [
            "CREATE TRIGGER reviews_shortlistentry_no_update BEFORE UPDATE ON reviews_shortlistentry BEGIN SELECT RAISE(ABORT, 'reviews_shortlistentry refuses UPDATE'); END",
            "CREATE TRIGGER reviews_shortlistentry_no_delete BEFORE DELETE ON reviews_shortlistentry BEGIN SELECT RAISE(ABORT, 'reviews_shortlistentry refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "reviews_scoresheet": [
            "CREATE OR REPLACE FUNCTION reviews_scoresheet_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'reviews_scoresheet refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF OLD.sent_at IS NOT NULL THEN RAISE EXCEPTION 'reviews_scoresheet refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER reviews_scoresheet_append BEFORE UPDATE OR DELETE ON reviews_scoresheet FOR EACH ROW EXECUTE FUNCTION reviews_scoresheet_refuse()",
            "CREATE TRIGGER reviews_scoresheet_truncate BEFORE TRUNCATE ON reviews_scoresheet FOR EACH STATEMENT EXECUTE FUNCTION reviews_scoresheet_refuse()",
        ],
        "reviews_mark": [
            "CREATE OR REPLACE FUNCTION reviews_mark_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'reviews_mark refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF EXISTS (SELECT 1 FROM reviews_scoresheet s WHERE s.id = OLD.sheet_id AND s.sent_at IS NOT NULL) THEN RAISE EXCEPTION 'reviews_mark refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER reviews_mark_append BEFORE UPDATE OR DELETE ON reviews_mark FOR EACH ROW EXECUTE FUNCTION reviews_mark_refuse()",
            "CREATE TRIGGER reviews_mark_truncate BEFORE TRUNCATE ON reviews_mark FOR EACH STATEMENT EXECUTE FUNCTION reviews_mark_refuse()",
        ],
        "reviews_placement": [
            "CREATE OR REPLACE FUNCTION reviews_placement_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'reviews_placement refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF EXISTS (SELECT 1 FROM reviews_shortlist s JOIN applications_application a ON a.call_id = s.call_id WHERE a.id = OLD.application_id AND s.confirmed_at IS NOT NULL) THEN RAISE EXCEPTION 'reviews_placement refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER reviews_placement_append BEFORE UPDATE OR DELETE ON reviews_placement FOR EACH ROW EXECUTE FUNCTION reviews_placement_refuse()",
            "CREATE TRIGGER reviews_placement_truncate BEFORE TRUNCATE ON reviews_placement FOR EACH STATEMENT EXECUTE FUNCTION reviews_placement_refuse()",
        ],
        "reviews_shortlist": [
            "CREATE OR REPLACE FUNCTION reviews_shortlist_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'reviews_shortlist refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF OLD.confirmed_at IS NOT NULL THEN RAISE EXCEPTION 'reviews_shortlist refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER reviews_shortlist_append BEFORE UPDATE OR DELETE ON reviews_shortlist FOR EACH ROW EXECUTE FUNCTION reviews_shortlist_refuse()",
            "CREATE TRIGGER reviews_shortlist_truncate BEFORE TRUNCATE ON reviews_shortlist FOR EACH STATEMENT EXECUTE FUNCTION reviews_shortlist_refuse()",
        ],
        "reviews_shortlistentry": [
            "CREATE OR REPLACE FUNCTION reviews_shortlistentry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'reviews_shortlistentry refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER reviews_shortlistentry_append BEFORE UPDATE OR DELETE ON reviews_shortlistentry FOR EACH ROW EXECUTE FUNCTION reviews_shortlistentry_refuse()",
            "CREATE TRIGGER reviews_shortlistentry_truncate BEFORE TRUNCATE ON reviews_shortlistentry FOR EACH STATEMENT EXECUTE FUNCTION reviews_shortlistentry_refuse()",
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
    dependencies = [("reviews", "0002_scoring")]

    operations = [
        guarded("reviews_scoresheet"),
        guarded("reviews_mark"),
        guarded("reviews_placement"),
        guarded("reviews_shortlist"),
        guarded("reviews_shortlistentry"),
    ]
