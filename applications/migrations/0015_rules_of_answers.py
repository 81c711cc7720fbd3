"""A short text has a least length, and a choice may go alone: questions that stood before asked for neither."""

from django.db import migrations


def no_rule_before(apps, editor):
    for question in apps.get_model("applications", "Question").objects.filter(type__in=["text", "choice"]):
        question.rules.setdefault(*{"text": ("minimum", 0), "choice": ("alone", "")}[question.type])
        question.save(update_fields=["rules"])


class Migration(migrations.Migration):
    dependencies = [("applications", "0014_reopening_ends_with_the_release")]

    operations = [migrations.RunPython(no_rule_before, migrations.RunPython.noop)]
