"""A rapporteur's list: what is to do, sent, or given back, and which dossier comes next.

All of it stands on `Assignment.objects.of`: a dossier closed by an interest is in no row, count or neighbour, but for
the line that says « Votre déport ». Of other rapporteurs nothing is read.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from applications.models import Interest, SealedPartner, Submission
from applications.states import GONE
from hdh_portal.ground.french import part_of
from reviews.models import Assignment, Criterion, Mark, ScoreSheet
from reviews.scoring.actions.declaration import DECLINED, OWN_ENDS

TO_DO, SENT, CLOSED = "a-faire", "envoyees", "deports"
LABELS = {TO_DO: _("À faire"), SENT: _("Envoyées"), CLOSED: _("Déports")}
MOST_TICKS = 100


def given(rapporteur):
    """All that the rapporteur was ever told of, with `has_interest`, `sheet_id` and `sent_at`."""
    rows = Assignment.objects.filter(rapporteur=rapporteur, confirmed_at__isnull=False)
    with_interest = Interest.objects.current().filter(user=rapporteur.user_id, application=OuterRef("application"))
    return _with_sheet(rows.exclude(application__state__in=GONE).annotate(has_interest=Exists(with_interest)))


# Of `given`: what is the person's now (the same rows as `Assignment.objects.of`), and what is one line at most.
MINE = Q(ended_at=None, has_interest=False)
LEFT = Q(ended_at=None, has_interest=True) | Q(ended_reason__in=OWN_ENDS)


def _with_sheet(rows):
    """Adds of the last version of the sheet `sheet_id`, None before anything is written, and `sent_at`."""
    last = ScoreSheet.objects.filter(assignment=OuterRef("pk")).order_by("-version")
    return rows.annotate(sheet_id=Subquery(last.values("pk")[:1]), sent_at=Subquery(last.values("sent_at")[:1]))


def listed(rapporteur, view):
    """The rows of one view, in their order: declarations to make, sheets reopened, sheets begun, the others."""
    if view == CLOSED:
        own = Interest.objects.current().filter(
            user=rapporteur.user_id, application=OuterRef("application"), kind=Interest.Kind.DECLARED
        )
        is_own = Q(ended_reason__in=DECLINED) | Exists(own.filter(declared_at=OuterRef("ended_at")))
        rows = given(rapporteur).filter(LEFT).annotate(is_own_end=_true(is_own)).select_related("application")
        return rows.order_by("application__reference", "pk")
    rows = _with_facts(_with_sheet(Assignment.objects.of(rapporteur)))
    if view == SENT:
        return rows.filter(sent_at__isnull=False).order_by("-sent_at", "pk")
    return rows.filter(sent_at=None).order_by("is_declared", "-is_reopened", "-is_begun", "application__reference")


def _with_facts(rows):
    """Adds names of the sealed version that counts, where the sheet stands, and how many `criteria` are `marked`."""
    later = Submission.objects.filter(application=OuterRef("application"), version__gt=OuterRef("version"))
    marks = Mark.objects.filter(sheet=OuterRef("sheet_id"), value__isnull=False).order_by().values("sheet")
    reopened = ScoreSheet.objects.filter(assignment=OuterRef("pk"), version__gt=1)
    criteria = Criterion.objects.filter(call=OuterRef("application__call")).order_by().values("call")
    names = {"version": "version", "sealed_id": "pk", "acronym": "acronym", "title": "title", "lead_name": "lead_name"}
    return (
        rows.annotate(
            **{name: F(f"application__submissions__{field}") for name, field in names.items()},
            axis_position=F("application__submissions__axis__position"),
            is_declared=_true(Q(declared_at__isnull=False)),
            is_begun=_true(Q(sheet_id__isnull=False)),
            is_reopened=_true(Q(sent_at=None) & Exists(reopened)),
            marked=Coalesce(Subquery(marks.annotate(number=Count("pk")).values("number")), 0),
            criteria=Subquery(criteria.annotate(number=Count("pk")).values("number")),
        )
        .filter(~Exists(later))
        .select_related("application")
    )


def _true(condition):
    return ExpressionWrapper(condition, output_field=BooleanField())


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
    open_still = MINE & Q(sent_at=None)
    numbers = {
        "all": MINE,
        "sent": MINE & Q(sent_at__isnull=False),
        "begun": open_still & Q(declared_at__isnull=False, sheet_id__isnull=False),
        "undeclared": open_still & Q(declared_at=None),
        "closed": LEFT,
    }
    counted = {name: Count("pk", filter=condition) for name, condition in numbers.items()}
    return Counts(**given(rapporteur).order_by().aggregate(**counted))


@dataclass(frozen=True)
class Row:
    """One line: the assignment with what `listed` adds, its partners and its tag; a closed one shows its tag alone.

    `until`: when the person can no longer take a closed one back (aware), or None.
    """

    assignment: object
    partners: list
    tag: dict
    until: datetime | None = None


def shown(rows, view, at):
    """The lines of one page of `listed` at an instant (one statement beside its own, whatever its length)."""
    rows = list(rows)
    if view == CLOSED:
        return [Row(row, [], _closed_tag(row), _until(row, at)) for row in rows]
    partners = {}
    for partner in SealedPartner.objects.filter(submission__in=[row.sealed_id for row in rows]):
        partners.setdefault(partner.submission_id, []).append(partner)
    return [Row(row, partners.get(row.sealed_id, []), _tag(row)) for row in rows]


def _until(row, at):
    until = row.may_be_taken_back_until if row.is_own_end else None
    return until if until is not None and at < until else None


def _tag(row):
    if row.sent_at is not None:
        return {"kind": "done", "icon": "check", "text": _("Envoyée")}
    if not row.is_declared:
        return {"kind": "limit", "icon": "alert", "text": _("Intérêts à déclarer")}
    if row.is_reopened:
        return {"kind": "limit", "icon": "alert", "text": _("Rouverte, à renvoyer")}
    if row.is_begun:
        text = _("Commencée, %(marked)s sur %(criteria)s") % {"marked": row.marked, "criteria": row.criteria}
        return {"kind": "know", "icon": "half", "text": text}
    return {"kind": "", "icon": "ring", "text": _("À faire")}


def _closed_tag(row):
    if row.ended_reason in DECLINED:
        text = _("Rendu\u00a0: %(reason)s") % {"reason": row.get_ended_reason_display()}
        return {"kind": "", "icon": "out", "text": text}
    return {"kind": "stop", "icon": "out", "text": _("Votre déport")}


def queue(rapporteur):
    """What waits for this person, as `listed` gives it: reopened, begun, then to declare, then the others."""
    return listed(rapporteur, TO_DO).order_by("-is_reopened", "-is_begun", "is_declared", "application__reference")


def following(rapporteur, rows=None):
    """The first of the queue, or None. `rows`: the whole list of what is to do, where it was read already."""
    if rows is None:
        return queue(rapporteur).first()
    return min(rows, key=lambda row: (not row.is_reopened, not row.is_begun), default=None)


def to_declare(rapporteur):
    """What still waits for the person's declaration, in the order of the list."""
    return listed(rapporteur, TO_DO).filter(declared_at=None)


def rule(counts):
    """The rule of the progress: `{"x", "is_long"}`, one tick a sheet (each tenth only, where they would touch)."""
    step = 1 if counts.all <= MOST_TICKS else 10
    places = range(0, counts.all + 1, step)
    return [{"x": part_of(place, counts.all), "is_long": place % (5 * step) == 0} for place in places]
