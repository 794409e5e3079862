"""When carriers come: visits entered by the minute of the day and the weekday, as moments."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Protocol

from zhanggui.core.moments import shanghai_day, start_of_day


class Comes(Protocol):
    """A carrier that takes parcels at this minute of the day, on these weekdays (Monday 1)."""

    @property
    def at_minute(self) -> int: ...
    @property
    def weekdays(self) -> str: ...


def visits_from(visits: Iterable[Comes], start: datetime, days: int) -> tuple[datetime, ...]:
    """The moments of these visits from `start` on, over so many days, rising."""
    listed = tuple(visits)
    first = shanghai_day(start)
    every = (at for number in range(days) for at in _of_day(listed, first + timedelta(days=number)))
    return tuple(sorted({at for at in every if at >= start}))


def next_visit(visits: Iterable[Comes], moment: datetime) -> datetime | None:
    """The first of these visits at or after the moment; None where none comes within a week."""
    listed = tuple(visits)
    first = shanghai_day(moment)
    for number in range(8):
        coming = [at for at in _of_day(listed, first + timedelta(days=number)) if at >= moment]
        if coming:
            return min(coming)
    return None


def _of_day(visits: Iterable[Comes], day: date) -> Iterator[datetime]:
    begins, weekday = start_of_day(day), str(day.isoweekday())
    return (begins + timedelta(minutes=visit.at_minute) for visit in visits if weekday in visit.weekdays)
