from django.db import migrations

from hdh_portal.records.append_only import append_only
from jury.models import Decision, Deliberation


class Migration(migrations.Migration):
    dependencies = [("jury", "0002_hearings_and_decisions")]

    operations = [
        append_only("jury_jurordeclaration"),
        append_only("jury_presence"),
        append_only("jury_decision", when=Decision.refuses_when),
        append_only("jury_deliberation", when=Deliberation.refuses_when),
        append_only("jury_announcement"),
    ]
