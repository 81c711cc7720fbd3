"""Where what an act of the jury refuses is mended: its pages, in the words of a link."""

from django.utils.translation import gettext as _

from hdh_portal.records.exceptions import Link


def sittings(call):
    """The order of the day."""
    return Link("jury:sitting_list", (call.slug,), _("Voir les auditions"))


def timetable(call):
    """The hours of the hearings."""
    return Link("jury:hearing_place", (call.slug,), _("Voir les horaires"))


def hearing(application):
    """The hearing of one dossier."""
    return Link("jury:hearing_detail", (application.call.slug, application.reference), _("Ouvrir l’audition"))


def move(application):
    """Another hour for one hearing."""
    return Link("jury:hearing_move", (application.call.slug, application.reference), _("Déplacer l’audition"))


def deliberation(call):
    """The decisions."""
    return Link("jury:deliberation", (call.slug,), _("Voir la délibération"))


def decision(application):
    """The decision on one dossier."""
    return Link("jury:decision_edit", (application.call.slug, application.reference), _("Voir la décision"))


def minutes(call):
    """The minutes."""
    return Link("jury:minutes", (call.slug,), _("Lire le procès-verbal"))


def announcement(call):
    """What would be published."""
    return Link("jury:announcement_preview", (call.slug,), _("Relire l’annonce"))
