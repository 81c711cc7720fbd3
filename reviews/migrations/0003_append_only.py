from django.db import migrations

from hdh_portal.records.append_only import append_only
from reviews.models import Mark, Placement, ScoreSheet, Shortlist


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_scoring")]

    operations = [
        append_only("reviews_scoresheet", when=ScoreSheet.refuses_when),
        append_only("reviews_mark", when=Mark.refuses_when),
        append_only("reviews_placement", when=Placement.refuses_when),
        append_only("reviews_shortlist", when=Shortlist.refuses_when),
        append_only("reviews_shortlistentry"),
    ]
