"""Arithmetic of marks, without database: the steps of a call's scale and the weighted mean.

Marks are floats on steps of `mark_step` from `mark_min` to `mark_max`; weights are positive floats, of any sum.
"""

import math

# A step of 0.1 has no exact binary form: the number of steps is counted with this much to spare.
TOLERANCE = 1e-9


def scale_of(evaluation):
    """Every mark that may be given, lowest first; each the float nearest to its decimal form."""
    count = math.floor((evaluation.mark_max - evaluation.mark_min) / evaluation.mark_step + TOLERANCE)
    return [round(evaluation.mark_min + place * evaluation.mark_step, 6) for place in range(count + 1)]


def is_on_scale(value, evaluation):
    """True if `value` is one of the marks of the scale, to the last bit: nothing off it may part two equals."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value in scale_of(evaluation)


def weighted_mean(values, weights):
    """Mean of `values` by `weights` (same length, same order); a value that is None is left out with its weight.

    Returns a float, or None where nothing is marked. Raises ValueError if the lengths differ.
    """
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    if not pairs:
        return None
    return math.fsum(value * weight for value, weight in pairs) / math.fsum(weight for _value, weight in pairs)
