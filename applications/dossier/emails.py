"""The mails of a dossier: plain text, no more of it than the person needs to know it again."""

import json

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.dossier.documents import mentions
from applications.mailing import mail_of
from applications.models import Application, Letter, Submission
from applications.states import State
from applications.words import OF_DOSSIER, contact_of, filled, values_of
from hdh_portal.accounts.models import User
from hdh_portal.ground import french
from hdh_portal.records.models import JournalEntry
from hdh_portal.records.renderers import renderer
from hdh_portal.web.mails import address_of

# What stands for the placeholders of the receipt that are its own: `submission, mentions -> text`.
OF_RECEIPT = {
    "version": lambda submission, law: submission.version,
    "arrived_at": lambda submission, law: (
        _("%(moment)s (heure de Paris)") % {"moment": french.moment(submission.arrived_at)}
    ),
    "silence": lambda submission, law: law["silence"],
    "deemed_rejected_on": lambda submission, law: law["deemed_rejected"],
}
# And of the word on a closing that was moved, which is on no dossier: `call, move -> text`.
OF_EXTENSION = {
    "call": lambda call, move: call.title,
    "service": lambda call, move: call.texts["contact"]["service"],
    "contact": lambda call, move: contact_of(call, "service", "email", "phone", "address"),
    "old_closing": lambda call, move: french.instant(move.old),
    "new_closing": lambda call, move: french.instant(move.new),
    "reason": lambda call, move: move.reason,
}


@renderer("receipt_mail", gettext_noop("Récépissé de dépôt"))
def receipt(submission_id):
    """The receipt by mail: number, instant, digest, where it stands and how it is verified."""
    submission = Submission.objects.select_related("application__call").get(pk=submission_id)
    call, reference = submission.application.call, submission.application.reference
    own = values_of(OF_RECEIPT, submission, mentions(call))
    values = values_of(OF_DOSSIER, call, submission, reference) | own
    words = {
        "letter": filled(Letter.objects.get(call=call, kind="receipt").body, values),
        "reference": reference,
        "version": submission.version,
        "arrived": values["arrived_at"],
        "digest": submission.digest,
        "key": json.loads(bytes(submission.receipt))["key_id"],
        "receipt_url": address_of("applications:submission_receipt", reference, submission.version),
        "verify_url": f"{settings.HDH_BASE_URL}/verifier/",
    }
    signed = (f"recepisse-{reference}-v{submission.version}.json", bytes(submission.receipt), "application/json")
    return mail_of(call, _("Récépissé de dépôt n°\u00a0%s") % reference, "mail/receipt.txt", words, (signed,))


@renderer("withdrawal_mail", gettext_noop("Retrait d’un dossier"))
def withdrawal(entry_id):
    """A dossier was withdrawn, when and by whom; `entry_id`: of the journal's line that says so."""
    line = JournalEntry.objects.get(pk=entry_id)
    application = Application.objects.select_related("call").get(reference=line.data["application"])
    words = {
        "reference": application.reference,
        "when": french.moment(line.occurred_at),
        "by": str(User.objects.get(pk=line.actor_id)),
        "was_deposited": line.data["from"] != State.DRAFT,
        "url": address_of("applications:application_detail", application.reference),
    }
    subject = _("Votre dossier %s est retiré") % application.reference
    return mail_of(application.call, subject, "mail/withdrawal.txt", words)


@renderer("extension_mail", gettext_noop("Report de la clôture"))
def extension(application_id):
    """The closing was moved: told to everyone who has a draft or a deposit in the call."""
    application = Application.objects.select_related("call").get(pk=application_id)
    call = application.call
    move = call.extensions.order_by("-new").first()
    letter = Letter.objects.get(call=call, kind="extension")
    values = values_of(OF_EXTENSION, call, move)
    words = {
        "letter": filled(letter.body, values),
        "closes_at": move.new,
        "reference": application.reference,
        "url": address_of("applications:application_detail", application.reference),
    }
    return mail_of(call, filled(letter.subject, values), "mail/extension.txt", words)
