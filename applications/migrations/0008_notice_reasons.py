"""The reasons of a decision stand in the notice, so that the candidate's page can give them as the letter does."""

from django.db import migrations, models

# SQLite remakes the table for the new column, and drops its triggers in silence; PostgreSQL keeps them.
TRIGGERS = [
    "CREATE TRIGGER applications_notice_no_update BEFORE UPDATE ON applications_notice BEGIN SELECT RAISE(ABORT, 'applications_notice refuses UPDATE'); END",
    "CREATE TRIGGER applications_notice_no_delete BEFORE DELETE ON applications_notice BEGIN SELECT RAISE(ABORT, 'applications_notice refuses DELETE'); END",
]


def made_again(apps, editor):
    if editor.connection.vendor == "sqlite":
        for statement in TRIGGERS:
            editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("applications", "0007_reopening_and_kind_of_link")]

    operations = [
        # Backwards the steps run the other way round: the table is remade first, then guarded.
        migrations.RunPython(migrations.RunPython.noop, made_again),
        migrations.AddField("notice", "reasons", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.RunPython(made_again, migrations.RunPython.noop),
    ]
