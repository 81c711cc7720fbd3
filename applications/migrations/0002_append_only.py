from django.db import migrations

TRIGGERS = {
    "sqlite": {
        "applications_deadlineextension": [
            "CREATE TRIGGER applications_deadlineextension_no_update BEFORE UPDATE ON applications_deadlineextension BEGIN SELECT RAISE(ABORT, 'applications_deadlineextension refuses UPDATE'); END",
            "CREATE TRIGGER applications_deadlineextension_no_delete BEFORE DELETE ON applications_deadlineextension BEGIN SELECT RAISE(ABORT, 'applications_deadlineextension refuses DELETE'); END",
        ],
        "applications_formversion": [
            "CREATE TRIGGER applications_formversion_no_update BEFORE UPDATE ON applications_formversion BEGIN SELECT RAISE(ABORT, 'applications_formversion refuses UPDATE'); END",
            "CREATE TRIGGER applications_formversion_no_delete BEFORE DELETE ON applications_formversion BEGIN SELECT RAISE(ABORT, 'applications_formversion refuses DELETE'); END",
        ],
        "applications_interestdeclaration": [
            "CREATE TRIGGER applications_interestdeclaration_no_update BEFORE UPDATE ON applications_interestdeclaration BEGIN SELECT RAISE(ABORT, 'applications_interestdeclaration refuses UPDATE'); END",
            "CREATE TRIGGER applications_interestdeclaration_no_delete BEFORE DELETE ON applications_interestdeclaration BEGIN SELECT RAISE(ABORT, 'applications_interestdeclaration refuses DELETE'); END",
        ],
        "applications_submission": [
            "CREATE TRIGGER applications_submission_no_update BEFORE UPDATE ON applications_submission BEGIN SELECT RAISE(ABORT, 'applications_submission refuses UPDATE'); END",
            "CREATE TRIGGER applications_submission_no_delete BEFORE DELETE ON applications_submission BEGIN SELECT RAISE(ABORT, 'applications_submission refuses DELETE'); END",
        ],
        "applications_submissionbody": [
            "CREATE TRIGGER applications_submissionbody_no_update BEFORE UPDATE ON applications_submissionbody BEGIN SELECT RAISE(ABORT, 'applications_submissionbody refuses UPDATE'); END",
        ],
        "applications_sealedpartner": [
            "CREATE TRIGGER applications_sealedpartner_no_update BEFORE UPDATE ON applications_sealedpartner BEGIN SELECT RAISE(ABORT, 'applications_sealedpartner refuses UPDATE'); END",
            "CREATE TRIGGER applications_sealedpartner_no_delete BEFORE DELETE ON applications_sealedpartner BEGIN SELECT RAISE(ABORT, 'applications_sealedpartner refuses DELETE'); END",
        ],
        "applications_sealedfile": [
            "CREATE TRIGGER applications_sealedfile_no_update BEFORE UPDATE ON applications_sealedfile BEGIN SELECT RAISE(ABORT, 'applications_sealedfile refuses UPDATE'); END",
            "CREATE TRIGGER applications_sealedfile_no_delete BEFORE DELETE ON applications_sealedfile BEGIN SELECT RAISE(ABORT, 'applications_sealedfile refuses DELETE'); END",
        ],
        "applications_notice": [
            "CREATE TRIGGER applications_notice_no_update BEFORE UPDATE ON applications_notice BEGIN SELECT RAISE(ABORT, 'applications_notice refuses UPDATE'); END",
            "CREATE TRIGGER applications_notice_no_delete BEFORE DELETE ON applications_notice BEGIN SELECT RAISE(ABORT, 'applications_notice refuses DELETE'); END",
        ],
        "applications_publishedhead": [
            "CREATE TRIGGER applications_publishedhead_no_update BEFORE UPDATE ON applications_publishedhead BEGIN SELECT RAISE(ABORT, 'applications_publishedhead refuses UPDATE'); END",
            "CREATE TRIGGER applications_publishedhead_no_delete BEFORE DELETE ON applications_publishedhead BEGIN SELECT RAISE(ABORT, 'applications_publishedhead refuses DELETE'); END",
        ],
        "applications_check": [
            "CREATE TRIGGER applications_check_no_update BEFORE UPDATE ON applications_check WHEN OLD.done_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'applications_check refuses UPDATE'); END",
            "CREATE TRIGGER applications_check_no_delete BEFORE DELETE ON applications_check WHEN OLD.done_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'applications_check refuses DELETE'); END",
        ],
        "applications_checkanswer": [
            "CREATE TRIGGER applications_checkanswer_no_update BEFORE UPDATE ON applications_checkanswer WHEN EXISTS (SELECT 1 FROM applications_check c WHERE c.id = OLD.check_row_id AND c.done_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'applications_checkanswer refuses UPDATE'); END",
            "CREATE TRIGGER applications_checkanswer_no_delete BEFORE DELETE ON applications_checkanswer WHEN EXISTS (SELECT 1 FROM applications_check c WHERE c.id = OLD.check_row_id AND c.done_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'applications_checkanswer refuses DELETE'); END",
        ],
        "applications_outcome": [
            """CREATE TRIGGER applications_outcome_no_update BEFORE UPDATE ON applications_outcome WHEN (
    EXISTS (SELECT 1 FROM applications_application a WHERE a.id = OLD.application_id AND a.state <> 'submitted')
    OR (OLD.source = 'agreement' AND NOT EXISTS (
        SELECT 1 FROM applications_interest i
        JOIN applications_check c ON c.application_id = i.application_id AND c.done_at IS NOT NULL
        JOIN applications_caseofficer o ON o.id = c.officer_id AND o.user_id = i.user_id
        WHERE i.application_id = OLD.application_id AND i.lifted_at IS NULL))
    OR (OLD.confirmed_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM applications_interest i
        WHERE i.application_id = OLD.application_id AND i.lifted_at IS NULL
        AND i.user_id IN (OLD.decided_by_id, OLD.confirmed_by_id)))) BEGIN SELECT RAISE(ABORT, 'applications_outcome refuses UPDATE'); END""",
            """CREATE TRIGGER applications_outcome_no_delete BEFORE DELETE ON applications_outcome WHEN (
    EXISTS (SELECT 1 FROM applications_application a WHERE a.id = OLD.application_id AND a.state <> 'submitted')
    OR (OLD.source = 'agreement' AND NOT EXISTS (
        SELECT 1 FROM applications_interest i
        JOIN applications_check c ON c.application_id = i.application_id AND c.done_at IS NOT NULL
        JOIN applications_caseofficer o ON o.id = c.officer_id AND o.user_id = i.user_id
        WHERE i.application_id = OLD.application_id AND i.lifted_at IS NULL))
    OR (OLD.confirmed_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM applications_interest i
        WHERE i.application_id = OLD.application_id AND i.lifted_at IS NULL
        AND i.user_id IN (OLD.decided_by_id, OLD.confirmed_by_id)))) BEGIN SELECT RAISE(ABORT, 'applications_outcome refuses DELETE'); END""",
        ],
        "applications_release": [
            "CREATE TRIGGER applications_release_no_update BEFORE UPDATE ON applications_release WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'applications_release refuses UPDATE'); END",
            "CREATE TRIGGER applications_release_no_delete BEFORE DELETE ON applications_release WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'applications_release refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "applications_deadlineextension": [
            "CREATE OR REPLACE FUNCTION applications_deadlineextension_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_deadlineextension refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_deadlineextension_append BEFORE UPDATE OR DELETE ON applications_deadlineextension FOR EACH ROW EXECUTE FUNCTION applications_deadlineextension_refuse()",
            "CREATE TRIGGER applications_deadlineextension_truncate BEFORE TRUNCATE ON applications_deadlineextension FOR EACH STATEMENT EXECUTE FUNCTION applications_deadlineextension_refuse()",
        ],
        "applications_formversion": [
            "CREATE OR REPLACE FUNCTION applications_formversion_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_formversion refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_formversion_append BEFORE UPDATE OR DELETE ON applications_formversion FOR EACH ROW EXECUTE FUNCTION applications_formversion_refuse()",
            "CREATE TRIGGER applications_formversion_truncate BEFORE TRUNCATE ON applications_formversion FOR EACH STATEMENT EXECUTE FUNCTION applications_formversion_refuse()",
        ],
        "applications_interestdeclaration": [
            "CREATE OR REPLACE FUNCTION applications_interestdeclaration_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_interestdeclaration refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_interestdeclaration_append BEFORE UPDATE OR DELETE ON applications_interestdeclaration FOR EACH ROW EXECUTE FUNCTION applications_interestdeclaration_refuse()",
            "CREATE TRIGGER applications_interestdeclaration_truncate BEFORE TRUNCATE ON applications_interestdeclaration FOR EACH STATEMENT EXECUTE FUNCTION applications_interestdeclaration_refuse()",
        ],
        "applications_submission": [
            "CREATE OR REPLACE FUNCTION applications_submission_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_submission refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_submission_append BEFORE UPDATE OR DELETE ON applications_submission FOR EACH ROW EXECUTE FUNCTION applications_submission_refuse()",
            "CREATE TRIGGER applications_submission_truncate BEFORE TRUNCATE ON applications_submission FOR EACH STATEMENT EXECUTE FUNCTION applications_submission_refuse()",
        ],
        "applications_submissionbody": [
            "CREATE OR REPLACE FUNCTION applications_submissionbody_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_submissionbody refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_submissionbody_append BEFORE UPDATE ON applications_submissionbody FOR EACH ROW EXECUTE FUNCTION applications_submissionbody_refuse()",
            "CREATE TRIGGER applications_submissionbody_truncate BEFORE TRUNCATE ON applications_submissionbody FOR EACH STATEMENT EXECUTE FUNCTION applications_submissionbody_refuse()",
        ],
        "applications_sealedpartner": [
            "CREATE OR REPLACE FUNCTION applications_sealedpartner_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_sealedpartner refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_sealedpartner_append BEFORE UPDATE OR DELETE ON applications_sealedpartner FOR EACH ROW EXECUTE FUNCTION applications_sealedpartner_refuse()",
            "CREATE TRIGGER applications_sealedpartner_truncate BEFORE TRUNCATE ON applications_sealedpartner FOR EACH STATEMENT EXECUTE FUNCTION applications_sealedpartner_refuse()",
        ],
        "applications_sealedfile": [
            "CREATE OR REPLACE FUNCTION applications_sealedfile_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_sealedfile refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_sealedfile_append BEFORE UPDATE OR DELETE ON applications_sealedfile FOR EACH ROW EXECUTE FUNCTION applications_sealedfile_refuse()",
            "CREATE TRIGGER applications_sealedfile_truncate BEFORE TRUNCATE ON applications_sealedfile FOR EACH STATEMENT EXECUTE FUNCTION applications_sealedfile_refuse()",
        ],
        "applications_notice": [
            "CREATE OR REPLACE FUNCTION applications_notice_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_notice refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_notice_append BEFORE UPDATE OR DELETE ON applications_notice FOR EACH ROW EXECUTE FUNCTION applications_notice_refuse()",
            "CREATE TRIGGER applications_notice_truncate BEFORE TRUNCATE ON applications_notice FOR EACH STATEMENT EXECUTE FUNCTION applications_notice_refuse()",
        ],
        "applications_publishedhead": [
            "CREATE OR REPLACE FUNCTION applications_publishedhead_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_publishedhead refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_publishedhead_append BEFORE UPDATE OR DELETE ON applications_publishedhead FOR EACH ROW EXECUTE FUNCTION applications_publishedhead_refuse()",
            "CREATE TRIGGER applications_publishedhead_truncate BEFORE TRUNCATE ON applications_publishedhead FOR EACH STATEMENT EXECUTE FUNCTION applications_publishedhead_refuse()",
        ],
        "applications_check": [
            "CREATE OR REPLACE FUNCTION applications_check_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'applications_check refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF OLD.done_at IS NOT NULL THEN RAISE EXCEPTION 'applications_check refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER applications_check_append BEFORE UPDATE OR DELETE ON applications_check FOR EACH ROW EXECUTE FUNCTION applications_check_refuse()",
            "CREATE TRIGGER applications_check_truncate BEFORE TRUNCATE ON applications_check FOR EACH STATEMENT EXECUTE FUNCTION applications_check_refuse()",
        ],
        "applications_checkanswer": [
            "CREATE OR REPLACE FUNCTION applications_checkanswer_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'applications_checkanswer refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF EXISTS (SELECT 1 FROM applications_check c WHERE c.id = OLD.check_row_id AND c.done_at IS NOT NULL) THEN RAISE EXCEPTION 'applications_checkanswer refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER applications_checkanswer_append BEFORE UPDATE OR DELETE ON applications_checkanswer FOR EACH ROW EXECUTE FUNCTION applications_checkanswer_refuse()",
            "CREATE TRIGGER applications_checkanswer_truncate BEFORE TRUNCATE ON applications_checkanswer FOR EACH STATEMENT EXECUTE FUNCTION applications_checkanswer_refuse()",
        ],
        "applications_outcome": [
            """CREATE OR REPLACE FUNCTION applications_outcome_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'applications_outcome refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF (
    EXISTS (SELECT 1 FROM applications_application a WHERE a.id = OLD.application_id AND a.state <> 'submitted')
    OR (OLD.source = 'agreement' AND NOT EXISTS (
        SELECT 1 FROM applications_interest i
        JOIN applications_check c ON c.application_id = i.application_id AND c.done_at IS NOT NULL
        JOIN applications_caseofficer o ON o.id = c.officer_id AND o.user_id = i.user_id
        WHERE i.application_id = OLD.application_id AND i.lifted_at IS NULL))
    OR (OLD.confirmed_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM applications_interest i
        WHERE i.application_id = OLD.application_id AND i.lifted_at IS NULL
        AND i.user_id IN (OLD.decided_by_id, OLD.confirmed_by_id)))) THEN RAISE EXCEPTION 'applications_outcome refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$""",
            "CREATE TRIGGER applications_outcome_append BEFORE UPDATE OR DELETE ON applications_outcome FOR EACH ROW EXECUTE FUNCTION applications_outcome_refuse()",
            "CREATE TRIGGER applications_outcome_truncate BEFORE TRUNCATE ON applications_outcome FOR EACH STATEMENT EXECUTE FUNCTION applications_outcome_refuse()",
        ],
        "applications_release": [
            "CREATE OR REPLACE FUNCTION applications_release_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'applications_release refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF OLD.confirmed_at IS NOT NULL THEN RAISE EXCEPTION 'applications_release refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER applications_release_append BEFORE UPDATE OR DELETE ON applications_release FOR EACH ROW EXECUTE FUNCTION applications_release_refuse()",
            "CREATE TRIGGER applications_release_truncate BEFORE TRUNCATE ON applications_release FOR EACH STATEMENT EXECUTE FUNCTION applications_release_refuse()",
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
    dependencies = [("applications", "0001_initial")]

    operations = [
        guarded("applications_deadlineextension"),
        guarded("applications_formversion"),
        guarded("applications_interestdeclaration"),
        guarded("applications_submission"),
        guarded("applications_submissionbody"),
        guarded("applications_sealedpartner"),
        guarded("applications_sealedfile"),
        guarded("applications_notice"),
        guarded("applications_publishedhead"),
        guarded("applications_check"),
        guarded("applications_checkanswer"),
        guarded("applications_outcome"),
        guarded("applications_release"),
    ]
