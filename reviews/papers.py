"""The papers of sheets as they stand: which are to ask for, which are made, which failed."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hdh_portal.records import outbox
from hdh_portal.records.models import Document
from reviews.documents import CONSOLIDATED, SCORE_SHEET, consolidated_name, consolidated_sheets, score_sheets
from reviews.models import ScoreSheet, ShortlistEntry

ABSENT, PREPARING, READY, FAILED, CHANGED = "absent", "preparing", "ready", "failed", "changed"
TAGS = {
    ABSENT: {"kind": "", "icon": "ring", "text": _("Pas préparée")},
    PREPARING: {"kind": "changed", "icon": "clock", "text": _("En préparation")},
    FAILED: {"kind": "stop", "icon": "cross", "text": _("Échec")},
    CHANGED: {"kind": "limit", "icon": "alert", "text": _("À préparer de nouveau")},
}


def wanted(keys):
    """`{(renderer, subject): Paper}` as they would be made now."""
    subjects = {SCORE_SHEET: [], CONSOLIDATED: []}
    for renderer, subject in keys:
        subjects[renderer].append(subject)
    made = consolidated_sheets(subjects[CONSOLIDATED]) if subjects[CONSOLIDATED] else {}
    single = score_sheets(subjects[SCORE_SHEET]) if subjects[SCORE_SHEET] else {}
    papers = {(CONSOLIDATED, pk): paper for pk, paper in made.items()}
    return papers | {(SCORE_SHEET, pk): paper for pk, paper in single.items()}


def about_of(call, keys):
    """`renderer, subject -> outbox.About` of these keys: a consolidated sheet's subject is its dossier."""
    sheets = [subject for renderer, subject in keys if renderer == SCORE_SHEET]
    rows = ScoreSheet.objects.filter(pk__in=sheets).order_by().values_list("pk", "assignment__application")
    dossiers = dict(rows) if sheets else {}
    return lambda renderer, subject: outbox.About(
        call.chain_id, dossiers[subject] if renderer == SCORE_SHEET else subject
    )


def made_of(keys):
    """`{(renderer, subject): [Document, …]}` of these keys, the last one asked for at the end (one statement)."""
    subjects = {}
    for renderer, subject in keys:
        subjects.setdefault(renderer, []).append(subject)
    either = Q(pk__in=[])
    for renderer, some in subjects.items():
        either |= Q(renderer=renderer, subject__in=some)
    found = {}
    for row in Document.objects.filter(either).select_related("file").order_by("queued_at", "pk"):
        found.setdefault((row.renderer, row.subject), []).append(row)
    return found


@dataclass(frozen=True)
class PaperState:
    """How far one paper is: `state` of this module, and the `Document` of what it would say now, if there is one.

    `is_last`: nothing else was asked for since.
    """

    state: str
    document: Document | None = None
    is_last: bool = True

    @property
    def tag(self):
        return TAGS[self.state]

    @property
    def is_to_ask(self):
        return self.state in (ABSENT, CHANGED, FAILED) or not self.is_last


def paper_states(references, sheets, single=()):
    """`{(renderer, subject): PaperState}` of consolidated papers and of those of the sheets `single` (two statements).

    `references`: `{application id: reference}`, `sheets`: what `counting` gives for them.
    """
    entries = ShortlistEntry.objects.filter(application__in=list(references), shortlist__confirmed_at__isnull=False)
    ranked = set(entries.order_by().values_list("application_id", flat=True))
    found = made_of([*((CONSOLIDATED, pk) for pk in references), *((SCORE_SHEET, pk) for pk in single)])
    result = {(SCORE_SHEET, pk): _state_of(found.get((SCORE_SHEET, pk), [])) for pk in single}
    for pk, reference in references.items():
        name = consolidated_name(reference, sheets.get(pk, []), is_ranked=pk in ranked)
        result[CONSOLIDATED, pk] = _state_of(found.get((CONSOLIDATED, pk), []), name)
    return result


def _state_of(rows, name=None):
    """Of the documents of one subject, the last one asked for at the end; of this `name`, where it tells them apart."""
    document = next((row for row in reversed(rows) if name in (None, row.filename)), None)
    if document is None:
        return PaperState(CHANGED if rows else ABSENT)
    state = READY if document.is_ready else FAILED if document.has_failed else PREPARING
    return PaperState(state, document, document is rows[-1])


def hurry(paper_states):
    """A page shows these papers: those that are not made yet are made before others."""
    outbox.hurry(one.document for one in paper_states if one is not None and one.document is not None)


def current(found):
    """The `Document` of a standing whose paper is made; None before."""
    return found.document if found.state == READY else None
