"""The arithmetic of marks: the steps of a scale, what is on it, and the weighted mean."""

from types import SimpleNamespace

import pytest

from reviews.marks import is_on_scale, scale_of, weighted_mean

pytestmark = pytest.mark.embedded


def scale(low, high, step):
    return SimpleNamespace(mark_min=low, mark_max=high, mark_step=step)


@pytest.mark.parametrize(
    ("call", "marks"),
    [
        (scale(0.0, 2.0, 0.5), [0.0, 0.5, 1.0, 1.5, 2.0]),
        (scale(1.0, 4.0, 1.0), [1.0, 2.0, 3.0, 4.0]),
        (scale(0.0, 0.3, 0.1), [0.0, 0.1, 0.2, 0.3]),
        (scale(0.0, 5.0, 2.0), [0.0, 2.0, 4.0]),
    ],
)
def test_scale_has_each_step_from_its_minimum(call, marks):
    assert scale_of(call) == marks
    assert all(is_on_scale(mark, call) for mark in marks)


@pytest.mark.parametrize(
    "value", [5.5, -0.5, 0.25, float("nan"), float("-inf"), "3", None, True, 10**400, 4.0000000009]
)
def test_what_is_no_step_is_off_the_scale(value):
    assert not is_on_scale(value, scale(0.0, 5.0, 0.5))


def test_step_that_has_no_exact_float_is_the_one_that_its_decimal_form_gives():
    assert is_on_scale(float("0.3"), scale(0.0, 1.0, 0.1))
    assert not is_on_scale(0.1 + 0.2, scale(0.0, 1.0, 0.1))


def test_mean_weighs_what_is_marked_and_leaves_out_the_rest():
    assert weighted_mean([4.0, 3.5, 4.0, 4.5, None, None], [1.0] * 6) == 4.0
    assert weighted_mean([4.0, 1.0, None], [2.0, 1.0, 5.0]) == 3.0
    assert weighted_mean([0.0], [0.5]) == 0.0
    assert weighted_mean([None, None], [1.0, 1.0]) is None
    assert weighted_mean([], []) is None


def test_mean_refuses_lengths_that_differ():
    with pytest.raises(ValueError, match=r"shorter|longer"):
        weighted_mean([1.0], [1.0, 1.0])
