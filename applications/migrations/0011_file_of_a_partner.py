"""Files of partners have a place each: the question says that it asks for one of each, and the file whose it is."""

from django.db import migrations, models
from django.db.models import Q


def no_places_before(apps, editor):
    """Every question for files says whether it asks for one of each partner: those that stood before did not."""
    for question in apps.get_model("applications", "Question").objects.filter(type="file"):
        question.rules.setdefault("per_partner", False)
        question.save(update_fields=["rules"])


class Migration(migrations.Migration):
    dependencies = [("applications", "0010_call_authority")]

    operations = [
        migrations.AddField("attachment", "slot", models.CharField(blank=True, default="", max_length=12), preserve_default=False),
        migrations.AddField("upload", "slot", models.CharField(blank=True, default="", max_length=12), preserve_default=False),
        migrations.RemoveConstraint("attachment", "attachment_file_is_attached_once"),
        migrations.AddConstraint(
            "attachment",
            models.UniqueConstraint(
                fields=("application", "question", "slot", "file"),
                name="attachment_file_is_attached_once",
                violation_error_message="Cette pièce est déjà jointe.",
            ),
        ),
        migrations.AddConstraint(
            "attachment",
            models.UniqueConstraint(
                condition=~Q(slot=""),
                fields=("application", "question", "slot"),
                name="attachment_slot_holds_one_file",
                violation_error_message="Ce partenaire a déjà sa pièce\u00a0: retirez-la d’abord.",
            ),
        ),
        migrations.RunPython(no_places_before, migrations.RunPython.noop),
    ]
