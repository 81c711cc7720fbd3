"""The sheets of one dossier as who manages reads them: every rapporteur's, sent, under way, void or given back."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from reviews.assigning.reading import is_frozen
from reviews.documents import CONSOLIDATED, SCORE_SHEET, mean_of, mean_text
from reviews.models import Assignment, ScoreSheet
from reviews.papers import PaperState, paper_states
from reviews.sheets import reading

VOID = {"kind": "stop", "icon": "cross", "text": _("Annulée")}
SENT = {"kind": "done", "icon": "check", "text": _("Envoyée")}
REOPENED = {"kind": "changed", "icon": "half", "text": _("Rouverte")}
BEGUN = {"kind": "changed", "icon": "half", "text": _("En cours")}
OPENED = {"kind": "", "icon": "ring", "text": _("À faire")}
CLOSED = {"kind": "", "icon": "lock", "text": _("Pas encore ouverte")}
ENDED = {"kind": "", "icon": "out", "text": _("Rendue")}


@dataclass
class Version:
    """One version that was sent, and how far its paper is."""

    sheet: ScoreSheet
    paper: PaperState


@dataclass
class Row:
    """One rapporteur: state in a tag, the last version or None, its mean if it was sent, sent versions newest first."""

    assignment: Assignment
    tag: dict
    last: ScoreSheet | None
    counts: bool
    mean: str = ""
    versions: list = field(default_factory=list)


def rows(application):
    """A `Row` for each rapporteur who was told of the dossier, those whose sheet counts first (constant statements)."""
    notified = Assignment.objects.filter(application=application, confirmed_at__isnull=False)
    assignments = list(notified.select_related("rapporteur__user", "body").order_by("confirmed_at", "pk"))
    sheets = {}
    written = ScoreSheet.objects.filter(assignment__in=assignments).select_related("reopened_by")
    for sheet in written.prefetch_related("marks__criterion").order_by("-version"):
        sheets.setdefault(sheet.assignment_id, []).append(sheet)
    count = ScoreSheet.objects.counting().filter(assignment__application=application)
    counting = set(count.values_list("pk", flat=True))
    sent = [sheet.pk for some in sheets.values() for sheet in some if sheet.is_sent]
    made = paper_states({}, {}, sent)
    open_to = set(notified.confirmed().without_interest().values_list("pk", flat=True))
    found = [_row(one, sheets.get(one.pk, []), counting, made, one.pk in open_to) for one in assignments]
    return sorted(found, key=lambda row: not row.counts)


def _row(assignment, sheets, counting, made, serves):
    last = sheets[0] if sheets else None
    counts = last is not None and last.pk in counting
    sent = [sheet for sheet in sheets if sheet.is_sent]
    return Row(
        assignment=assignment,
        tag=_tag(assignment, last, counts, serves),
        last=last,
        counts=counts,
        mean=mean_text(mean_of(last)) if last is not None and last.is_sent else "",
        versions=[Version(sheet, made[SCORE_SHEET, sheet.pk]) for sheet in sent],
    )


def _tag(assignment, last, counts, serves):
    if counts:
        return SENT
    if not serves:
        return VOID if last is not None and last.is_sent else ENDED
    if last is None:
        return OPENED if assignment.is_open else CLOSED
    return REOPENED if last.version > 1 else BEGUN


def consolidated(application):
    """`PaperState` of the consolidated paper; None while no sheet counts."""
    sheets = reading.counting([application.pk])
    if not sheets:
        return None
    return paper_states({application.pk: application.reference}, sheets)[CONSOLIDATED, application.pk]


def may_reopen(call, at):
    """True while the evaluation is open and the shortlist is not frozen."""
    return call.evaluation.is_open(at) and not is_frozen(call)
