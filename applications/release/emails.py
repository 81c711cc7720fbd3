"""The mail that tells of a decision: which one is read on the portal, after signing in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.mailing import mail_of
from applications.models import Application
from hdh_portal.records.renderers import renderer
from hdh_portal.web.mails import address_of


@renderer("decision_mail", gettext_noop("Décision"))
def decision(application_id):
    """The same mail whatever the outcome: the decision is read on the portal, after signing in."""
    application = Application.objects.select_related("call").get(pk=application_id)
    words = {
        "reference": application.reference,
        "url": address_of("applications:application_detail", application.reference),
    }
    subject = _("Décision sur votre dossier %s") % application.reference
    return mail_of(application.call, subject, "mail/decision.txt", words)
