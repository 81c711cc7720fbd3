from django.db import migrations, models


def only_comments():
    """What a refusal told before it was written per call."""
    return ["comments"]


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0004_frozen_list_takes_no_row'),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluation',
            name='refusals_tell',
            field=models.JSONField(default=only_comments),
            preserve_default=False,
        ),
    ]
