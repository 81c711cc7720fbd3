from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("applications", "0004_uploads"),
    ]

    # Calls that stand already get limits that nobody who prepares dossiers in earnest will meet.
    operations = [
        migrations.AddField(
            model_name="call",
            name="max_drafts",
            field=models.PositiveSmallIntegerField(default=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="call",
            name="max_person_files",
            field=models.PositiveSmallIntegerField(default=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="call",
            name="max_person_bytes",
            field=models.PositiveBigIntegerField(default=1_000_000_000),
            preserve_default=False,
        ),
    ]
