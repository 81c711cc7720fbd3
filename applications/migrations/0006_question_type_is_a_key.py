from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0005_person_limits'),
    ]

    # What types there are, code says (`questions.types`): a new one is no change of the database.
    operations = [
        migrations.AlterField(
            model_name='question',
            name='type',
            field=models.CharField(max_length=20),
        ),
    ]
