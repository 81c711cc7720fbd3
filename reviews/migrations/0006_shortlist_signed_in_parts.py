import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGERS = {
    "sqlite": {
        "reviews_shortlistpart": [
            "CREATE TRIGGER reviews_shortlistpart_no_update BEFORE UPDATE ON reviews_shortlistpart BEGIN SELECT RAISE(ABORT, 'reviews_shortlistpart refuses UPDATE'); END",
            "CREATE TRIGGER reviews_shortlistpart_no_delete BEFORE DELETE ON reviews_shortlistpart BEGIN SELECT RAISE(ABORT, 'reviews_shortlistpart refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "reviews_shortlistpart": [
            "CREATE OR REPLACE FUNCTION reviews_shortlistpart_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'reviews_shortlistpart refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER reviews_shortlistpart_append BEFORE UPDATE OR DELETE ON reviews_shortlistpart FOR EACH ROW EXECUTE FUNCTION reviews_shortlistpart_refuse()",
            "CREATE TRIGGER reviews_shortlistpart_truncate BEFORE TRUNCATE ON reviews_shortlistpart FOR EACH STATEMENT EXECUTE FUNCTION reviews_shortlistpart_refuse()",
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
        ('applications', '0010_call_authority'),
        ('reviews', '0005_refusals_tell'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ShortlistPart',
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
        guarded("reviews_shortlistpart"),
    ]
