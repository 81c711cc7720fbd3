"""Rulers and scales: round steps, whatever is counted."""

import pytest

from hdh_portal.ground.drawing import ruler, scale_of, step_for

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(("most", "step"), [(0, 1), (20, 1), (21, 2), (41, 5), (138, 10), (201, 20), (10_000, 500)])
def test_step_is_round_and_leaves_few_parts(most, step):
    assert step_for(most, 20) == step


def test_ruler_marks_every_round_step():
    ticks = ruler(138)
    assert len(ticks) == 70
    assert [tick.at for tick in ticks if tick.is_long][:3] == ["0%", "7.25%", "14.49%"]
    assert ticks[-1].at == "100%"


def test_ruler_of_few_has_a_mark_for_each():
    assert [(tick.at, tick.is_long) for tick in ruler(2)] == [("0%", True), ("50%", True), ("100%", True)]
    assert ruler(0) == []


@pytest.mark.parametrize(("most", "end"), [(0, 20), (20, 20), (48, 60), (100, 100)])
def test_scale_ends_at_a_round_share(most, end):
    assert scale_of(most) == end
