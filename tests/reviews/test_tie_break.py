"""The order between dossiers: by mean, then by the rules of the call; never by hour, alphabet or chance."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.tie_break import Figures, Parting, Place, order

pytestmark = pytest.mark.embedded
RULES = ["criterion:first", "criterion:second", "median", "lowest_mark", "axis_balance", "collegial"]


def dossier(key, mean=3.0, *, median=3.0, lowest=2.0, axis=1, first=3.0, second=3.0):
    return Figures(key, axis, mean, median, lowest, {"first": first, "second": second})


def ranks(figures, ties=RULES, size=2):
    return [(place.key, place.rank) for place in order(figures, ties, size)]


def test_higher_mean_stands_first():
    assert ranks([dossier("a", 2.0), dossier("b", 4.0), dossier("c", 3.0)]) == [("b", 1), ("c", 2), ("a", 3)]


@pytest.mark.parametrize(
    ("rule", "better"),
    [
        ("criterion:first", {"first": 3.5}),
        ("criterion:second", {"second": 3.5}),
        ("median", {"median": 3.5}),
        ("lowest_mark", {"lowest": 2.5}),
    ],
)
def test_each_rule_sets_equals_apart(rule, better):
    equals = [dossier("a"), dossier("b", **better)]
    (high,), low = better.values(), {"lowest_mark": 2.0}.get(rule, 3.0)
    assert order(equals, RULES, 2) == [
        Place("b", 1, rule, False, Parting(rule, high, low)),
        Place("a", 2, rule, False, Parting(rule, low, high)),
    ]
    assert order(equals, [], 2) == [Place("a", 1, "", True), Place("b", 1, "", True)]


def test_parting_at_the_line_is_that_of_the_two_dossiers_beside_it():
    """The median parts « a » from « b », but « b » from « c », who stand beside the line, the first criterion does."""
    equals = [
        dossier("a", first=4.0, median=3.5),
        dossier("b", first=4.0),
        dossier("c", first=3.5, lowest=2.5),
        dossier("d", first=3.5),
    ]
    partings = {one.key: one.parting for one in order(equals, RULES, 2)}
    assert partings == {
        "a": Parting("median", 3.5, 3.0),
        "b": Parting("criterion:first", 4.0, 3.5),
        "c": Parting("criterion:first", 3.5, 4.0),
        "d": Parting("lowest_mark", 2.0, 2.5),
    }


def test_parting_by_the_axes_says_how_many_stand_above():
    above = [dossier("x", 5.0, axis=1), dossier("y", 4.0, axis=1)]
    places = order([*above, dossier("a", axis=1), dossier("b", axis=2)], RULES, 3)
    assert [one.parting for one in places] == [
        None,
        None,
        Parting("axis_balance", 0, 2),
        Parting("axis_balance", 2, 0),
    ]


def test_equals_of_one_rank_share_what_parts_them_from_the_others():
    places = order([dossier("a", first=4.0), dossier("b"), dossier("c")], RULES, 1)
    assert [one.parting for one in places[1:]] == [Parting("criterion:first", 3.0, 4.0)] * 2


def test_rules_come_in_the_published_order():
    equals = [dossier("a", median=4.0), dossier("b", lowest=2.5)]
    assert ranks(equals, ["median", "lowest_mark"]) == [("a", 1), ("b", 2)]
    assert ranks(equals, ["lowest_mark", "median"]) == [("b", 1), ("a", 2)]


def test_rule_that_separates_some_leaves_the_others_to_the_next_ones():
    equals = [dossier("a"), dossier("b", lowest=2.5), dossier("c", first=4.0)]
    found = [(place.key, place.rank, place.rule) for place in order(equals, RULES, 2)]
    assert found == [("c", 1, "criterion:first"), ("b", 2, "lowest_mark"), ("a", 3, "lowest_mark")]


def test_axis_with_fewer_dossiers_above_the_line_comes_first():
    above = [dossier("x", 5.0, axis=1), dossier("y", 4.5, axis=1), dossier("z", 4.0, axis=2)]
    equals = [dossier("a", axis=1), dossier("b", axis=2), dossier("c", axis=3)]
    assert ranks(above + equals, size=4)[3:] == [("c", 4), ("b", 5), ("a", 6)]


def test_axis_balance_counts_only_what_is_above_the_line():
    above = [dossier("x", 5.0, axis=2), dossier("y", 4.0, axis=1), dossier("z", 3.5, axis=1)]
    equals = [dossier("a", axis=1), dossier("b", axis=2)]
    assert ranks(above + equals, size=1)[3:] == [("a", 4), ("b", 5)]
    assert ranks(above + equals, size=3)[3:] == [("b", 4), ("a", 5)]


def test_equals_of_one_axis_stay_equal_and_share_their_rank():
    found = order([dossier("x", 4.0), dossier("b"), dossier("a"), dossier("c", 1.0)], RULES, 2)
    assert [(place.key, place.rank, place.is_equal) for place in found] == [
        ("x", 1, False),
        ("b", 2, True),
        ("a", 2, True),
        ("c", 4, False),
    ]


def test_what_floats_add_is_no_difference():
    assert ranks([dossier("a", 0.1 + 0.2), dossier("b", 0.3)], size=1) == [("a", 1), ("b", 1)]


def test_unknown_rule_is_an_error_once_it_is_needed():
    with pytest.raises(ValueError, match="'hour' is no rule"):
        order([dossier("a"), dossier("b")], ["hour"], 1)
    with pytest.raises(KeyError):
        order([dossier("a"), dossier("b")], ["criterion:third"], 1)


half = st.integers(min_value=0, max_value=4).map(lambda step: step / 2)
some = st.lists(st.tuples(half, half, half, half, half, st.integers(1, 3)), max_size=14)


@given(some, st.permutations(RULES), st.integers(1, 6), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_order_is_the_same_however_the_dossiers_come(rows, ties, size, chance):
    figures = [
        dossier(key, mean, median=median, lowest=lowest, first=first, second=second, axis=axis)
        for key, (mean, median, lowest, first, second, axis) in enumerate(rows)
    ]
    found = order(figures, ties, size)
    mixed = random.Random(chance.random()).sample(figures, len(figures))
    again = {place.key: (place.rank, place.rule, place.is_equal) for place in order(mixed, ties, size)}
    assert {place.key: (place.rank, place.rule, place.is_equal) for place in found} == again
    means = {one.key: one.mean for one in figures}
    assert [means[place.key] for place in found] == sorted(means.values(), reverse=True)
    shared = [place.rank for place in found]
    assert all((shared.count(place.rank) > 1) == place.is_equal for place in found)
    assert shared == sorted(shared)
