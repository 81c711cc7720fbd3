"""Numbers for the pictures that the server draws: plain values in, SVG lengths out. No Django."""

from dataclasses import dataclass

MOST = 20  # long ticks on a ruler: each must be told from the next one on a phone


@dataclass(frozen=True)
class Tick:
    """One mark of a ruler, `at` in % of its length."""

    at: str
    is_long: bool


def step_for(most, parts):
    """The smallest of 1, 2, 5, 10, 20, 50… of which `parts` or fewer make `most`."""
    step = 1
    while most > parts * step:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def ruler(total):
    """Ticks of a ruler from 0 to `total` (a whole number): a long one each round step, four short ones between."""
    long = step_for(total, MOST)
    short = max(1, long // 5)
    return [
        Tick(f"{round(place * 100 / total, 2):g}%", place % long == 0) for place in range(0, total + 1, short) if total
    ]


def scale_of(most, step=20):
    """Where an axis of shares (in %) that begins at 0 ends: the first multiple of `step` that holds `most`."""
    return max(step, -(-most // step) * step)
