from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_shortlist_signed_in_parts")]
    operations = [
        migrations.RenameField("shortlistentry", "is_tied", "is_equal"),
        migrations.RenameField("shortlistentry", "told", "refusal_text"),
        migrations.RenameField("evaluation", "refusals_tell", "refusals_show"),
    ]
