"""Where the sheets stand: how many are sent, by body and by person, and which of their papers are made.

A sheet that counts has a paper of its own, its dossier a consolidated one. Sent sheets never change, so a paper is
known without being composed again: a single one by its sheet, a consolidated one by its name (`consolidated_name`).
Only who has no interest in any dossier of the call is shown what is read here (`permissions.can_steer`).
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Submission
from hdh_portal.records import outbox
from hdh_portal.records.models import Document
from reviews import documents
from reviews.documents import CONSOLIDATED, SCORE_SHEET
from reviews.models import Assignment, ScoreSheet, ShortlistEntry
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
    versions = ScoreSheet.objects.filter(assignment=OuterRef("pk"))
    # Only a last version can wait: what `ScoreSheet.objects.sent` finds, without a look at each version's later ones.
    is_sent = Exists(versions.filter(sent_at__isnull=False)) & ~Exists(versions.filter(sent_at=None))
    rows = Assignment.objects.confirmed().without_interest().filter(application__call=call)
    return rows.exclude(application__state__in=GONE).annotate(is_sent=is_sent).order_by()


def _counted(rows, *fields):
    return rows.values(*fields).annotate(expected=Count("pk"), sent=Count("pk", filter=Q(is_sent=True)))


@dataclass(frozen=True)
class Load:
    """Sheets of a rapporteur (their id) or of a body (its organisation's id): expected in all, sent of them."""

    of: int
    expected: int
    sent: int

    @property
    def left(self):
        return self.expected - self.sent


def loads(call):
    """`(by rapporteur, by body)`: two lists of `Load` (one statement)."""
    people, bodies = [], {}
    for row in _counted(expected(call), "rapporteur", "body").order_by("rapporteur"):
        people.append(Load(row["rapporteur"], row["expected"], row["sent"]))
        before = bodies.get(row["body"], Load(row["body"], 0, 0))
        bodies[row["body"]] = Load(row["body"], before.expected + row["expected"], before.sent + row["sent"])
    return people, list(bodies.values())


def dossier_counts(call):
    """`{"begun", "complete"}`: dossiers with a sheet, and with all that the call wants (one statement)."""
    rows = _counted(expected(call), "application")
    full = Q(sent__gte=call.evaluation.sheets_per_dossier)
    return rows.aggregate(begun=Count("application", filter=Q(sent__gte=1)), complete=Count("application", filter=full))


def dossiers(officer):
    """Dossiers of the call that were given to rapporteurs and are still there, by reference."""
    given = Assignment.objects.filter(application=OuterRef("pk"), confirmed_at__isnull=False)
    rows = Application.objects.visible_to(officer.user).filter(Exists(given), call=officer.call)
    return rows.exclude(state__in=GONE).order_by("reference")


# Papers -------------------------------------------------------------------------------------------------------------


def counting(application_ids):
    """`{application id: [id of a sheet that counts, …]}` in the order of sending; dossiers without one are left out."""
    rows = ScoreSheet.objects.counting().filter(assignment__application__in=list(application_ids))
    found = {}
    for application, sheet in rows.order_by("sent_at", "pk").values_list("assignment__application", "pk"):
        found.setdefault(application, []).append(sheet)
    return found


def batches(officer):
    """The dossiers of a call with their sheets that count, some at a time: `({id: reference}, counting)`."""
    references = list(dossiers(officer).values_list("pk", "reference"))
    for start in range(0, len(references), BATCH):
        some = dict(references[start : start + BATCH])
        sheets = counting(some)
        yield {pk: reference for pk, reference in some.items() if pk in sheets}, sheets


def wanted(keys):
    """`{(renderer, subject): Paper}` as they would be made now."""
    subjects = {SCORE_SHEET: [], CONSOLIDATED: []}
    for renderer, subject in keys:
        subjects[renderer].append(subject)
    made = documents.consolidated_sheets(subjects[CONSOLIDATED]) if subjects[CONSOLIDATED] else {}
    single = documents.score_sheets(subjects[SCORE_SHEET]) if subjects[SCORE_SHEET] else {}
    papers = {(CONSOLIDATED, pk): paper for pk, paper in made.items()}
    return papers | {(SCORE_SHEET, pk): paper for pk, paper in single.items()}


def tells_of(call, keys):
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
class Standing:
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


def standings(references, sheets, single=()):
    """`{(renderer, subject): Standing}` of consolidated papers and of those of the sheets `single` (two statements).

    `references`: `{application id: reference}`, `sheets`: what `counting` gives for them.
    """
    entries = ShortlistEntry.objects.filter(application__in=list(references), shortlist__confirmed_at__isnull=False)
    ranked = set(entries.order_by().values_list("application_id", flat=True))
    found = made_of([*((CONSOLIDATED, pk) for pk in references), *((SCORE_SHEET, pk) for pk in single)])
    result = {(SCORE_SHEET, pk): _standing(found.get((SCORE_SHEET, pk), [])) for pk in single}
    for pk, reference in references.items():
        name = documents.consolidated_name(reference, sheets.get(pk, []), is_ranked=pk in ranked)
        result[CONSOLIDATED, pk] = _standing(found.get((CONSOLIDATED, pk), []), name)
    return result


def _standing(rows, name=None):
    """Of the documents of one subject, the last one asked for at the end; of this `name`, where it tells them apart."""
    document = next((row for row in reversed(rows) if name in (None, row.filename)), None)
    if document is None:
        return Standing(CHANGED if rows else ABSENT)
    state = READY if document.is_ready else FAILED if document.has_failed else PREPARING
    return Standing(state, document, document is rows[-1])


def current(standing):
    """The `Document` of a standing whose paper is made; None before."""
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


def progress(call, *, sheets, dossiers):
    """`Progress` of the papers of so many sheets that count and dossiers that have one (one statement)."""
    rows = ScoreSheet.objects.counting().filter(assignment__application__call=call).order_by()
    single = Q(renderer=SCORE_SHEET, subject__in=rows.values("pk"))
    whole = Q(renderer=CONSOLIDATED, subject__in=rows.values("assignment__application"))
    later = Document.objects.filter(
        renderer=OuterRef("renderer"), subject=OuterRef("subject"), queued_at__gt=OuterRef("queued_at")
    )
    last = Document.objects.filter(single | whole).filter(~Exists(later)).order_by()
    states = {row["state"]: row["n"] for row in last.values("state").annotate(n=Count("pk"))}
    done, queued, failed = (states.get(state, 0) for state in ("done", "queued", "failed"))
    return Progress(sheets + dossiers, done, queued, failed)


# The archive --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Archive:
    """`entries`: `[(name in the archive, path of the file)]`, by name; `missing`: papers that are not made yet."""

    entries: list
    missing: int


def archive(officer):
    """All papers of the officer's call as they stand, with the files that hold them (some statements a batch)."""
    entries, missing = [], 0
    for references, sheets in batches(officer):
        single = [pk for some in sheets.values() for pk in some]
        names = _names(references, sheets)
        for key, standing in standings(references, sheets, single).items():
            document = current(standing)
            if document is None:
                missing += 1
            else:
                entries.append((names[key], document.file.path))
    return Archive(sorted(entries), missing)


def _names(references, sheets):
    """`{(renderer, subject): "AAP-2020-0064-ACRONYME/fiche-consolidee.pdf"}`: every name once (two statements)."""
    sealed = Submission.objects.counting().filter(application__in=list(references))
    acronyms = dict(sealed.values_list("application_id", "acronym"))
    rows = ScoreSheet.objects.filter(assignment__application__in=list(references), sent_at__isnull=False)
    people = {row.pk: str(row.assignment.rapporteur) for row in rows.select_related("assignment__rapporteur__user")}
    names = {}
    for application, reference in references.items():
        folder, taken = f"{safe(reference)}-{safe(acronyms[application])}", set()
        names[CONSOLIDATED, application] = f"{folder}/fiche-consolidee.pdf"
        for sheet in sheets[application]:
            start = f"{folder}/fiche-{safe(people[sheet])}"
            endings = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
            name = next(one for one in (f"{start}{ending}.pdf" for ending in endings) if one not in taken)
            taken.add(name)
            names[SCORE_SHEET, sheet] = name
    return names


def safe(text):
    """Typed text as part of a file name: letters without accents, figures and hyphens, 40 signs at most."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "sans-nom"
