"""Where what an act of the second stage refuses is mended: its pages, in the words of a link."""

from django.utils.translation import gettext as _

from hdh_portal.records.exceptions import Link

# Rapporteurs --------------------------------------------------------------------------------------------------------


def worklist(call):
    """One's own sheets."""
    return Link("reviews:worklist", (call.slug,), _("Revenir à ma liste"))


def declaration(application):
    """The declaration on one dossier."""
    return Link("reviews:declaration_edit", (application.call.slug, application.reference), _("Faire ma déclaration"))


def recusal(application):
    """The page on which one declares a link with a dossier."""
    return Link("reviews:declaration_recuse", (application.call.slug, application.reference), _("Déclarer un lien"))


# Who steers ---------------------------------------------------------------------------------------------------------


def assignments(call):
    """All dossiers with their rapporteurs."""
    return Link("reviews:assignment_list", (call.slug,), _("Voir la répartition"))


def assignment(application):
    """The rapporteurs of one dossier."""
    return Link("reviews:assignment_edit", (application.call.slug, application.reference), _("Voir ses rapporteurs"))


def sheets(call):
    """All sheets."""
    return Link("reviews:sheet_list", (call.slug,), _("Voir les fiches"))


def ranking(call):
    """The ranking."""
    return Link("reviews:ranking", (call.slug,), _("Voir le classement"))


def shortlist(call):
    """The shortlist."""
    return Link("reviews:shortlist", (call.slug,), _("Voir la présélection"))
