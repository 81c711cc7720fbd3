from django.db import migrations

from hdh_portal.records.append_only import no_insert
from reviews.models import Placement, ShortlistEntry


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_append_only")]

    operations = [
        no_insert("reviews_placement", Placement.refuses_insert_when),
        no_insert("reviews_shortlistentry", ShortlistEntry.refuses_insert_when),
    ]
