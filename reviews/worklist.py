"""A rapporteur's list: what is to do, sent, or given back, and which dossier comes next.

All of it stands on `Assignment.objects.of`: a dossier closed by an interest is in no row, count or neighbour, but for
the line that says « Votre déport ». Of other rapporteurs nothing is read.
"""

from dataclasses import dataclass

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from applications.models import SealedPartner, Submission
from hdh_portal.french import part_of
from reviews.models import Assignment, Criterion, Mark, ScoreSheet
from reviews.models.assignment import GONE

TO_DO, SENT, CLOSED = "a-faire", "envoyees", "deports"
LABELS = {TO_DO: _("À faire"), SENT: _("Envoyées"), CLOSED: _("Déports")}
MOST_TICKS = 100
# Ends that the person knows of, because they are their own.
OWN_ENDS = (Assignment.End.INTEREST, Assignment.End.EXPERTISE, Assignment.End.LOAD)


def given(rapporteur):
    """All that the rapporteur was ever told of: `is_mine` what is theirs now, `is_closed` what is one line at most.

    Adds `is_declared`, and of the last version of the sheet `sheet_id`, `is_begun`, `sent_at`.
    """
    mine = Assignment.objects.of(rapporteur)
    last = ScoreSheet.objects.filter(assignment=OuterRef("pk")).order_by("-version")
    rows = Assignment.objects.filter(rapporteur=rapporteur, confirmed_at__isnull=False)
    rows = rows.exclude(application__state__in=GONE).annotate(
        is_mine=Exists(mine.filter(pk=OuterRef("pk"))),
        # What was given again after a link was lifted stands in the other lists.
        is_again=Exists(mine.filter(application=OuterRef("application")).exclude(pk=OuterRef("pk"))),
        is_declared=_true(Q(declared_at__isnull=False)),
        sheet_id=Subquery(last.values("pk")[:1]),
        sent_at=Subquery(last.values("sent_at")[:1]),
    )
    left = Q(is_mine=False, is_again=False) & (Q(ended_at=None) | Q(ended_reason__in=OWN_ENDS))
    return rows.annotate(is_begun=_true(Q(sheet_id__isnull=False)), is_closed=_true(left))


def _true(condition):
    return ExpressionWrapper(condition, output_field=BooleanField())


def listed(rapporteur, view):
    """The rows of one view, in their order: declarations to make first, then sheets begun, then the others."""
    rows = given(rapporteur).select_related("application")
    if view == CLOSED:
        return rows.filter(is_closed=True).order_by("application__reference", "pk")
    rows = _with_facts(rows.filter(is_mine=True))
    if view == SENT:
        return rows.filter(sent_at__isnull=False).order_by("-sent_at", "pk")
    return rows.filter(sent_at=None).order_by("is_declared", "-is_begun", "application__reference")


def _with_facts(rows):
    """Adds names of the sealed version that counts, and how many of the `criteria` are `marked` on the sheet."""
    sealed = Submission.objects.filter(application=OuterRef("application")).order_by("-version")
    marks = Mark.objects.filter(sheet=OuterRef("sheet_id"), value__isnull=False).order_by().values("sheet")
    criteria = Criterion.objects.filter(call=OuterRef("application__call")).order_by().values("call")
    names = {"sealed_id": "pk", "acronym": "acronym", "title": "title", "lead_name": "lead_name"}
    return rows.annotate(
        **{name: Subquery(sealed.values(field)[:1]) for name, field in names.items()},
        axis_position=Subquery(sealed.values("axis__position")[:1]),
        marked=Coalesce(Subquery(marks.annotate(number=Count("pk")).values("number")), 0),
        criteria=Subquery(criteria.annotate(number=Count("pk")).values("number")),
    )


@dataclass(frozen=True)
class Counts:
    """How many sheets there are and where they stand; `closed` is apart and in no sum."""

    all: int
    sent: int
    begun: int
    undeclared: int
    closed: int

    @property
    def left(self):
        return self.all - self.sent

    @property
    def untouched(self):
        """Declared, and not begun."""
        return self.left - self.begun - self.undeclared

    def of(self, view):
        return {TO_DO: self.left, SENT: self.sent, CLOSED: self.closed}[view]


def counts(rapporteur):
    """The `Counts` of a rapporteur (one statement)."""
    open_still = Q(is_mine=True, sent_at=None)
    numbers = {
        "all": Q(is_mine=True),
        "sent": Q(is_mine=True, sent_at__isnull=False),
        "begun": open_still & Q(is_declared=True, is_begun=True),
        "undeclared": open_still & Q(is_declared=False),
        "closed": Q(is_closed=True),
    }
    counted = {name: Count("pk", filter=condition) for name, condition in numbers.items()}
    return Counts(**given(rapporteur).order_by().aggregate(**counted))


@dataclass(frozen=True)
class Row:
    """One line: the assignment with what `listed` adds, its partners and its tag; a closed one shows its tag alone."""

    assignment: object
    partners: list
    tag: dict


def shown(rows, view):
    """The lines of one page of `listed` (one statement beside its own, whatever its length)."""
    rows = list(rows)
    if view == CLOSED:
        return [Row(row, [], _closed_tag(row)) for row in rows]
    partners = {}
    for partner in SealedPartner.objects.filter(submission__in=[row.sealed_id for row in rows]):
        partners.setdefault(partner.submission_id, []).append(partner)
    return [Row(row, partners.get(row.sealed_id, []), _tag(row)) for row in rows]


def _tag(row):
    if row.sent_at is not None:
        return {"kind": "done", "icon": "check", "text": _("Envoyée")}
    if not row.is_declared:
        return {"kind": "limit", "icon": "alert", "text": _("Intérêts à déclarer")}
    if row.is_begun:
        text = _("Commencée, %(marked)s sur %(criteria)s") % {"marked": row.marked, "criteria": row.criteria}
        return {"kind": "know", "icon": "half", "text": text}
    return {"kind": "", "icon": "ring", "text": _("À faire")}


def _closed_tag(row):
    if row.ended_reason in (Assignment.End.EXPERTISE, Assignment.End.LOAD):
        text = _("Rendu\u00a0: %(reason)s") % {"reason": row.get_ended_reason_display()}
        return {"kind": "", "icon": "out", "text": text}
    return {"kind": "stop", "icon": "out", "text": _("Votre déport")}


def queue(rapporteur):
    """What waits for this person, as `listed` gives it: begun, then to declare, then the others."""
    return listed(rapporteur, TO_DO).order_by("-is_begun", "is_declared", "application__reference")


def rule(counts):
    """The rule of the progress: `{"x", "is_long"}`, one tick a sheet (each tenth only, where they would touch)."""
    step = 1 if counts.all <= MOST_TICKS else 10
    places = range(0, counts.all + 1, step)
    return [{"x": part_of(place, counts.all), "is_long": place % (5 * step) == 0} for place in places]
