"""Quiet hours end when they should: over midnight, one after the other, on working days only, or never."""

from datetime import UTC, date, datetime, time

import pytest

from zhanggui.core.alerts.quiet import Days, Quiet, quiet_until
from zhanggui.core.moments import from_shanghai
from zhanggui.core.working_time import WorkCalendar, YearCalendar
from zhanggui.rulebook import load

NIGHT = Quiet(time(22), time(8))
NOON = Quiet(time(12), time(13, 30))
WEEKEND = Quiet(time(8), time(22), Days.DAYS_OFF)
OFFICE = Quiet(time(9), time(18), Days.WORKING_DAYS)
ALL_DAY = Quiet(time(0), time(0))


def at(text: str) -> datetime:
    return from_shanghai(datetime.fromisoformat(text))


# 2026-03-06 is a Friday, 2026-02-15 to 23 is the Spring Festival, 2026-02-14 and 28 are worked Saturdays
@pytest.mark.parametrize(
    ("moment", "periods", "ends"),
    [
        ("2026-03-03 15:00", (NIGHT,), "2026-03-03 15:00"),
        ("2026-03-03 22:00", (NIGHT,), "2026-03-04 08:00"),
        ("2026-03-03 21:59", (NIGHT,), "2026-03-03 21:59"),
        ("2026-03-04 07:59", (NIGHT,), "2026-03-04 08:00"),
        ("2026-03-04 08:00", (NIGHT,), "2026-03-04 08:00"),
        ("2026-03-03 12:10", (NIGHT, NOON), "2026-03-03 13:30"),
        ("2026-03-06 23:00", (NIGHT, WEEKEND), "2026-03-09 08:00"),
        ("2026-03-07 10:00", (WEEKEND,), "2026-03-07 22:00"),
        ("2026-02-14 10:00", (WEEKEND,), "2026-02-14 10:00"),
        ("2026-02-18 10:00", (OFFICE,), "2026-02-18 10:00"),
        ("2026-02-28 10:00", (OFFICE,), "2026-02-28 18:00"),
        ("2026-03-03 10:00", (ALL_DAY,), None),
        ("2026-03-03 10:00", (), "2026-03-03 10:00"),
    ],
)
def test_it_is_quiet_until(moment: str, periods: tuple[Quiet, ...], ends: str | None) -> None:
    expected = None if ends is None else at(ends)

    assert quiet_until(at(moment), periods, load().calendar) == expected


def test_it_knows_the_weekends_of_a_year_that_was_not_announced() -> None:
    nothing = WorkCalendar([YearCalendar(year=2020, notice="", source="", checked=date(2020, 1, 1), holidays={}, make_up_days=())])

    assert quiet_until(datetime(2031, 3, 1, 4, tzinfo=UTC), (WEEKEND,), nothing) == datetime(2031, 3, 1, 14, tzinfo=UTC)
    assert quiet_until(datetime(2031, 3, 3, 4, tzinfo=UTC), (WEEKEND,), nothing) == datetime(2031, 3, 3, 4, tzinfo=UTC)
