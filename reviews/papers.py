"""Where the sheets stand: how many are sent, by body and by person, and which of their papers are made.

A sheet of a dossier has a paper of its own, a dossier with a sheet that counts has a consolidated one. What a paper
says now is known by its digest: a `Document` with another one is of a content that is past. Only who has no interest
in any dossier of the call is shown what is read here (`permissions.can_steer`).
"""

import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from hdh_portal.records.models import Document
from reviews import documents
from reviews.documents import CONSOLIDATED, SCORE_SHEET
from reviews.models import Assignment, Rapporteur, ScoreSheet
from reviews.models.assignment import GONE

# Dossiers whose papers are read at once: a context is some kilobytes, and a call may have thousands.
BATCH = 100
ABSENT, PREPARING, READY, FAILED, CHANGED = "absent", "preparing", "ready", "failed", "changed"
TAGS = {
    ABSENT: {"kind": "", "icon": "ring", "text": _("Pas préparée")},
    PREPARING: {"kind": "changed", "icon": "clock", "text": _("En préparation")},
    FAILED: {"kind": "stop", "icon": "cross", "text": _("Échec")},
    CHANGED: {"kind": "limit", "icon": "alert", "text": _("À préparer de nouveau")},
}


# Progress of the evaluation -----------------------------------------------------------------------------------------


def expected(call):
    """Assignments of which a sheet is expected, or sent (`is_sent`): confirmed, without interest, of dossiers there."""
    sent = ScoreSheet.objects.sent().filter(assignment=OuterRef("pk"))
    rows = Assignment.objects.confirmed().without_interest().filter(application__call=call)
    return rows.exclude(application__state__in=GONE).annotate(is_sent=Exists(sent)).order_by()


def counted(rows, *fields):
    """`rows` of `expected` by `fields`, each group with `expected` and `sent`."""
    return rows.values(*fields).annotate(expected=Count("pk"), sent=Count("pk", filter=Q(is_sent=True)))


def by_body(call):
    """`[{"name", "expected", "sent"}]` of each body that has something to send, in the call's order (one statement)."""
    rows = counted(expected(call), "body")
    found = {row["body"]: row for row in rows}
    bodies = call.rapporteur_bodies.select_related("organisation")
    return [
        {"name": one.organisation.short_name} | found[one.organisation_id]
        for one in bodies
        if one.organisation_id in found
    ]


def late(call):
    """Query of `{"rapporteur", "expected", "sent"}` of who has sheets left to send, who has most of them first."""
    rows = counted(expected(call), "rapporteur").filter(sent__lt=F("expected"))
    return rows.order_by(F("sent") - F("expected"), "rapporteur")


def people(rows):
    """The same rows with the `Rapporteur` in place of its id (one statement)."""
    found = Rapporteur.objects.select_related("user", "body").in_bulk([row["rapporteur"] for row in rows])
    return [row | {"rapporteur": found[row["rapporteur"]]} for row in rows]


def complete(call):
    """How many dossiers have all the sheets that the call wants."""
    rows = counted(expected(call), "application")
    return rows.filter(sent__gte=call.evaluation.sheets_per_dossier).count()


def dossiers(officer):
    """Dossiers of the call that were given to rapporteurs and are still there, by reference."""
    given = Assignment.objects.filter(application=OuterRef("pk"), confirmed_at__isnull=False)
    rows = Application.objects.visible_to(officer.user).filter(Exists(given), call=officer.call)
    return rows.exclude(state__in=GONE).order_by("reference")


# Papers -------------------------------------------------------------------------------------------------------------


def counting(call):
    """Sheets of the call that count."""
    return ScoreSheet.objects.counting().filter(assignment__application__call=call)


def batches(call):
    """Papers of the whole call as they would be made now: `{(renderer, subject): Paper}`, some dossiers at a time."""
    rows = counting(call).order_by("assignment__application", "pk").values_list("assignment__application", "pk")
    sheets = {}
    for application, sheet in rows:
        sheets.setdefault(application, []).append(sheet)
    applications = list(sheets)
    for start in range(0, len(applications), BATCH):
        some = applications[start : start + BATCH]
        yield wanted(some, [sheet for application in some for sheet in sheets[application]])


def wanted(application_ids=(), sheet_ids=()):
    """`{(renderer, subject): Paper}` of consolidated and single sheets as they would be made now."""
    consolidated = documents.consolidated_sheets(application_ids) if application_ids else {}
    single = documents.score_sheets(sheet_ids) if sheet_ids else {}
    made = {(CONSOLIDATED, pk): paper for pk, paper in consolidated.items()}
    return made | {(SCORE_SHEET, pk): paper for pk, paper in single.items()}


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
class Standing:
    """How far one paper is: `state` of this module, its tag, and the `Document` that says what it would say now."""

    state: str
    document: Document | None = None

    @property
    def tag(self):
        return TAGS[self.state]


def standings(papers):
    """`{(renderer, subject): Standing}` of `{(renderer, subject): Paper}` (one statement)."""
    found = made_of(papers)
    return {key: _standing(paper.digest(), found.get(key, [])) for key, paper in papers.items()}


def _standing(digest, rows):
    document = next((row for row in rows if row.digest == digest), None)
    if document is None:
        return Standing(CHANGED if rows else ABSENT)
    state = READY if document.is_ready else FAILED if document.has_failed else PREPARING
    return Standing(state, document)


def current(key):
    """The `Document` of `(renderer, subject)` that says what stands now, once it is made; None before."""
    renderer, subject = key
    papers = wanted([subject]) if renderer == CONSOLIDATED else wanted((), [subject])
    standing = standings(papers).get(key, Standing(ABSENT))
    return standing.document if standing.state == READY else None


@dataclass(frozen=True)
class Progress:
    """How many papers there are to be, are made, wait for the worker, failed; by the last one asked for."""

    total: int
    ready: int
    waiting: int
    failed: int

    @property
    def is_complete(self):
        return self.total > 0 and self.ready == self.total

    @property
    def to_ask(self):
        """How many nobody asked for, or failed."""
        return self.total - self.ready - self.waiting


def progress(call):
    """`Progress` of the papers of a call, whatever they say (two statements)."""
    rows = counting(call)
    numbers = rows.aggregate(sheets=Count("pk"), dossiers=Count("assignment__application", distinct=True))
    single = Q(renderer=SCORE_SHEET, subject__in=rows.order_by().values("pk"))
    whole = Q(renderer=CONSOLIDATED, subject__in=rows.order_by().values("assignment__application"))
    later = Document.objects.filter(
        renderer=OuterRef("renderer"), subject=OuterRef("subject"), queued_at__gt=OuterRef("queued_at")
    )
    last = Document.objects.filter(single | whole).filter(~Exists(later)).order_by()
    states = Counter({row["state"]: row["n"] for row in last.values("state").annotate(n=Count("pk"))})
    State = Document.State
    return Progress(
        numbers["sheets"] + numbers["dossiers"], states[State.DONE], states[State.QUEUED], states[State.FAILED]
    )


# The archive --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Archive:
    """`entries`: `[(name in the archive, path of the file)]`, by name; `missing`: papers that are not made yet."""

    entries: list
    missing: int


def archive(call):
    """All papers of a call as they would be made now, with the files that hold them."""
    entries, missing = [], 0
    for papers in batches(call):
        names = _names(papers)
        for key, standing in standings(papers).items():
            if standing.state == READY:
                entries.append((names[key], standing.document.file.path))
            else:
                missing += 1
    return Archive(sorted(entries), missing)


def _names(papers):
    """`{(renderer, subject): "AAP-2020-0064-ACRONYME/fiche-consolidee.pdf"}`: every name once."""
    names, taken = {}, set()
    for (renderer, subject), paper in papers.items():
        said = paper.context
        file = "fiche-consolidee" if renderer == CONSOLIDATED else f"fiche-{safe(said['rapporteur'])}"
        start = f"{safe(said['reference'])}-{safe(said['acronym'])}/{file}"
        endings = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
        name = next(one for one in (f"{start}{ending}.pdf" for ending in endings) if one not in taken)
        taken.add(name)
        names[renderer, subject] = name
    return names


def safe(text):
    """Typed text as part of a file name: letters without accents, figures and hyphens, 40 signs at most."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "sans-nom"
