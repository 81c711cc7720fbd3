from django.db import migrations

TRIGGERS = {
    "sqlite": {
        "jury_jurordeclaration": [
            "CREATE TRIGGER jury_jurordeclaration_no_update BEFORE UPDATE ON jury_jurordeclaration BEGIN SELECT RAISE(ABORT, 'jury_jurordeclaration refuses UPDATE'); END",
            "CREATE TRIGGER jury_jurordeclaration_no_delete BEFORE DELETE ON jury_jurordeclaration BEGIN SELECT RAISE(ABORT, 'jury_jurordeclaration refuses DELETE'); END",
        ],
        "jury_presence": [
            "CREATE TRIGGER jury_presence_no_update BEFORE UPDATE ON jury_presence BEGIN SELECT RAISE(ABORT, 'jury_presence refuses UPDATE'); END",
            "CREATE TRIGGER jury_presence_no_delete BEFORE DELETE ON jury_presence BEGIN SELECT RAISE(ABORT, 'jury_presence refuses DELETE'); END",
        ],
        "jury_decision": [
            "CREATE TRIGGER jury_decision_no_update BEFORE UPDATE ON jury_decision WHEN EXISTS (SELECT 1 FROM jury_deliberation d WHERE d.call_id = OLD.call_id AND d.confirmed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'jury_decision refuses UPDATE'); END",
            "CREATE TRIGGER jury_decision_no_delete BEFORE DELETE ON jury_decision WHEN EXISTS (SELECT 1 FROM jury_deliberation d WHERE d.call_id = OLD.call_id AND d.confirmed_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'jury_decision refuses DELETE'); END",
        ],
        "jury_deliberation": [
            "CREATE TRIGGER jury_deliberation_no_update BEFORE UPDATE ON jury_deliberation WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'jury_deliberation refuses UPDATE'); END",
            "CREATE TRIGGER jury_deliberation_no_delete BEFORE DELETE ON jury_deliberation WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'jury_deliberation refuses DELETE'); END",
        ],
        "jury_announcement": [
            "CREATE TRIGGER jury_announcement_no_update BEFORE UPDATE ON jury_announcement BEGIN SELECT RAISE(ABORT, 'jury_announcement refuses UPDATE'); END",
            "CREATE TRIGGER jury_announcement_no_delete BEFORE DELETE ON jury_announcement BEGIN SELECT RAISE(ABORT, 'jury_announcement refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "jury_jurordeclaration": [
            "CREATE OR REPLACE FUNCTION jury_jurordeclaration_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'jury_jurordeclaration refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER jury_jurordeclaration_append BEFORE UPDATE OR DELETE ON jury_jurordeclaration FOR EACH ROW EXECUTE FUNCTION jury_jurordeclaration_refuse()",
            "CREATE TRIGGER jury_jurordeclaration_truncate BEFORE TRUNCATE ON jury_jurordeclaration FOR EACH STATEMENT EXECUTE FUNCTION jury_jurordeclaration_refuse()",
        ],
        "jury_presence": [
            "CREATE OR REPLACE FUNCTION jury_presence_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'jury_presence refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER jury_presence_append BEFORE UPDATE OR DELETE ON jury_presence FOR EACH ROW EXECUTE FUNCTION jury_presence_refuse()",
            "CREATE TRIGGER jury_presence_truncate BEFORE TRUNCATE ON jury_presence FOR EACH STATEMENT EXECUTE FUNCTION jury_presence_refuse()",
        ],
        "jury_decision": [
            "CREATE OR REPLACE FUNCTION jury_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'jury_decision refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF EXISTS (SELECT 1 FROM jury_deliberation d WHERE d.call_id = OLD.call_id AND d.confirmed_at IS NOT NULL) THEN RAISE EXCEPTION 'jury_decision refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER jury_decision_append BEFORE UPDATE OR DELETE ON jury_decision FOR EACH ROW EXECUTE FUNCTION jury_decision_refuse()",
            "CREATE TRIGGER jury_decision_truncate BEFORE TRUNCATE ON jury_decision FOR EACH STATEMENT EXECUTE FUNCTION jury_decision_refuse()",
        ],
        "jury_deliberation": [
            "CREATE OR REPLACE FUNCTION jury_deliberation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'jury_deliberation refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF OLD.confirmed_at IS NOT NULL THEN RAISE EXCEPTION 'jury_deliberation refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER jury_deliberation_append BEFORE UPDATE OR DELETE ON jury_deliberation FOR EACH ROW EXECUTE FUNCTION jury_deliberation_refuse()",
            "CREATE TRIGGER jury_deliberation_truncate BEFORE TRUNCATE ON jury_deliberation FOR EACH STATEMENT EXECUTE FUNCTION jury_deliberation_refuse()",
        ],
        "jury_announcement": [
            "CREATE OR REPLACE FUNCTION jury_announcement_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'jury_announcement refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER jury_announcement_append BEFORE UPDATE OR DELETE ON jury_announcement FOR EACH ROW EXECUTE FUNCTION jury_announcement_refuse()",
            "CREATE TRIGGER jury_announcement_truncate BEFORE TRUNCATE ON jury_announcement FOR EACH STATEMENT EXECUTE FUNCTION jury_announcement_refuse()",
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
    dependencies = [("jury", "0002_hearings_and_decisions")]

    operations = [
        guarded("jury_jurordeclaration"),
        guarded("jury_presence"),
        guarded("jury_decision"),
        guarded("jury_deliberation"),
        guarded("jury_announcement"),
    ]
