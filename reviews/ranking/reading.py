"""The ranking of a call: what its counting sheets say of each dossier, best first, and who is proposed.

Live until the shortlist is frozen, read from the frozen entries afterwards; as many statements either way. Only for who
steers the evaluation. To somebody with an interest in one of the dossiers it shows the others by their marks, without
rank, cut line or place in the list: each of these would tell where the closed one stands. Once the list is frozen its
bare outcome is open to all of them, the closed one's too.
"""

from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean, median

from django.db.models import Exists, OuterRef, Q

from applications.interests.reading import own_recusals
from applications.models import Application, Interest, Submission
from applications.states import GONE, State
from reviews.marks import weighted_mean
from reviews.models import Criterion, Evaluation, Mark, Placement, ScoreSheet, Shortlist
from reviews.tie_break import PLACES, Figures, Parting, order


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that counts: `marks` in the order of the criteria, `mean` weighted."""

    pk: int
    marks: tuple
    mean: float


@dataclass(slots=True)
class Line:
    """One dossier of the ranking. Without a sheet its figures and its rank are None and it stands last.

    `place` counts the lines from 1; `rank` is shared by equals (`is_equal`); `rule`: what set it apart from equals;
    `parting`: by what figures it stands before or behind its neighbour of the same mean (None of a frozen line).
    `is_proposed`: by the marks alone; `is_in`: as the list stands, placements included; `is_across`: its equals lie
    across the cut line; `is_open`: and nothing decides yet. `reason`: that of a frozen line.
    """

    application_id: int
    reference: str
    state: str
    acronym: str
    title: str
    lead: str
    axis: str
    axis_key: str
    place: int = 0
    rank: int | None = None
    rule: str = ""
    parting: Parting | None = None
    is_equal: bool = False
    is_across: bool = False
    mean: float | None = None
    median: float | None = None
    lowest: float | None = None
    spread: float | None = None
    sheets: int = 0
    marked: tuple = ()
    criteria: dict = field(default_factory=dict)
    is_proposed: bool = False
    is_in: bool = False
    is_open: bool = False
    placement: Placement | None = None
    reason: str = ""


@dataclass(frozen=True)
class Board:
    """The ranking with what it stands on: the rules, the criteria in order, the shortlist as it is signed, or None.

    `closed`: sealed versions of the dossiers that an interest closes to who reads, in no line; once the list is frozen
    each bears `is_in`.
    """

    evaluation: Evaluation
    criteria: list
    shortlist: Shortlist | None
    lines: list
    closed: list = field(default_factory=list)

    @property
    def is_partial(self):
        """True for a reader to whom a dossier of the set is closed: neither ranks nor the cut line are theirs."""
        return bool(self.closed)

    @property
    def is_frozen(self):
        return self.shortlist is not None and self.shortlist.is_frozen

    @property
    def size(self):
        """How many dossiers the list has room for: the places of the call, or all where there are fewer."""
        return min(self.evaluation.shortlist_size, self.count)

    @property
    def count(self):
        """How many dossiers the set has, those that are closed to who reads among them."""
        return len(self.lines) + len(self.closed)

    @property
    def chosen_count(self):
        """How many are in the list; only once it is frozen also for who has an interest in one of them."""
        return sum(line.is_in for line in self.lines) + sum(getattr(row, "is_in", False) for row in self.closed)

    @property
    def wanted(self):
        """How many sheets the call wants of each dossier."""
        return self.evaluation.sheets_per_dossier

    def is_short(self, line):
        """True of a line that has fewer sheets than the call wants: its mean is that of some of them."""
        return line.sheets < self.wanted

    def is_provisional(self, at):
        """True while a sheet may still come, or be reopened, and change the order."""
        return not self.is_frozen and not self.evaluation.is_over(at)

    @cached_property
    def cut(self):
        """The last ranked line above the cut line, or None where every dossier has a place."""
        ranked = [line for line in self.lines if line.rank is not None]
        size = self.evaluation.shortlist_size
        return ranked[size - 1] if len(self.lines) > size <= len(ranked) else None


def board(call, viewer=None):
    """The ranking of a call as it stands now (five statements beside `call.evaluation`; three once it is frozen).

    `viewer`: who reads, one statement more; None for the acts, which read all of it.
    """
    evaluation, criteria = call.evaluation, list(Criterion.objects.filter(call=call))
    signed = Shortlist.objects.select_related("decided_by", "confirmed_by", "call").filter(call=call)
    shortlist = signed.first()
    is_frozen = shortlist is not None and shortlist.is_frozen
    closed = [] if viewer is None else _closed(call, viewer, shortlist if is_frozen else None)
    shut = {row.application_id for row in closed}
    lines = _frozen(shortlist, shut) if is_frozen else _live(call, evaluation, criteria, shut)
    return Board(evaluation, criteria, shortlist, lines, closed)


def ranked(call):
    """The dossiers of the set that is ranked, until the shortlist is frozen."""
    return Application.objects.filter(call=call, state=State.ADMISSIBLE)


def _closed(call, viewer, frozen):
    """What an interest closes to the viewer, of the set as it is or as it was frozen."""
    if frozen is None:
        return own_recusals(ranked(call), viewer)
    entries = Application.objects.filter(shortlist_entry__shortlist=frozen).exclude(state__in=GONE)
    rows = own_recusals(entries, viewer)
    chosen = set(frozen.entries.filter(is_shortlisted=True).values_list("application_id", flat=True)) if rows else ()
    for row in rows:
        row.is_in = row.application_id in chosen
    return rows


# As it stands ---------------------------------------------------------------------------------------------------


def _live(call, evaluation, criteria, shut):
    sheets = sheets_of(ScoreSheet.objects.counting(), criteria, call=call)
    dossiers = Submission.objects.counting().filter(application__call=call, application__state=State.ADMISSIBLE)
    rows = dossiers.order_by("application__reference").values_list(*LINE)
    lines = [_line(row, sheets.get(row[0], ()), criteria) for row in rows if row[0] not in shut]
    if shut:
        return _by_marks(lines, evaluation.tie_break)
    return placed(lines, evaluation.tie_break, evaluation.shortlist_size)


def _by_marks(lines, ties):
    """The lines in the order of their marks among themselves, and nothing else of a ranking."""
    for line in placed(lines, ties, len(lines)):
        line.rank, line.rule, line.parting = None, "", None
        line.is_equal, line.is_proposed, line.is_in = False, False, False
    return sorted(lines, key=lambda line: line.place)


PLACEMENT = ("id", "is_shortlisted", "reason", "by_id", "at")
LINE = (
    *("application_id", "application__reference", "application__state", "acronym", "title", "lead_name"),
    *("axis__short_label", "axis__key"),
    *(f"application__placement__{name}" for name in PLACEMENT),
)


def _line(row, sheets, criteria):
    """A line of the values of `LINE`."""
    texts, placement = [value or "" for value in row[1:8]], _placement(row[0], row[8:])
    return Line(row[0], *texts, placement=placement, marked=tuple(sheets), **figures_of(sheets, criteria))


def _placement(application_id, values):
    if values[0] is None:
        return None
    return Placement(application_id=application_id, **dict(zip(PLACEMENT, values, strict=True)))


def sheets_of(sheets, criteria, **dossiers):
    """`{application id: [Sheet]}` in the order of sending, of sent sheets; `dossiers`: a condition on applications.

    Two statements: joined to their sheets, the marks would ask of each of them anew whether its sheet counts.
    """
    values, weights = {}, [one.weight for one in criteria]
    columns = {one.pk: column for column, one in enumerate(criteria)}
    marks = Mark.objects.filter(**_over("sheet__assignment__application", dossiers)).order_by()
    for sheet_id, criterion_id, value in marks.values_list("sheet_id", "criterion_id", "value"):
        values.setdefault(sheet_id, [None] * len(criteria))[columns[criterion_id]] = value
    rows, found = sheets.filter(**_over("assignment__application", dossiers)).order_by("sent_at", "id"), {}
    for application_id, pk in rows.values_list("assignment__application_id", "id"):
        mean = weighted_mean(values.get(pk, [None] * len(criteria)), weights)
        if mean is not None:
            found.setdefault(application_id, []).append(Sheet(pk, tuple(values[pk]), mean))
    return found


def _over(path, condition):
    """A condition on applications, as one on rows that lead there by `path`."""
    return {f"{path}__{name}": value for name, value in condition.items()}


def figures_of(sheets, criteria):
    """What the sheets of one dossier give: the fields of a `Line`, floats rounded far below any step of a scale."""
    if not sheets:
        return {}
    means = [sheet.mean for sheet in sheets]
    columns = zip(criteria, zip(*(sheet.marks for sheet in sheets), strict=True), strict=True)
    marks = {one.key: [value for value in column if value is not None] for one, column in columns}
    return {
        "sheets": len(sheets),
        "mean": round(fmean(means), PLACES),
        "median": round(median(means), PLACES),
        "spread": round(max(means) - min(means), PLACES),
        "lowest": min(min(values) for values in marks.values() if values),
        "criteria": {key: round(fmean(values), PLACES) if values else 0.0 for key, values in marks.items()},
    }


def placed(lines, ties, size):
    """Give the lines their place, rank, rule and proposal; returns them in their order, those without a sheet last.

    `size`: places of the call. Equals that lie across the cut line are open until placements say who is in.
    """
    known = {line.reference: line for line in lines}
    is_cut, shown = len(lines) > size, []
    for one in _ordered((line for line in lines if line.sheets), ties, size):
        line = known[one.key]
        line.rank, line.rule, line.is_equal, line.parting = one.rank, one.rule, one.is_equal, one.parting
        line.is_proposed = not is_cut or len(shown) < size
        shown.append(line)
    shown += [line for line in lines if not line.sheets]
    shown = _decided(shown, size, _across(shown, size) if is_cut else set())
    for place, line in enumerate(shown, 1):
        line.place = place
    return shown


def _ordered(lines, ties, size):
    """The `Place`s of lines with their figures."""
    figures = [
        Figures(line.reference, line.axis_key, line.mean, line.median, line.lowest, line.criteria) for line in lines
    ]
    return order(figures, ties, size)


def _across(lines, size):
    """References of the equals that lie across the cut line, none if it separates."""
    if not (0 < size < len(lines)) or not lines[size - 1].is_equal or lines[size].rank != lines[size - 1].rank:
        return set()
    return {line.reference for line in lines if line.rank == lines[size].rank}


def _decided(lines, size, across):
    """Set `is_in` and `is_open` as placements and equality make them; returns the lines, equals that are in first."""
    equals = [line for line in lines if line.reference in across]
    others = [line for line in lines if line.reference not in across]
    for line in others:
        line.is_in = _is_in(line)
    seats = size - sum(line.is_in for line in others)
    chosen = sum(line.placement.is_shortlisted for line in equals if line.placement)
    free = sum(line.placement is None for line in equals)
    # Placing enough of them in leaves the others out; placing enough of them out brings the others in.
    is_full, is_last = chosen >= seats, chosen + free <= seats
    for line in equals:
        line.is_proposed, line.is_across = False, True
        line.is_open = line.placement is None and not is_full and not is_last
        line.is_in = line.placement.is_shortlisted if line.placement else is_last and not is_full
    equals.sort(key=lambda line: not line.is_in)
    above = [line for line in others if equals and line.rank is not None and line.rank < equals[0].rank]
    return above + equals + others[len(above) :]


def _is_in(line):
    return line.placement.is_shortlisted if line.placement else line.is_proposed


# As it was frozen -----------------------------------------------------------------------------------------------


ENTRY = ("rank", "mean", "median", "lowest", "spread", "sheets", "is_shortlisted", "is_equal", "reason")


def _frozen(shortlist, shut):
    """The entries of dossiers that are still there; who was equal to one that left stays so."""
    entry = "application__shortlist_entry__"
    rows = Submission.objects.counting().filter(**{f"{entry}shortlist": shortlist})
    rows = rows.exclude(application__state__in=GONE).order_by(f"{entry}rank")
    names = (*LINE, *(entry + name for name in ENTRY))
    rows = rows.values_list(*names)
    lines = [_frozen_line(row[: len(LINE)], row[len(LINE) :]) for row in rows if row[0] not in shut]
    for line in lines if shut else ():
        # Holes and equals among the ranks would tell that of the closed one.
        line.rank, line.is_equal, line.reason = None, False, ""
    return lines


def _frozen_line(row, entry):
    """A line with the figures of its entry; without a sheet it has none."""
    line, values = _line(row, (), ()), dict(zip(ENTRY, entry, strict=True))
    line.place, line.is_in = values.pop("rank"), values.pop("is_shortlisted")
    if not values["sheets"]:
        values |= dict.fromkeys(("mean", "median", "lowest", "spread"))
    line.rank, line.is_proposed = line.place if values["sheets"] else None, line.is_in
    for name, value in values.items():
        setattr(line, name, value)
    return line


def with_marks(found, lines):
    """Some lines of a `Board` with the marks that counted: those of a frozen one are read here (two statements)."""
    if found.is_frozen:
        counted, some = counted_at(found.shortlist.confirmed_at), [line.application_id for line in lines]
        sheets = sheets_of(counted, found.criteria, pk__in=some)
        for line in lines:
            line.marked = tuple(sheets.get(line.application_id, ()))
            line.criteria = figures_of(line.marked, found.criteria).get("criteria", {})
    return lines


def counted_at(at):
    """Sheets that counted at an instant in the past: sent, of an assignment and without an interest that stood then."""
    later = ScoreSheet.objects.filter(assignment=OuterRef("assignment"), version__gt=OuterRef("version"))
    ended = Q(assignment__ended_at__isnull=False, assignment__ended_at__lte=at)
    with_interest = Interest.objects.filter(
        Q(lifted_at=None) | Q(lifted_at__gt=at),
        application=OuterRef("assignment__application"),
        user=OuterRef("assignment__rapporteur__user"),
        declared_at__lte=at,
    )
    sent = ScoreSheet.objects.filter(~Exists(later.filter(begun_at__lte=at)), sent_at__lte=at)
    return sent.filter(~Exists(with_interest)).exclude(ended)
