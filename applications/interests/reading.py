"""What a dossier is to who has, or may have, an interest in it: acronym, title, lead and partners, nothing else."""

from applications.models import Application, Submission
from applications.states import State
from hdh_portal.ground.alphabet import Alphabetical
from hdh_portal.records.canonical import sha256


def shown_to(officer):
    """Sealed versions of the call's dossiers in which nothing ties the officer yet, with partners, by acronym."""
    dossiers = Application.objects.visible_to(officer.user).filter(call=officer.call).exclude(state=State.WITHDRAWN)
    rows = Submission.objects.counting().filter(application__in=dossiers)
    rows = rows.order_by(Alphabetical("acronym"), "application_id")
    return list(rows.only("application_id", "version", "acronym", "title", "lead_name").prefetch_related("partners"))


def own_recusals(dossiers, user):
    """Sealed versions of those of the dossiers (a queryset) that an interest closes to the person, by acronym.

    Each is a row « Votre déport » of the lists that are open to them.
    """
    rows = Submission.objects.counting().filter(application__in=dossiers.closed_to(user).order_by())
    rows = rows.order_by(Alphabetical("acronym"), "application_id")
    return list(rows.select_related("application").only("application__reference", "acronym", "lead_name"))


def list_digest(rows):
    """SHA-256 of a list of sealed versions: the declaration says which list it answers to."""
    return sha256(sorted([row.application_id, row.version] for row in rows))


def chosen_dossiers(data):
    """Ids of the dossiers ticked in a posted list; what is no id is none."""
    values = data.getlist("application")
    return {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19}
