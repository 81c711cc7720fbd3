"""The mails of the third stage: plain text, no more of a dossier than the person needs to know it again."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.words import contact_of
from hdh_portal.ground import french
from hdh_portal.records.mail import Mail
from hdh_portal.records.renderers import renderer
from hdh_portal.web.mails import address_of, one_line, wrapped_text
from jury.hearings.reading import words_of
from jury.models import Hearing, Juror

TO_TEAM, TO_JUROR = "team_summons_mail", "juror_summons_mail"


@renderer("team_summons_mail", gettext_noop("Convocation à l’audition"))
def summons_of_team(application_id):
    """A team is heard: when, where, for how long."""
    hearing = Hearing.objects.select_related("application__call__jury", "sitting").get(application=application_id)
    application = hearing.application
    words = _of_call(application.call) | {
        "reference": application.reference,
        "text": words_of(hearing, application.call.jury),
        "url": address_of("applications:application_detail", application.reference),
    }
    subject = one_line(_("Audition de votre dossier %s") % application.reference)
    return Mail(subject, wrapped_text("mail/summons_team.txt", words))


@renderer("juror_summons_mail", gettext_noop("Convocation du jury"))
def summons_of_juror(juror_id):
    """The jury meets: its sittings, and no word of the dossiers, which are not open to all alike."""
    juror = Juror.objects.select_related("call").get(pk=juror_id)
    call = juror.call
    words = _of_call(call) | {
        "sittings": [
            _("%(day)s, de %(opens)s à %(closes)s (heure de Paris), %(place)s")
            % {
                "day": french.long_day(one.opens_at),
                "opens": french.hour(one.opens_at),
                "closes": french.hour(one.closes_at),
                "place": one.place,
            }
            for one in call.sittings.order_by("position")
        ],
        "url": address_of("jury:sitting_list", call.slug),
    }
    return Mail(
        one_line(_("Convocation du jury, %s") % call.short_title), wrapped_text("mail/summons_juror.txt", words)
    )


def _of_call(call):
    return {
        "call": call.title,
        "service": call.texts["contact"]["service"],
        "contact": contact_of(call, "email", "phone"),
    }
