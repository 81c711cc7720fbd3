"""The mails of the second stage: plain text, no mark and no comment in it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.emails import address_of, one_line, wrapped_text
from applications.letters import contact_of
from applications.models import Submission
from hdh_portal import french
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer
from reviews.models import Assignment, Rapporteur, ScoreSheet, sheet_is_sent


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
        "call": call.title,
        "reason": sheet.reopened_reason,
        "last_day": french.long_day(call.evaluation.last_moment),
        "url": address_of("reviews:sheet_edit", call.slug, application.reference),
        "service": call.texts["contact"]["service"],
        "contact": contact_of(call, "email", "phone"),
    }
    return Mail(
        one_line(_("Votre fiche sur %s est rouverte") % sealed.acronym), wrapped_text("mail/reopened.txt", words)
    )


@renderer("assignment_mail", gettext_noop("Fiches à remplir"))
def assigned(rapporteur_id):
    """How many sheets a rapporteur is to send, and until when; which dossiers is read on the portal."""
    rapporteur = Rapporteur.objects.select_related("call__evaluation", "body").get(pk=rapporteur_id)
    call = rapporteur.call
    expected = Assignment.objects.of(rapporteur).filter(~sheet_is_sent()).count()
    words = {
        "expected": french.plural(expected, "fiche attendue", "fiches attendues"),
        "last_day": french.long_day(call.evaluation.last_moment),
        "opens": french.instant(call.evaluation.opens_at),
        "call": call.title,
        "body": rapporteur.body.name,
        "url": address_of("reviews:worklist", call.slug),
        "service": call.texts["contact"]["service"],
        "contact": contact_of(call, "email", "phone"),
    }
    subject = _("%(expected)s de vous jusqu’au %(day)s inclus") % {
        "expected": words["expected"],
        "day": _without_year(words["last_day"]),
    }
    return Mail(one_line(subject), wrapped_text("mail/assigned.txt", words))


def _without_year(day):
    """« vendredi 26 juin »: in a subject the year is known."""
    return day.rsplit(" ", 1)[0]
