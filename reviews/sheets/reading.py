"""Where the sheets stand: how many are sent, by body and by person, of the dossiers that are open to the `viewer`."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from applications.models import Application
from applications.states import GONE
from hdh_portal.records.models import Document
from reviews.assigning.reading import open_rows
from reviews.documents import CONSOLIDATED, SCORE_SHEET
from reviews.models import Assignment, ScoreSheet

# Dossiers whose papers are read at once: a context is some kilobytes, and a call may have thousands.
BATCH = 100


# Progress of the evaluation -----------------------------------------------------------------------------------------


def expected(call, viewer=None):
    """Assignments of which a sheet is expected, or sent (`is_sent`): confirmed, without interest, of dossiers there."""
    versions = ScoreSheet.objects.filter(assignment=OuterRef("pk"))
    # Only a last version can wait: what `ScoreSheet.objects.sent` finds, without a look at each version's later ones.
    is_sent = Exists(versions.filter(sent_at__isnull=False)) & ~Exists(versions.filter(sent_at=None))
    rows = open_rows(Assignment.objects.confirmed().without_interest().filter(application__call=call), viewer)
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


def loads(call, viewer=None):
    """`(by rapporteur, by body)`: two lists of `Load` (one statement)."""
    people, bodies = [], {}
    for row in _counted(expected(call, viewer), "rapporteur", "body").order_by("rapporteur"):
        people.append(Load(row["rapporteur"], row["expected"], row["sent"]))
        before = bodies.get(row["body"], Load(row["body"], 0, 0))
        bodies[row["body"]] = Load(row["body"], before.expected + row["expected"], before.sent + row["sent"])
    return people, list(bodies.values())


def dossier_counts(call, viewer=None):
    """`{"begun", "complete"}`: dossiers with a sheet, and with all that the call wants (one statement)."""
    rows = _counted(expected(call, viewer), "application")
    full = Q(sent__gte=call.evaluation.sheets_per_dossier)
    return rows.aggregate(begun=Count("application", filter=Q(sent__gte=1)), complete=Count("application", filter=full))


def given(call):
    """Dossiers of the call that were given to rapporteurs and are still there, by reference."""
    confirmed = Assignment.objects.filter(application=OuterRef("pk"), confirmed_at__isnull=False)
    return Application.objects.filter(Exists(confirmed), call=call).exclude(state__in=GONE).order_by("reference")


def dossiers(officer):
    """Those of these dossiers that are open to the officer."""
    return given(officer.call).visible_to(officer.user)


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


def _papers(call, viewer):
    """The last `Document` asked for of each sheet that counts, and of each dossier that has one."""
    opened = Application.objects.filter(call=call)
    opened = opened if viewer is None else opened.visible_to(viewer)
    rows = ScoreSheet.objects.counting().filter(assignment__application__in=opened.order_by()).order_by()
    single = Q(renderer=SCORE_SHEET, subject__in=rows.values("pk"))
    whole = Q(renderer=CONSOLIDATED, subject__in=rows.values("assignment__application"))
    later = Document.objects.filter(
        renderer=OuterRef("renderer"), subject=OuterRef("subject"), queued_at__gt=OuterRef("queued_at")
    )
    return Document.objects.filter(single | whole).filter(~Exists(later)).order_by()


def waiting(call, viewer=None):
    """Those of these papers that are not made yet, the oldest first."""
    return _papers(call, viewer).filter(state=Document.State.QUEUED).order_by("pk")


def progress(call, viewer=None, *, sheets, dossiers):
    """`Progress` of the papers of so many sheets that count and dossiers that have one (one statement)."""
    states = {row["state"]: row["n"] for row in _papers(call, viewer).values("state").annotate(n=Count("pk"))}
    done, queued, failed = (states.get(state, 0) for state in ("done", "queued", "failed"))
    return Progress(sheets + dossiers, done, queued, failed)
