"""What a rapporteur has declared of the dossiers that they were given: when, and what it opened or closed.

A dossier that is closed to the person is its acronym here, as on the page on which they declared, and nothing more.
"""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Interest, Submission
from hdh_portal.ground import french
from reviews.scoring import worklist

NONE_TAG = {"kind": "done", "icon": "check", "text": gettext_lazy("Aucun lien")}
LINK_TAG = {"kind": "stop", "icon": "out", "text": gettext_lazy("Lien d’intérêt")}


def declared(rapporteur):
    """The assignments of which something was declared, or a link was found, the latest first; with `at`, `acronym`."""
    ties = Interest.objects.filter(user=rapporteur.user_id, application=OuterRef("application"))
    tie = ties.order_by("-declared_at", "-pk")
    sealed = Submission.objects.counting().filter(application=OuterRef("application"))
    names = {name: Subquery(tie.values(name)[:1]) for name in ("kind", "lifted_at")}
    rows = worklist.given(rapporteur).annotate(
        **{f"tie_{name}": found for name, found in names.items()},
        at=Coalesce(Subquery(tie.values("declared_at")[:1]), "declared_at"),
        acronym=Subquery(sealed.values("acronym")[:1]),
    )
    return rows.filter(at__isnull=False).select_related("application").order_by("-at", "pk")


@dataclass(frozen=True)
class Row:
    """One line: the assignment, its tag, of what kind the link is (or ""), and what followed from it."""

    assignment: object
    tag: dict
    kind: str
    effect: str

    @property
    def is_open(self):
        """True while the dossier may be read."""
        return self.assignment.is_open and not self.assignment.is_tied


def shown(rows):
    """The lines of a page of `declared`, without a statement of their own."""
    return [_row(one) for one in rows]


def _row(one):
    if one.tie_kind is None:
        return Row(one, NONE_TAG, "", _untied_effect(one))
    return Row(one, LINK_TAG, Interest.Kind(one.tie_kind).label, _tied_effect(one))


def _untied_effect(one):
    if one.ended_at is not None:
        return _("Ce dossier ne vous est plus confié.")
    return _("Dossier ouvert, fiche envoyée.") if one.sent_at else _("Dossier ouvert.")


def _tied_effect(one):
    if not one.is_tied:
        return _("Lien levé le %(day)s.") % {"day": french.day(one.tie_lifted_at)}
    closed = _("Dossier fermé pour vous, dans tous vos rôles.")
    return f"{closed} {_('Votre fiche envoyée ne compte plus.')}" if one.sent_at else closed
