"""Arithmetic of the figures that people read: one rounding, and percentages that make a whole."""

from decimal import ROUND_HALF_UP, Decimal

NOISE = 9  # decimals of a float that count: sums of floats differ further down


def rounded(value, places):
    """`value` to so many decimals, half up (away from zero): the one rounding of every figure that people read.

    « 0,125 » is « 0,13 », where Python's own `round` and formats go to the even digit, or follow the binary form.
    """
    return float(Decimal(f"{value:.{NOISE}f}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def shares(counts):
    """Whole percentages of `counts` (integers ≥ 0) that sum to 100, by the largest remainder; all 0 of nothing.

    Equal remainders go to the larger count, then to the first. Integers only: no rounding of floats.
    """
    total = sum(counts)
    if total == 0:
        return [0] * len(counts)
    parts = [count * 100 // total for count in counts]
    order = sorted(range(len(counts)), key=lambda i: (-(counts[i] * 100 % total), -counts[i], i))
    for i in order[: 100 - sum(parts)]:
        parts[i] += 1
    return parts
