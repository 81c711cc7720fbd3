"""The list on which a juror declares interests: acronym, title, lead and partners of each dossier, nothing else."""

from django.db.models import Exists, OuterRef

from applications.interests import chosen_in, list_digest
from applications.models import Application, Submission
from jury.hearings import HEARD
from jury.models import JurorDeclaration

__all__ = ["chosen_in", "list_digest", "shown_to"]


def shown_to(juror):
    """Sealed versions of the shortlisted dossiers on which the juror has said nothing yet and nothing ties them."""
    said = JurorDeclaration.objects.filter(juror=juror, user=juror.user_id, application=OuterRef("pk"))
    dossiers = Application.objects.visible_to(juror.user_id).filter(~Exists(said), call=juror.call_id, state__in=HEARD)
    rows = (
        Submission.objects.counting().filter(application__in=dossiers.order_by()).order_by("acronym", "application_id")
    )
    return list(rows.only("application_id", "version", "acronym", "title", "lead_name").prefetch_related("partners"))
