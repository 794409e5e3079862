"""The hours people work, as one line of working time: what is packed moves along it, closed hours take no time."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from zhanggui.core.moments import SHANGHAI

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


class OpenHours(msgspec.Struct, frozen=True):
    """When parcels are packed: from one time of the day to another, on these weekdays (Monday 1)."""

    opens: str = "09:00"
    closes: str = "18:00"
    weekdays: tuple[int, ...] = EVERY_DAY

    def windows(self, first: date, days: int) -> tuple[tuple[datetime, datetime], ...]:
        """The periods worked on these Shanghai days."""
        listed = (first + timedelta(days=number) for number in range(days))
        return tuple((on_day(day, self.opens), on_day(day, self.closes)) for day in listed if day.isoweekday() in self.weekdays)


def on_day(day: date, clock: str) -> datetime:
    """The moment a Shanghai clock shows this time on that day; 24:00 is the end of the day."""
    hours, minutes = clock.split(":")
    at = datetime.combine(day, time(), tzinfo=SHANGHAI)
    return at + timedelta(hours=int(hours), minutes=int(minutes))


class WorkLine:
    """The worked periods laid end to end. Places on the line are whole milliseconds of working time since the first period began."""

    def __init__(self, windows: Sequence[tuple[datetime, datetime]]) -> None:
        self.windows = tuple(windows)
        self._starts = [start for start, _ in self.windows]
        self._ends: list[int] = []
        total = 0
        for start, end in self.windows:
            total += _milliseconds(end - start)
            self._ends.append(total)
        self.length = total
        self._places: dict[datetime, int] = {}

    def place(self, moment: datetime) -> int:
        """How much working time has passed by the moment."""
        found = self._places.get(moment)
        if found is None:
            found = self._places[moment] = self._place(moment)
        return found

    def _place(self, moment: datetime) -> int:
        at = bisect_right(self._starts, moment) - 1
        if at < 0:
            return 0
        start, end = self.windows[at]
        before = self._ends[at - 1] if at else 0
        return before + _milliseconds(min(moment, end) - start)

    def moment(self, place: int) -> datetime | None:
        """The first moment at which so much working time has passed; None beyond the last period."""
        at = bisect_left(self._ends, place)
        if at == len(self._ends):
            return None
        before = self._ends[at - 1] if at else 0
        return self.windows[at][0] + timedelta(milliseconds=max(0, place - before))

    def is_open(self, moment: datetime) -> bool:
        """Whether people are at work at the moment; the last instant of a period no longer counts."""
        at = bisect_right(self._starts, moment) - 1
        return at >= 0 and moment < self.windows[at][1]


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
