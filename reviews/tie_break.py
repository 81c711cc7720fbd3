"""The order of dossiers by their marks, and between equals by the rules of the call. Pure: plain values in and out.

Source: the published order of the call (`Evaluation.tie_break`). Neither the hour of the deposit nor the alphabet ever
decides: dossiers that every rule leaves equal share their rank.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise, zip_longest

PLACES = 9  # decimals that count: sums of floats differ further down
CRITERION = "criterion:"
AXIS_BALANCE = "axis_balance"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the sheets of one dossier give, floats on the call's scale. `key`: of the dossier; `axis`: any value.

    `mean` and `median`: over the weighted means of its sheets; `lowest`: its lowest single mark; `criteria`: the mean
    of each criterion over its sheets, by key.
    """

    key: object
    axis: object
    mean: float
    median: float
    lowest: float
    criteria: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parting:
    """What put one dossier before another of the same mean: the rule, with what it compared of each.

    `own` is of the dossier that the parting is said of, `other` of its neighbour: marks, or of `axis_balance` how many
    dossiers of the same axis stood above both.
    """

    rule: str
    own: float
    other: float


@dataclass(frozen=True, slots=True)
class Place:
    """`rank` counts from 1, shared by equals; `rule`: the one that set the dossier apart, empty if the mean did.

    `parting`: from the neighbour of the same mean that stands towards the cut line, else from the other one, or None.
    """

    key: object
    rank: int
    rule: str
    is_equal: bool
    parting: Parting | None = None


def order(figures, ties, size):
    """The dossiers best first, as `[Place]`; equal ones keep the order in which they come.

    `ties`: rules between equals, in their order: `criterion:KEY` (the higher mean of this criterion), `median` (the
    higher one), `lowest_mark` (the higher one), `axis_balance` (the axis that has fewer dossiers among the first `size`
    lines above these equals), `collegial` (decided by people, never here). Raises ValueError for any other rule and
    KeyError for a criterion that no dossier has.
    """
    ordering = _Ordering(size)
    for equals in _grouped(figures, lambda one: one.mean):
        ordering.settle(equals, list(ties), "")
    return ordering.parted()


def rules_of(criteria):
    """Every rule that a call may name, given the keys of its criteria."""
    return [*(f"{CRITERION}{key}" for key in criteria), *RULES]


class _Ordering:
    """The places given so far, and how many dossiers of each axis stand above the cut line."""

    def __init__(self, size):
        self.size, self.places, self.counted = size, [], Counter()
        # {how many dossiers stand above: Parting of the one over from the one under}
        self.partings = {}

    def settle(self, equals, rules, decided):
        """Give their places to dossiers that `decided`, the last rule used, left equal; `rules`: those that follow."""
        if len(equals) > 1:
            for at, rule in enumerate(rules, 1):
                parts = _parts(equals, rule, self.counted)
                if len(parts) > 1:
                    compared = [_compared(part[0], rule, self.counted) for part in parts]
                    partings = [Parting(rule, own, other) for own, other in pairwise(compared)]
                    for part, parting in zip_longest(parts, partings):
                        self.settle(part, rules[at:], rule)
                        if parting is not None:
                            self.partings[len(self.places)] = parting
                    return
        self._put(equals, decided)

    def _put(self, equals, rule):
        rank = len(self.places) + 1
        for one in equals:
            if len(self.places) < self.size:
                self.counted[one.axis] += 1
            self.places.append(Place(one.key, rank, rule, len(equals) > 1))

    def parted(self):
        """The places, each with what parts it from its neighbour."""
        ends = {one.rank: last for last, one in enumerate(self.places, 1)}
        return [replace(one, parting=self._parting(one.rank, ends[one.rank])) for one in self.places]

    def _parting(self, first, last):
        """Of the places from `first` to `last`, which share their rank."""
        before, after = self.partings.get(first - 1), self.partings.get(last)
        upward = before and Parting(before.rule, before.other, before.own)
        return (upward or after) if first > self.size else (after or upward)


def _parts(equals, rule, counted):
    """The equals as one rule sets them apart, best first; one part if it does not."""
    if rule.startswith(CRITERION):
        key = rule.removeprefix(CRITERION)
        return _grouped(equals, lambda one: one.criteria[key])
    if rule not in RULES:
        raise ValueError(f"{rule!r} is no rule between equals")
    return RULES[rule](equals, counted)


def _compared(one, rule, counted):
    """What a rule that set dossiers apart compares of one of them."""
    if rule.startswith(CRITERION):
        return one.criteria[rule.removeprefix(CRITERION)]
    return {"median": one.median, "lowest_mark": one.lowest, AXIS_BALANCE: counted[one.axis]}[rule]


def _grouped(figures, value):
    """Lists of dossiers with the same value, the highest value first; the sort is stable."""

    def key(one):
        return -round(value(one), PLACES)

    return [list(group) for _value, group in groupby(sorted(figures, key=key), key=key)]


# The rules that need no criterion: `equals, {axis: dossiers above the cut line} -> parts`. The file of a call names
# these and no others. An axis is counted once for all: among equals nobody is first.
RULES = {
    "median": lambda equals, counted: _grouped(equals, lambda one: one.median),
    "lowest_mark": lambda equals, counted: _grouped(equals, lambda one: one.lowest),
    AXIS_BALANCE: lambda equals, counted: _grouped(equals, lambda one: -counted[one.axis]),
    "collegial": lambda equals, counted: [equals],
}
