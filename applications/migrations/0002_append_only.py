from django.db import migrations

from applications.models import Check, CheckAnswer, Outcome, Release
from hdh_portal.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]

    operations = [
        append_only("applications_deadlineextension"),
        append_only("applications_formversion"),
        append_only("applications_interestdeclaration"),
        append_only("applications_submission"),
        append_only("applications_submissionbody", ("UPDATE",)),
        append_only("applications_sealedpartner"),
        append_only("applications_sealedfile"),
        append_only("applications_notice"),
        append_only("applications_publishedhead"),
        append_only("applications_check", when=Check.refuses_when),
        append_only("applications_checkanswer", when=CheckAnswer.refuses_when),
        append_only("applications_outcome", when=Outcome.refuses_when),
        append_only("applications_release", when=Release.refuses_when),
    ]
