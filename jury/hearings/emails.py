"""The mails of the third stage: plain text, no more of a dossier than the person needs to know it again."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.mailing import mail_of
from hdh_portal.ground import french
from hdh_portal.records.renderers import renderer
from hdh_portal.web.mails import address_of
from jury.hearings.appointments import appointment
from jury.hearings.reading import moved_words, words_of
from jury.models import Hearing, HearingStep, Juror

TO_TEAM, TO_JUROR = "team_summons_mail", "juror_summons_mail"
MOVED_TO_TEAM, MOVED_TO_JUROR = "team_moved_mail", "juror_moved_mail"


@renderer("team_summons_mail", gettext_noop("Convocation à l’audition"))
def summons_of_team(application_id):
    """A team is heard: when, where, for how long."""
    hearing = Hearing.objects.select_related("application__call__jury", "sitting").get(application=application_id)
    application = hearing.application
    return _to_team(
        hearing, _("Audition de votre dossier %s") % application.reference, words_of(hearing, application.call.jury)
    )


def _to_team(hearing, title, text):
    """The mail that says it, with the hour for a calendar: sent again, it takes the place of the one before."""
    application, jury = hearing.application, hearing.application.call.jury
    words = {
        "reference": application.reference,
        "text": text,
        "url": address_of("applications:application_detail", application.reference),
    }
    end = hearing.starts_at + datetime.timedelta(minutes=jury.presentation_minutes + jury.questions_minutes)
    held = appointment(
        f"audition-{application.reference}",
        _("Audition de votre dossier %s") % application.reference,
        [(hearing.starts_at, end, hearing.sitting.place)],
        text=text,
        url=words["url"],
    )
    return mail_of(application.call, title, "mail/summons_team.txt", words, (held,))


@renderer("juror_summons_mail", gettext_noop("Convocation du jury"))
def summons_of_juror(juror_id):
    """The jury meets: its sittings, and no word of the dossiers, which are not open to all alike."""
    juror = Juror.objects.select_related("call").get(pk=juror_id)
    call = juror.call
    sittings = list(call.sittings.order_by("position"))
    words = {
        "sittings": [
            _("%(day)s, de %(opens)s à %(closes)s (heure de Paris), %(place)s")
            % {
                "day": french.long_day(one.opens_at),
                "opens": french.hour(one.opens_at),
                "closes": french.hour(one.closes_at),
                "place": one.place,
            }
            for one in sittings
        ],
        "url": address_of("jury:sitting_list", call.slug),
    }
    title = _("Convocation du jury, %s") % call.short_title
    spans = [(one.opens_at, one.closes_at, one.place) for one in sittings]
    held = appointment(f"jury-{call.slug}", title, spans, text="", url=words["url"])
    return mail_of(call, title, "mail/summons_juror.txt", words, (held,))


@renderer("team_moved_mail", gettext_noop("Audition déplacée, à l’équipe"))
def move_of_team(application_id):
    """The hearing of a team was moved: what was, and when it is now."""
    hearing = Hearing.objects.select_related("application__call__jury", "sitting").get(application=application_id)
    application = hearing.application
    was = hearing.steps.filter(kind=HearingStep.Kind.MOVED).order_by("id").last().was
    text = moved_words(hearing, was, application.call.jury)
    return _to_team(hearing, _("Nouvel horaire d’audition de votre dossier %s") % application.reference, text)


@renderer("juror_moved_mail", gettext_noop("Ordre du jour changé, au jury"))
def move_of_juror(juror_id):
    """The order of the day has changed: where to read it, and no word of the dossier, which may be closed to them."""
    call = Juror.objects.select_related("call").get(pk=juror_id).call
    words = {"url": address_of("jury:sitting_list", call.slug)}
    return mail_of(call, _("L’ordre du jour du jury a changé, %s") % call.short_title, "mail/moved_juror.txt", words)
