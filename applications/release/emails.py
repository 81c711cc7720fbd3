"""The mail that tells of a decision: which one is read on the portal, after signing in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Application
from applications.words import contact_of
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer
from hdh_portal.web.mails import address_of, one_line, wrapped_text


@renderer("decision_mail", gettext_noop("Décision"))
def decision(application_id):
    """The same mail whatever the outcome: the decision is read on the portal, after signing in."""
    application = Application.objects.select_related("call").get(pk=application_id)
    words = {
        "reference": application.reference,
        "call": application.call.title,
        "service": application.call.texts["contact"]["service"],
        "contact": contact_of(application.call, "email", "phone"),
        "url": address_of("applications:application_detail", application.reference),
    }
    return Mail(
        one_line(_("Décision sur votre dossier %s") % application.reference), wrapped_text("mail/decision.txt", words)
    )
