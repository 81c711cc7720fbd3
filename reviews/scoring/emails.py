"""The mail of a sheet that was reopened: no mark and no comment in it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.mailing import mail_of
from applications.models import Submission
from hdh_portal.ground import french
from hdh_portal.records.renderers import renderer
from hdh_portal.web.mails import address_of
from reviews.models import ScoreSheet


@renderer("reopening_mail", gettext_noop("Fiche rouverte"))
def reopened(sheet_id):
    """A sent sheet was given back to its rapporteur: why, and until when it is to be sent again."""
    rows = ScoreSheet.objects.select_related("assignment__application__call__evaluation")
    sheet = rows.get(pk=sheet_id)
    application = sheet.assignment.application
    call, sealed = application.call, Submission.objects.only("acronym").get(pk=sheet.submission_id)
    words = {
        "acronym": sealed.acronym,
        "reference": application.reference,
        "reason": sheet.reopened_reason,
        "last_day": french.long_day(call.evaluation.last_moment),
        "url": address_of("reviews:sheet_edit", call.slug, application.reference),
    }
    return mail_of(call, _("Votre fiche sur %s est rouverte") % sealed.acronym, "mail/reopened.txt", words)
