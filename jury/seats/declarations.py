"""The list on which a juror declares interests: acronym, title, lead and partners of each dossier, nothing else."""

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.translation import gettext_lazy

from applications.interests.reading import chosen_dossiers, list_digest
from applications.models import Application, Interest, Submission
from applications.states import HEARD
from hdh_portal.ground.alphabet import Alphabetical
from jury.dossiers import dossiers_heard
from jury.models import JurorDeclaration

__all__ = ["chosen_dossiers", "list_digest", "recused", "shown_to"]
RECUSED = {"kind": "stop", "icon": "out", "text": gettext_lazy("Votre déport")}


def shown_to(juror):
    """Sealed versions of the shortlisted dossiers on which the juror has said nothing yet and nothing ties them."""
    said = JurorDeclaration.objects.filter(juror=juror, user=juror.user_id, application=OuterRef("pk"))
    dossiers = Application.objects.visible_to(juror.user_id).filter(~Exists(said), call=juror.call_id, state__in=HEARD)
    rows = Submission.objects.counting().filter(application__in=dossiers.order_by())
    rows = rows.order_by(Alphabetical("acronym"), "application_id")
    return list(rows.only("application_id", "version", "acronym", "title", "lead_name").prefetch_related("partners"))


def recused(person):
    """Sealed versions of the heard dossiers that are closed to a juror, in the order of their hearings.

    `declared_at`: when they declared it themselves, or None.
    """
    with_interest = Interest.objects.current().filter(user=person.user).order_by().values("application")
    dossiers = dossiers_heard(person.call).filter(pk__in=with_interest).order_by()
    said = Interest.objects.current().filter(application=OuterRef("application"), user=person.user)
    declared = said.filter(kind=Interest.Kind.DECLARED).values("declared_at")
    rows = Submission.objects.counting().filter(application__in=dossiers).select_related("application")
    rows = rows.annotate(declared_at=Subquery(declared[:1]))
    hour = F("application__hearing__starts_at").asc(nulls_last=True)
    return rows.order_by(hour, Alphabetical("acronym"), "application_id")
