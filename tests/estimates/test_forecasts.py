"""Forecasts: what leaves the window is exact, what comes is guessed by stretches of the past, and the past is tried honestly."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from zhanggui.estimates.forecasts import DayBrought, Forecast, Kind, crossing, fallen_below, forecast

TODAY = date(2026, 11, 22)


def days(count: int, brought: Callable[[int], tuple[int, int]]) -> list[DayBrought]:
    """The last so many days before today; `brought` is asked with the number of each, 0 the oldest."""
    return [DayBrought(TODAY - timedelta(days=count - number), *brought(number)) for number in range(count)]


def test_it_keeps_counting_what_comes_every_day() -> None:
    found = forecast(days(60, lambda _: (2, 0)), 20, today=TODAY, window=90, kind=Kind.COUNT)

    assert [point.value for point in found.points] == [120.0 + 2 * ahead for ahead in range(1, 21)]
    assert [found.points[0].low, found.points[1].high] == [120.0, 124 + 1.645 * 2]  # by chance alone, and never below what stays


def test_it_lets_go_of_exactly_what_leaves_the_window() -> None:
    """Thirty came on one day 89 days ago; it counts for the last time today."""
    told = days(100, lambda number: (30 if number == 10 else 0, 0))

    found = forecast(told, 3, today=TODAY, window=90, kind=Kind.COUNT)

    assert (found.now, [point.if_nothing for point in found.points]) == ((30, 0), [(0, 0)] * 3)
    assert fallen_below(found, 30) == TODAY + timedelta(days=1)


def test_it_reckons_a_share_of_both_sums() -> None:
    found = forecast(days(60, lambda number: (number % 2, 2)), 10, today=TODAY, window=30)

    assert (found.value, found.points[9].value) == (0.25, 0.25)
    assert [round(bound or 0, 4) for bound in (found.points[9].low, found.points[9].high)] == [0.1968, 0.3032]  # 1.645·√(0.1885·20)/60


def test_it_says_nothing_of_a_past_that_is_too_short() -> None:
    found = forecast(days(27, lambda _: (1, 1)), 30, today=TODAY, window=90)

    assert (found.is_short, found.known_days, found.error, found.backtest) == (True, 27, None, ())


def test_it_looks_no_further_ahead_than_half_the_past() -> None:
    found = forecast(days(40, lambda _: (1, 1)), 45, today=TODAY, window=90)

    assert (len(found.points), found.asked_days) == (20, 45)


def test_quiet_days_before_the_first_event_count_where_the_first_day_is_told() -> None:
    told = days(3, lambda _: (3, 0))

    found = forecast(told, 5, today=TODAY, window=90, kind=Kind.COUNT, first=TODAY - timedelta(days=60))

    assert (found.known_days, found.now[0], len(found.points)) == (60, 9, 5)
    assert found.points[4].low == 9.0


def test_it_tells_when_a_threshold_is_crossed() -> None:
    found = forecast(days(40, lambda _: (1, 0)), 20, today=TODAY, window=90, kind=Kind.COUNT)

    told = crossing(found, 50)

    assert (told.is_there, told.day) == (False, TODAY + timedelta(days=10))
    assert told.early is not None
    assert TODAY + timedelta(days=4) < told.early < TODAY + timedelta(days=10)
    assert told.late is None or told.late > TODAY + timedelta(days=10)


def test_a_threshold_that_has_to_be_passed_is_not_reached_by_being_met() -> None:
    found = forecast(days(40, lambda _: (1, 0)), 20, today=TODAY, window=90, kind=Kind.COUNT)

    met, passed = crossing(found, 40), crossing(found, 40, is_strict=True)

    assert (met.is_there, passed.is_there) == (True, False)
    assert crossing(found, 50, is_strict=True).day == TODAY + timedelta(days=11)


def test_it_tells_that_a_threshold_is_not_crossed() -> None:
    found = forecast(days(40, lambda _: (1, 0)), 9, today=TODAY, window=90, kind=Kind.COUNT)

    assert crossing(found, 50).day is None
    assert crossing(found, 50).looked_to == TODAY + timedelta(days=9)


def test_the_error_of_what_never_changes_is_nothing() -> None:
    found = forecast(days(120, lambda _: (5, 1)), 30, today=TODAY, window=60)

    assert [(tried.ahead, round(tried.error, 9), tried.inside == tried.tried) for tried in found.backtest] == [(7, 0, True), (14, 0, True), (30, 0, True)]
    assert found.widened == 1.0


def test_the_past_is_tried_with_what_was_known_then_alone() -> None:
    """The rate doubles sixty days ago: looking ahead over the change must fail, since nothing told of it."""
    told = days(120, lambda number: (1 if number < 60 else 2, 0))

    found = forecast(told, 14, today=TODAY, window=30, kind=Kind.COUNT)

    fortnight = next(tried for tried in found.backtest if tried.ahead == 14)
    assert fortnight.error > 0
    assert fortnight.inside < fortnight.tried


def test_the_bounds_hold_about_nine_times_in_ten() -> None:
    """Of forty shops that differ in everything, thirty days ahead."""
    held = sum(_holds(Random(seed)) for seed in range(40))

    assert held >= 34


def test_the_forecast_is_nearer_than_to_say_that_nothing_changes() -> None:
    random = Random(4)

    found = forecast(days(200, lambda number: (_came(random, 0.5 + number / 50), 0)), 30, today=TODAY, window=60, kind=Kind.COUNT)

    assert all(tried.error < tried.naive for tried in found.backtest)


def _holds(random: Random) -> bool:
    rate = random.uniform(0.3, 6)
    whole = days(190, lambda number: (_came(random, rate * (1.5 if number % 7 > 4 else 0.9)), 0))
    cut = TODAY - timedelta(days=30)
    found: Forecast = forecast([day for day in whole if day.day < cut], 30, today=cut, window=60, kind=Kind.COUNT)
    came = sum(day.num for day in whole if day.day >= TODAY - timedelta(days=60))
    point = found.points[29]
    assert point.low is not None
    assert point.high is not None
    return point.low <= came <= point.high


def _came(random: Random, rate: float) -> int:
    return sum(random.random() < rate / 20 for _ in range(20))
