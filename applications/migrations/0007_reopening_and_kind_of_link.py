import importlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGERS = {
    "sqlite": {
        "applications_check": [
            "CREATE TRIGGER applications_check_no_update BEFORE UPDATE ON applications_check WHEN OLD.done_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM applications_reopening r WHERE r.check_number = OLD.id AND r.closed_at = OLD.done_at) BEGIN SELECT RAISE(ABORT, 'applications_check refuses UPDATE'); END",
            "CREATE TRIGGER applications_check_no_delete BEFORE DELETE ON applications_check WHEN OLD.done_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM applications_reopening r WHERE r.check_number = OLD.id AND r.closed_at = OLD.done_at) BEGIN SELECT RAISE(ABORT, 'applications_check refuses DELETE'); END",
        ],
        "applications_outcome": [
            """CREATE TRIGGER applications_outcome_no_update BEFORE UPDATE ON applications_outcome WHEN NOT EXISTS (SELECT 1 FROM applications_reopening r WHERE r.outcome_number = OLD.id) AND (
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
            """CREATE TRIGGER applications_outcome_no_delete BEFORE DELETE ON applications_outcome WHEN NOT EXISTS (SELECT 1 FROM applications_reopening r WHERE r.outcome_number = OLD.id) AND (
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
        "applications_reopening": [
            "CREATE TRIGGER applications_reopening_no_update BEFORE UPDATE ON applications_reopening BEGIN SELECT RAISE(ABORT, 'applications_reopening refuses UPDATE'); END",
            "CREATE TRIGGER applications_reopening_no_delete BEFORE DELETE ON applications_reopening BEGIN SELECT RAISE(ABORT, 'applications_reopening refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "applications_check": [
            "CREATE OR REPLACE FUNCTION applications_check_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'applications_check refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF OLD.done_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM applications_reopening r WHERE r.check_number = OLD.id AND r.closed_at = OLD.done_at) THEN RAISE EXCEPTION 'applications_check refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER applications_check_append BEFORE UPDATE OR DELETE ON applications_check FOR EACH ROW EXECUTE FUNCTION applications_check_refuse()",
            "CREATE TRIGGER applications_check_truncate BEFORE TRUNCATE ON applications_check FOR EACH STATEMENT EXECUTE FUNCTION applications_check_refuse()",
        ],
        "applications_outcome": [
            """CREATE OR REPLACE FUNCTION applications_outcome_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'applications_outcome refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF NOT EXISTS (SELECT 1 FROM applications_reopening r WHERE r.outcome_number = OLD.id) AND (
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
        "applications_reopening": [
            "CREATE OR REPLACE FUNCTION applications_reopening_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_reopening refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_reopening_append BEFORE UPDATE OR DELETE ON applications_reopening FOR EACH ROW EXECUTE FUNCTION applications_reopening_refuse()",
            "CREATE TRIGGER applications_reopening_truncate BEFORE TRUNCATE ON applications_reopening FOR EACH STATEMENT EXECUTE FUNCTION applications_reopening_refuse()",
        ],
    },
}
# What two of these tables had before.
BEFORE = importlib.import_module("applications.migrations.0002_append_only").TRIGGERS


def _make(written, table):
    def make(apps, editor):
        for statement in written[editor.connection.vendor][table]:
            editor.execute(statement, params=None)

    return make


def _drop(written, table):
    def drop(apps, editor):
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for statement in written[editor.connection.vendor][table]:
            if statement.startswith("CREATE TRIGGER "):
                editor.execute(f"DROP TRIGGER {statement.split()[2]}{on}", params=None)

    return drop


def unguarded(table):
    """The triggers of one table go: SQLite renames no table while a trigger names one that is being remade."""
    return migrations.RunPython(_drop(BEFORE, table), _make(BEFORE, table))


def guarded(table):
    """The triggers of one table, as they were written for this migration."""
    return migrations.RunPython(_make(TRIGGERS, table), _drop(TRIGGERS, table))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_account_block'),
        ('applications', '0006_question_type_is_a_key'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        unguarded("applications_check"),
        unguarded("applications_outcome"),
        migrations.AddField(
            model_name='interest',
            name='nature',
            field=models.CharField(blank=True, choices=[('employer', 'employeur, actuel ou récent'), ('work', 'travaux ou publications en commun'), ('personal', 'lien familial ou personnel'), ('money', 'intérêt financier'), ('rival', 'projet concurrent'), ('other', 'autre lien')], max_length=10),
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_number', models.BigIntegerField(null=True)),
                ('outcome_number', models.BigIntegerField(null=True)),
                ('closed_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('was', models.JSONField()),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reopenings', to='applications.application')),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('body', None), ('check_number', None), ('outcome_number__isnull', False)), models.Q(('body__isnull', False), ('check_number__isnull', False), ('outcome_number', None)), _connector='OR'), name='reopening_is_of_a_check_or_an_outcome', violation_error_message='Une réouverture porte sur un contrôle ou sur une décision.'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reopening_has_a_reason', violation_error_message='Indiquez la raison de cette réouverture.')],
            },
        ),
        guarded("applications_check"),
        guarded("applications_outcome"),
        guarded("applications_reopening"),
    ]
