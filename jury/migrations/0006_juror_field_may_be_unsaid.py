import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jury', '0005_signed_in_parts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='juror',
            name='field',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jurors', to='jury.juryfield'),
        ),
    ]
