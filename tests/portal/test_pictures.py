from datetime import date, timedelta

import pytest

from hdh_portal.pictures import daily_bars, grid_step

FIRST = date(2020, 5, 3)


def picture(*counts):
    return daily_bars([(FIRST + timedelta(days=index), count) for index, count in enumerate(counts)])


@pytest.mark.parametrize(("most", "step"), [(0, 1), (4, 1), (5, 2), (9, 5), (33, 10), (41, 20), (81, 50), (201, 100)])
def test_grid_has_four_lines_at_most(most, step):
    assert grid_step(most) == step


def test_daily_bars_stand_on_the_floor_and_keep_their_proportions():
    bars = picture(0, 10, 20, 40).bars
    assert [(bar.y, bar.height) for bar in bars] == [(180, 0), (140, 40), (100, 80), (20, 160)]
    assert [bar.count for bar in bars] == [0, 10, 20, 40]


def test_daily_bars_name_one_day_in_seven():
    assert [bar.day for bar in picture(*range(15)).bars if bar.labelled] == [
        date(2020, 5, 3),
        date(2020, 5, 10),
        date(2020, 5, 17),
    ]


def test_daily_bars_of_nothing_draw_an_empty_grid():
    assert daily_bars([]).bars == []
    assert [line.count for line in daily_bars([]).grid] == [0, 1]
