import secrets

from django.db import migrations, models


def draw(apps, schema_editor):
    """A salt for each call that stands."""
    for call in apps.get_model("applications", "Call").objects.all():
        call.salt = secrets.token_hex(16)
        call.save(update_fields=["salt"])


class Migration(migrations.Migration):
    dependencies = [("applications", "0016_french_words")]
    operations = [
        migrations.AddField(
            "call", "salt", models.CharField(default="", editable=False, max_length=32), preserve_default=False
        ),
        migrations.RunPython(draw, migrations.RunPython.noop, elidable=True),
    ]
