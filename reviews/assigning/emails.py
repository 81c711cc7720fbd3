"""The mail of an assignment: no mark and no comment in it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.mailing import mail_of
from hdh_portal.ground import french
from hdh_portal.records.renderers import renderer
from hdh_portal.web.mails import address_of
from reviews.models import Assignment, Rapporteur, sheet_is_sent


@renderer("assignment_mail", gettext_noop("Fiches à remplir"))
def assigned(rapporteur_id):
    """How many sheets a rapporteur is to send, and until when; which dossiers is read on the portal."""
    rapporteur = Rapporteur.objects.select_related("call__evaluation", "body").get(pk=rapporteur_id)
    call = rapporteur.call
    expected = Assignment.objects.of(rapporteur).filter(~sheet_is_sent()).count()
    words = {
        "expected": french.ngettext("%(count)s\u00a0fiche à remplir", "%(count)s\u00a0fiches à remplir", expected),
        "last_day": french.long_day(call.evaluation.last_moment),
        "opens": french.instant(call.evaluation.opens_at),
        "body": rapporteur.body.with_article,
        "url": address_of("reviews:worklist", call.slug),
    }
    subject = _("%(expected)s jusqu’au %(day)s inclus") % {
        "expected": words["expected"],
        "day": _without_year(words["last_day"]),
    }
    return mail_of(call, subject, "mail/assigned.txt", words)


def _without_year(day):
    """« vendredi 26 juin »: in a subject the year is known."""
    return day.rsplit(" ", 1)[0]
