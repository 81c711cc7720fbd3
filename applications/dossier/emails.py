"""The mails of a dossier: plain text, no more of it than the person needs to know it again."""

import json

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.dossier.documents import mentions
from applications.models import Application, Letter, Submission
from applications.words import contact_of, filled, values_of
from hdh_portal.ground import french
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer
from hdh_portal.web.mails import address_of, one_line, wrapped_text


@renderer("receipt_mail", gettext_noop("Récépissé de dépôt"))
def receipt(submission_id):
    """The receipt by mail: number, instant, digest, where it stands and how it is verified."""
    submission = Submission.objects.select_related("application__call").get(pk=submission_id)
    call, reference = submission.application.call, submission.application.reference
    law = mentions(call)
    arrived = _("%(moment)s (heure de Paris)") % {"moment": french.moment(submission.arrived_at)}
    values = values_of(call, submission, reference) | {
        "version": submission.version,
        "arrived_at": arrived,
        "silence": law["silence"],
        "deemed_rejected_on": law["deemed_rejected"],
    }
    words = {
        "letter": filled(Letter.objects.get(call=call, kind="receipt").body, values),
        "reference": reference,
        "version": submission.version,
        "arrived": arrived,
        "digest": submission.digest,
        "key": json.loads(bytes(submission.receipt))["key_id"],
        "receipt_url": address_of("applications:submission_receipt", reference, submission.version),
        "verify_url": f"{settings.HDH_BASE_URL}/verifier/",
    }
    return Mail(one_line(_("Récépissé de dépôt n°\u00a0%s") % reference), wrapped_text("mail/receipt.txt", words))


@renderer("extension_mail", gettext_noop("Report de la clôture"))
def extension(application_id):
    """The closing was moved: told to everyone who has a draft or a deposit in the call."""
    application = Application.objects.select_related("call").get(pk=application_id)
    call = application.call
    move = call.extensions.order_by("-new").first()
    letter = Letter.objects.get(call=call, kind="extension")
    values = {
        "call": call.title,
        "service": call.texts["contact"]["service"],
        "contact": contact_of(call, "service", "email", "phone", "address"),
        "old_closing": french.instant(move.old),
        "new_closing": french.instant(move.new),
        "reason": move.reason,
    }
    words = {
        "letter": filled(letter.body, values),
        "reference": application.reference,
        "url": address_of("applications:application_detail", application.reference),
    }
    return Mail(one_line(filled(letter.subject, values)), wrapped_text("mail/extension.txt", words))
