"""A rapporteur's list: what is to do, sent, or given back, and which dossier comes next.

All of it stands on `Assignment.objects.of`: a dossier closed by an interest is in no row, count or neighbour, but for
the line that says « Votre déport ». Of other rapporteurs nothing is read.
"""

from dataclasses import dataclass

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from applications.models import Submission
from hdh_portal.french import part_of
from reviews.models import Assignment, Mark, ScoreSheet
from reviews.models.assignment import GONE

TO_DO, SENT, CLOSED = "a-faire", "envoyees", "deports"
LABELS = {TO_DO: _("À faire"), SENT: _("Envoyées"), CLOSED: _("Déports")}
MOST_TICKS = 100
# Ends that the person knows of, because they are their own.
OWN_ENDS = (Assignment.End.INTEREST, Assignment.End.EXPERTISE, Assignment.End.LOAD)


def sheets(rapporteur):
    """What the rapporteur has to score or has scored, with `is_declared`, `sheet_id`, `is_begun`, `sent_at`."""
    last = ScoreSheet.objects.filter(assignment=OuterRef("pk")).order_by("-version")
    rows = Assignment.objects.of(rapporteur).annotate(
        is_declared=_true(Q(declared_at__isnull=False)),
        sheet_id=Subquery(last.values("pk")[:1]),
        sent_at=Subquery(last.values("sent_at")[:1]),
    )
    return rows.annotate(is_begun=_true(Q(sheet_id__isnull=False)))


def _true(condition):
    return ExpressionWrapper(condition, output_field=BooleanField())


def closed(rapporteur):
    """What the person gave back or is closed to them: each is one line without link, name or figure."""
    mine = Assignment.objects.filter(rapporteur=rapporteur, rapporteur__removed_at=None, confirmed_at__isnull=False)
    standing = Assignment.objects.of(rapporteur)
    tied = mine.standing().exclude(pk__in=standing.values("pk"))
    rows = mine.filter(Q(ended_reason__in=OWN_ENDS) | Q(pk__in=tied.values("pk")))
    # What was given again after a link was lifted stands in the other lists.
    again = standing.filter(application=OuterRef("application"))
    rows = rows.filter(~Exists(again)).exclude(application__state__in=GONE)
    return rows.select_related("application").order_by("application__reference", "pk")


def listed(rapporteur, view):
    """The rows of one view, in their order: declarations to make first, then sheets begun, then the others."""
    if view == CLOSED:
        return closed(rapporteur)
    rows = sheets(rapporteur)
    if view == SENT:
        return rows.filter(sent_at__isnull=False).order_by("-sent_at", "pk")
    return rows.filter(sent_at=None).order_by("is_declared", "-is_begun", "application__reference")


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
    """The `Counts` of a rapporteur (two statements)."""
    open_still = Q(sent_at=None)
    numbers = (
        sheets(rapporteur)
        .order_by()
        .aggregate(
            all=Count("pk"),
            sent=Count("pk", filter=~open_still),
            begun=Count("pk", filter=open_still & Q(is_declared=True, is_begun=True)),
            undeclared=Count("pk", filter=open_still & Q(is_declared=False)),
        )
    )
    return Counts(**numbers, closed=closed(rapporteur).count())


@dataclass(frozen=True)
class Row:
    """One line: the assignment, its sealed version and its tag; of a closed one the reference and the tag alone."""

    assignment: object
    submission: object
    tag: dict


def on_page(rows, pks):
    """The rows of one page with all that `sheets` adds and `marked`, read for these ids alone."""
    return _with_marked(rows.filter(pk__in=list(pks)))


def _with_marked(rows):
    """Adds `marked`, how many criteria of the last version have a mark, and reads the dossier along."""
    given = Mark.objects.filter(sheet=OuterRef("sheet_id"), value__isnull=False).order_by().values("sheet")
    marked = Coalesce(Subquery(given.annotate(number=Count("pk")).values("number")), 0)
    return rows.annotate(marked=marked).select_related("application")


def shown(rapporteur, view, pks, *, criteria):
    """The lines of one page, whatever its length in as many statements. `criteria`: how many the call has."""
    rows = listed(rapporteur, view)
    if view == CLOSED:
        return [Row(row, None, _closed_tag(row)) for row in rows.filter(pk__in=list(pks))]
    rows = list(on_page(rows, pks))
    sealed = Submission.objects.counting().filter(application__in=[row.application_id for row in rows])
    sealed = sealed.select_related("axis").prefetch_related("partners")
    found = {one.application_id: one for one in sealed}
    return [Row(row, found[row.application_id], _tag(row, criteria)) for row in rows]


def _tag(row, criteria):
    if row.sent_at is not None:
        return {"kind": "done", "icon": "check", "text": _("Envoyée")}
    if not row.is_declared:
        return {"kind": "limit", "icon": "alert", "text": _("Intérêts à déclarer")}
    if row.is_begun:
        text = _("Commencée, %(marked)s sur %(criteria)s") % {"marked": row.marked, "criteria": criteria}
        return {"kind": "know", "icon": "half", "text": text}
    return {"kind": "", "icon": "ring", "text": _("À faire")}


def _closed_tag(row):
    if row.ended_reason in (Assignment.End.EXPERTISE, Assignment.End.LOAD):
        text = _("Rendu\u00a0: %(reason)s") % {"reason": row.get_ended_reason_display()}
        return {"kind": "", "icon": "out", "text": text}
    return {"kind": "stop", "icon": "out", "text": _("Votre déport")}


def queue(rapporteur):
    """Assignments that wait for this person, with `acronym` and `marked`: begun, then to declare, then the others."""
    sealed = Submission.objects.counting().filter(application=OuterRef("application"))
    rows = _with_marked(listed(rapporteur, TO_DO)).annotate(acronym=Subquery(sealed.values("acronym")[:1]))
    return rows.order_by("-is_begun", "is_declared", "application__reference")


def rule(counts):
    """The rule of the progress: `{"x", "is_long"}`, one tick a sheet (each tenth only, where they would touch)."""
    step = 1 if counts.all <= MOST_TICKS else 10
    places = range(0, counts.all + 1, step)
    return [{"x": part_of(place, counts.all), "is_long": place % (5 * step) == 0} for place in places]
