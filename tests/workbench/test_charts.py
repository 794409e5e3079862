"""Drawings: every point in its place, gaps never drawn through, the target inside, bars in proportion."""

import pytest

from zhanggui.workbench.charts import Bar, Point, drawn_bars, drawn_line


def test_it_parts_the_line_at_a_gap_and_draws_a_lone_point_as_a_dot() -> None:
    drawn = drawn_line([Point("1", 0.0), Point("2", 10.0), Point("3", None), Point("4", 5.0)], from_zero=True)

    assert drawn.paths == ("M12.5 100.0 L37.5 16.67",)
    assert [(slot.x, slot.y) for slot in drawn.lone] == [(87.5, 58.33)]
    assert (drawn.low, drawn.high) == (0.0, 12.0)


def test_it_holds_the_target_and_the_bounds_of_what_is_guessed() -> None:
    drawn = drawn_line([Point("1", 4.0, low=3.0, high=5.0), Point("2", 4.2, low=2.0, high=6.0)], target=8.0)

    assert drawn.low <= 2.0
    assert drawn.high >= 8.0
    assert drawn.target is not None
    assert 0 <= drawn.target <= 100
    assert drawn.band.count("L") == 3


@pytest.mark.parametrize("values", [[], [None], [0.0, 0.0], [7.0], [-3.0, -3.0]])
def test_it_draws_any_series(values: list[float | None]) -> None:
    drawn = drawn_line([Point(str(at), value) for at, value in enumerate(values)])

    assert drawn.low < drawn.high
    assert all(slot.y is None or 0 <= slot.y <= 100 for slot in drawn.slots)


def test_bars_are_as_long_as_their_share_of_the_longest() -> None:
    widths = [(width, more) for _, width, more in drawn_bars([Bar("a", 30, more=10), Bar("b", 10), Bar("c", 0)])]

    assert widths == [(75.0, 25.0), (25.0, 0.0), (0.0, 0.0)]
    assert drawn_bars([Bar("a", 0)])[0][1] == 0.0
