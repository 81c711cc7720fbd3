from django.db import migrations

EMPTY = {"organisation": "", "signatory": "", "quality": "", "place": "", "addressee": "", "formula": ""}


def give_an_authority(apps, schema_editor):
    """A call that was loaded before has no signatory: its letters are not signed until its file names one."""
    bodies = apps.get_model("applications", "CallBody").objects.select_related("organisation")
    for call in apps.get_model("applications", "Call").objects.order_by("pk"):
        first = bodies.filter(call=call).order_by("-checks", "position").first()
        authority = {**EMPTY, "remedies": call.texts["receipt"]["remedies"]}
        if first is not None:
            authority["organisation"] = first.organisation.short_name
        call.texts = {"authority": authority, "award": {"conditions": [], "next_steps": []}, **call.texts}
        call.save(update_fields=["texts"])


class Migration(migrations.Migration):
    dependencies = [("applications", "0009_application_created_once")]

    operations = [migrations.RunPython(give_an_authority, migrations.RunPython.noop)]
