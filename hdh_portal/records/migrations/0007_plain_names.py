from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0006_renderer_keys")]
    operations = [
        migrations.RenameField("document", "told_at", "notified_at"),
        migrations.RenameField("message", "told_at", "notified_at"),
    ]
