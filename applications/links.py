"""Where what an act of the first stage refuses is mended: its pages, in the words of a link."""

from django.utils.translation import gettext as _

from hdh_portal.records.exceptions import Link

# Candidates ---------------------------------------------------------------------------------------------------------


def address():
    """The addresses of one's account, where a confirmation is sent again."""
    return Link("account_email", (), _("Confirmer mon adresse"))


def dossiers():
    """One's own dossiers."""
    return Link("applications:application_list", (), _("Revenir à mes dossiers"))


def dossier(application):
    """One dossier of one's own."""
    return Link("applications:application_detail", (application.reference,), _("Ouvrir le dossier"))


def review(application):
    """What is missing, before a deposit."""
    return Link("applications:application_review", (application.reference,), _("Voir ce qui manque"))


# Officers -----------------------------------------------------------------------------------------------------------


def check_list(call):
    """The list of checks."""
    return Link("applications:check_list", (call.slug,), _("Revenir à la liste des dossiers"))


def check(application):
    """The page of one dossier to check."""
    return Link("applications:check_edit", (application.call.slug, application.reference), _("Lire le dossier"))


def declaration(call):
    """The declaration of interests, or what was declared."""
    return Link("applications:interest_declare", (call.slug,), _("Voir mes liens d’intérêts"))


def outcome_list(call):
    """The dossiers to reconcile."""
    return Link("applications:outcome_list", (call.slug,), _("Voir les dossiers à concilier"))


def outcome(application):
    """One dossier to reconcile."""
    return Link("applications:outcome_edit", (application.call.slug, application.reference), _("Décider de ce dossier"))


def release(call):
    """The decisions that are, or were, published together."""
    return Link("applications:release_current", (call.slug,), _("Voir les décisions et les courriers"))
