"""The order of dossiers by their marks, and between equals by the rules of the call. Pure: plain values in and out.

Source: the published order of the call (`Evaluation.tie_break`). Neither the hour of the deposit nor the alphabet ever
decides: dossiers that every rule leaves equal share their rank.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

PLACES = 9  # decimals that count: sums of floats differ further down
CRITERION = "criterion:"


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
class Place:
    """`rank` counts from 1, shared by equals; `rule`: the one that set the dossier apart, empty if the mean did."""

    key: object
    rank: int
    rule: str
    is_tied: bool


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
    return ordering.places


def rules_of(criteria):
    """Every rule that a call may name, given the keys of its criteria."""
    return [*(f"{CRITERION}{key}" for key in criteria), *RULES]


class _Ordering:
    """The places given so far, and how many dossiers of each axis stand above the cut line."""

    def __init__(self, size):
        self.size, self.places, self.counted = size, [], Counter()

    def settle(self, equals, rules, decided):
        """Give their places to dossiers that `decided`, the last rule used, left equal; `rules`: those that follow."""
        if len(equals) > 1:
            for at, rule in enumerate(rules, 1):
                parts = _parts(equals, rule, self.counted)
                if len(parts) > 1:
                    for part in parts:
                        self.settle(part, rules[at:], rule)
                    return
        self._put(equals, decided)

    def _put(self, equals, rule):
        rank = len(self.places) + 1
        for one in equals:
            if len(self.places) < self.size:
                self.counted[one.axis] += 1
            self.places.append(Place(one.key, rank, rule, len(equals) > 1))


def _parts(equals, rule, counted):
    """The equals as one rule sets them apart, best first; one part if it does not."""
    if rule.startswith(CRITERION):
        key = rule.removeprefix(CRITERION)
        return _grouped(equals, lambda one: one.criteria[key])
    if rule not in RULES:
        raise ValueError(f"{rule!r} is no rule between equals")
    return RULES[rule](equals, counted)


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
    "axis_balance": lambda equals, counted: _grouped(equals, lambda one: -counted[one.axis]),
    "collegial": lambda equals, counted: [equals],
}
