import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TRIGGERS = {
    "sqlite": {
        "jury_rider": [
            "CREATE TRIGGER jury_rider_no_update BEFORE UPDATE ON jury_rider WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'jury_rider refuses UPDATE'); END",
            "CREATE TRIGGER jury_rider_no_delete BEFORE DELETE ON jury_rider WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'jury_rider refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "jury_rider": [
            "CREATE OR REPLACE FUNCTION jury_rider_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'jury_rider refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF OLD.confirmed_at IS NOT NULL THEN RAISE EXCEPTION 'jury_rider refuses %', TG_OP USING ERRCODE='restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER jury_rider_append BEFORE UPDATE OR DELETE ON jury_rider FOR EACH ROW EXECUTE FUNCTION jury_rider_refuse()",
            "CREATE TRIGGER jury_rider_truncate BEFORE TRUNCATE ON jury_rider FOR EACH STATEMENT EXECUTE FUNCTION jury_rider_refuse()",
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

    dependencies = [
        ('applications', '0017_salt_of_signed_sets'),
        ('jury', '0007_what_happened_to_a_hearing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('decided_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.application')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deliberation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='riders', to='jury.deliberation')),
                ('presiding', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jury.juror')),
            ],
            options={
                'ordering': ['confirmed_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None), ('presiding', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('presiding__isnull', False), models.Q(('confirmed_by', models.F('decided_by')), _negated=True)), _connector='OR'), name='rider_is_confirmed_by_another_person', violation_error_message='Une autre personne, qui préside, signe la mention.'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='rider_says_something', violation_error_message='Une mention a un texte.')],
            },
        ),
        guarded("jury_rider"),
    ]
