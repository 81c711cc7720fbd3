import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGERS = {
    "sqlite": {
        "applications_noticeopening": [
            "CREATE TRIGGER applications_noticeopening_no_update BEFORE UPDATE ON applications_noticeopening BEGIN SELECT RAISE(ABORT, 'applications_noticeopening refuses UPDATE'); END",
            "CREATE TRIGGER applications_noticeopening_no_delete BEFORE DELETE ON applications_noticeopening BEGIN SELECT RAISE(ABORT, 'applications_noticeopening refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "applications_noticeopening": [
            "CREATE OR REPLACE FUNCTION applications_noticeopening_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'applications_noticeopening refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER applications_noticeopening_append BEFORE UPDATE OR DELETE ON applications_noticeopening FOR EACH ROW EXECUTE FUNCTION applications_noticeopening_refuse()",
            "CREATE TRIGGER applications_noticeopening_truncate BEFORE TRUNCATE ON applications_noticeopening FOR EACH STATEMENT EXECUTE FUNCTION applications_noticeopening_refuse()",
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
        ('applications', '0011_file_of_a_partner'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='opening', to='applications.notice')),
            ],
        ),
        guarded("applications_noticeopening"),
    ]
