"""The list on which interests are declared: acronym, title, lead and partners of each dossier, nothing else."""

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


def list_digest(rows):
    """SHA-256 of a list of sealed versions: the declaration says which list it answers to."""
    return sha256(sorted([row.application_id, row.version] for row in rows))


def chosen_in(data):
    """Ids of the dossiers ticked in a posted list; what is no id is none."""
    values = data.getlist("application")
    return {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19}
