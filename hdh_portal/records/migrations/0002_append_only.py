from django.core.management import call_command
from django.db import migrations

from hdh_portal.records.append_only import append_only


def make_cache_table(apps, editor):
    """Rate limits stand in the database's cache table."""
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        append_only("records_journalentry"),
        append_only("records_attempt"),
        append_only("records_storedfile", ("UPDATE",)),
        append_only("records_signingkey"),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
