"""Numbers for the pictures that the server draws: plain values in, SVG lengths out. No Django.

Positions across are percentages, positions down are pixels, so that letters keep their size on every screen.
"""

from dataclasses import dataclass
from datetime import date

FLOOR = 180  # px: where the bars stand
HEIGHT = 160  # px: the highest grid line above the floor
LEFT, WIDTH = 5, 93  # %: room for the numbers at the left, for the closing line at the right


@dataclass(frozen=True)
class Bar:
    """One day: `x`, `width`, `middle` in %, `y`, `height`, `name_y` in px; `labelled` days are named under the axis."""

    day: date
    count: int
    x: str
    width: str
    middle: str
    y: int
    height: int
    name_y: int
    labelled: bool


@dataclass(frozen=True)
class Line:
    """One line of the grid: `count` at `y`, its text at `text_y` (px)."""

    count: int
    y: int
    text_y: int


@dataclass(frozen=True)
class Picture:
    bars: list[Bar]
    grid: list[Line]


def grid_step(most):
    """The smallest of 1, 2, 5, 10, 20, 50… that needs four lines or fewer above zero for `most`."""
    step = 1
    while most > 4 * step:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def daily_bars(counts):
    """Bars of `counts`, a list of (date, integer ≥ 0) in order, on a grid from zero; a label each seven days."""
    most = max((count for _, count in counts), default=0)
    step = grid_step(most)
    top = step * max(1, -(-most // step))
    share = WIDTH / max(1, len(counts))
    bars = []
    for index, (day, count) in enumerate(counts):
        x, width, height = LEFT + share * (index + 0.2), share * 0.68, round(HEIGHT * count / top)
        bars.append(
            Bar(
                *(day, count, f"{x:.2f}%", f"{width:.2f}%", f"{x + width / 2:.2f}%"),
                *(FLOOR - height, height, FLOOR - height + 12, index % 7 == 0),
            )
        )
    lines = [(count, FLOOR - round(HEIGHT * count / top)) for count in range(0, top + 1, step)]
    return Picture(bars=bars, grid=[Line(count, y, y + 4) for count, y in lines])
