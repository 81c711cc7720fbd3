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
LINK_TAG = {"kind": "stop", "icon": "out", "text": gettext_lazy("Lien d’intérêts")}


def declared(rapporteur):
    """The assignments of which something was declared, or a link was found, the latest first; with `at`, `acronym`."""
    interests = Interest.objects.filter(user=rapporteur.user_id, application=OuterRef("application"))
    interest = interests.order_by("-declared_at", "-pk")
    sealed = Submission.objects.counting().filter(application=OuterRef("application"))
    names = {name: Subquery(interest.values(name)[:1]) for name in ("kind", "nature", "lifted_at")}
    rows = worklist.given(rapporteur).annotate(
        **{f"interest_{name}": found for name, found in names.items()},
        at=Coalesce(Subquery(interest.values("declared_at")[:1]), "declared_at"),
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
        return self.assignment.is_open and not self.assignment.has_interest


def shown(rows):
    """The lines of a page of `declared`, without a statement of their own."""
    return [_row(one) for one in rows]


def _row(one):
    if one.interest_kind is None:
        return Row(one, NONE_TAG, "", _effect_without_interest(one))
    kind = Interest.Nature(one.interest_nature).label if one.interest_nature else Interest.Kind(one.interest_kind).label
    return Row(one, LINK_TAG, kind, _effect_of_interest(one))


def _effect_without_interest(one):
    if one.ended_at is not None:
        return _("Ce dossier ne vous est plus confié.")
    return _("Dossier ouvert, fiche envoyée.") if one.sent_at else _("Dossier ouvert.")


def _effect_of_interest(one):
    if not one.has_interest:
        return _("Lien levé le %(day)s.") % {"day": french.day(one.interest_lifted_at)}
    closed = _("Dossier fermé pour vous, dans tous vos rôles.")
    return f"{closed} {_('Votre fiche envoyée ne compte plus.')}" if one.sent_at else closed
