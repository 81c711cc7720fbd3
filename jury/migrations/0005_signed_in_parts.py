import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TRIGGERS = {
    "sqlite": {
        "jury_deliberationpart": [
            "CREATE TRIGGER jury_deliberationpart_no_update BEFORE UPDATE ON jury_deliberationpart BEGIN SELECT RAISE(ABORT, 'jury_deliberationpart refuses UPDATE'); END",
            "CREATE TRIGGER jury_deliberationpart_no_delete BEFORE DELETE ON jury_deliberationpart BEGIN SELECT RAISE(ABORT, 'jury_deliberationpart refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "jury_deliberationpart": [
            "CREATE OR REPLACE FUNCTION jury_deliberationpart_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'jury_deliberationpart refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER jury_deliberationpart_append BEFORE UPDATE OR DELETE ON jury_deliberationpart FOR EACH ROW EXECUTE FUNCTION jury_deliberationpart_refuse()",
            "CREATE TRIGGER jury_deliberationpart_truncate BEFORE TRUNCATE ON jury_deliberationpart FOR EACH STATEMENT EXECUTE FUNCTION jury_deliberationpart_refuse()",
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
        ('applications', '0006_question_type_is_a_key'),
        ('jury', '0004_minutes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeliberationPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('references', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.call')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        guarded("jury_deliberationpart"),
    ]
