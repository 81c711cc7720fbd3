"""A draft remembers the one-time key of the form that began it: two clicks make one.

The constraint has a condition so that SQLite makes it an index: it would make the table anew, under triggers that read it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0008_notice_reasons")]

    operations = [
        migrations.AddField("application", "begun_with", models.CharField(max_length=64, null=True)),
        migrations.AddConstraint(
            "application",
            models.UniqueConstraint(
                fields=["begun_with"],
                condition=models.Q(begun_with__isnull=False),
                name="application_form_begins_one_draft",
                violation_error_message="Ce dossier est déjà commencé.",
            ),
        ),
    ]
