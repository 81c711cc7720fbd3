"""What the third stage shows on pages above it: its part of the calendar and of the call page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hdh_portal import clock, french


def calendar(call):
    """Steps of the calendar: `{"label", "when", "note", "from", "until"}`, instants aware."""
    sittings, jury = list(call.sittings.all()), call.jury
    shortlisted = call.evaluation.shortlist_size
    hearings = ngettext("%(n)s projet devant le jury", "%(n)s projets devant le jury", shortlisted)
    steps = [
        {
            "label": _("Auditions"),
            "when": french.day_range(sittings[0].opens_at, sittings[-1].opens_at),
            "note": hearings % {"n": shortlisted},
            "from": sittings[0].opens_at,
            "until": sittings[-1].closes_at,
        }
    ]
    announced = jury.announcement_earliest.astimezone(clock.PARIS)
    return [
        *steps,
        {
            "label": _("Annonce"),
            "when": french.day(jury.announcement_day),
            "note": _("des lauréats"),
            "from": announced,
            "until": announced,
        },
    ]


def call_sections(call):
    """Who sits, by seat, with the fields that the jury represents."""
    jurors = [juror for juror in call.jurors.select_related("field") if juror.name]
    if not jurors:
        return []
    return [
        {
            "template": "jury/_call_jury.html",
            "title": _("Le jury"),
            "anchor": "jury",
            "jurors": jurors,
            "fields": list(call.juryfield_set.all()),
        }
    ]


def items(user, at):
    """Nothing yet: jurors come with the stage itself."""
    return []


def navigation(user, call):
    """Nothing yet."""
    return []
