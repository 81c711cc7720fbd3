"""The mails of the first stage: plain text, no more of a dossier than the person needs to know it again."""

import json
import textwrap

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.documents import mentions
from applications.letters import contact_of, filled, values_of
from applications.models import Application, Letter, Submission
from hdh_portal import french
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer

WIDTH = 72  # signs a line, below the 78 that RFC 5322 advises


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


def address_of(name, *args):
    return settings.HDH_BASE_URL + reverse(name, args=args)


def one_line(text):
    """One line: a header takes no line end from anybody."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def wrapped_text(template, words):
    """The template's text, each line wrapped on words; addresses and digests are never cut."""
    wrapped = (
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) if len(line) > WIDTH else line
        for line in render_to_string(template, words).strip().split("\n")
    )
    return "\n".join(wrapped) + "\n"
