"""What a shift's staffing would have given: the waits of buyers played through a plain queue, and held against the rate.

Assumed: each wait of a buyer takes one answer; an answer takes every rep as long; who came first is answered first; a rep writes to one buyer at a time
and is there for the whole of an hour.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from zhanggui.core.moments import in_shanghai, shanghai_day

HOURS = range(24)
_HOUR = timedelta(hours=1)
_LONGEST = 48
"""So many hours ahead a wait is looked after; who is not answered by then is not answered."""


class Wait(msgspec.Struct, frozen=True):
    """A buyer begins to wait for a person; `took` is how long it really was, None where nobody answered."""

    buyer: str
    at: datetime
    took: timedelta | None = None

    @property
    def hour(self) -> int:
        """The hour of the day in Shanghai."""
        return in_shanghai(self.at).hour


class Counted(msgspec.Struct, frozen=True):
    """How many of the waits were answered in time, and of the days of buyers."""

    waits: int
    in_time: int
    days: int
    days_in_time: int

    @property
    def share(self) -> float | None:
        """The share of waits answered in time; None where nobody waited."""
        return self.in_time / self.waits if self.waits else None

    @property
    def rate(self) -> float | None:
        """The rate by buyers and days; None where nobody waited."""
        return self.days_in_time / self.days if self.days else None


def played(waits: Iterable[Wait], reps: Mapping[int, int], answer: timedelta) -> list[Wait]:
    """The waits as they would have been with so many reps by hour of the day and so long an answer."""
    hours = [frozenset(hour for hour in HOURS if reps.get(hour, 0) > place) for place in range(max((*reps.values(), 0)))]
    ready: list[datetime | None] = [None] * len(hours)
    found: list[Wait] = []
    for wait in sorted(waits, key=lambda each: (each.at, each.buyer)):
        starts = [
            (start, place)
            for place, since in enumerate(ready)
            if (start := _starts(wait.at if since is None else max(wait.at, since), hours[place])) is not None
        ]
        if not starts:
            found.append(Wait(wait.buyer, wait.at))
            continue
        start, place = min(starts)
        ready[place] = start + answer
        found.append(Wait(wait.buyer, wait.at, start + answer - wait.at))
    return found


def _starts(at: datetime, hours: frozenset[int]) -> datetime | None:
    """The first moment from this one on that lies in one of the hours."""
    if len(hours) == len(HOURS):
        return at
    for _ in range(_LONGEST):
        local = in_shanghai(at)
        if local.hour in hours:
            return at
        at += _HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return None


def counted(waits: Sequence[Wait], within: timedelta) -> Counted:
    """The waits against the term: each by itself, and each buyer's day, which one late answer fails."""
    days: dict[tuple[str, date], bool] = {}
    in_time = 0
    for wait in waits:
        is_in_time = wait.took is not None and wait.took <= within
        in_time += is_in_time
        key = (wait.buyer, shanghai_day(wait.at))
        days[key] = days.get(key, True) and is_in_time
    return Counted(len(waits), in_time, len(days), sum(days.values()))


def by_hour(waits: Sequence[Wait], within: timedelta) -> dict[int, Counted]:
    """The same for each hour of the day in which somebody began to wait."""
    hours: dict[int, list[Wait]] = {}
    for wait in waits:
        hours.setdefault(wait.hour, []).append(wait)
    return {hour: counted(hours[hour], within) for hour in sorted(hours)}


def needed(with_reps: Sequence[Mapping[int, Counted]], target: float) -> dict[int, int]:
    """Of each hour the fewest reps, from one on, with which its share reaches the target; as many as were tried where none suffices."""
    found: dict[int, int] = {}
    for reps, shares in enumerate(with_reps, start=1):
        for hour, told in shares.items():
            if hour not in found and (told.share or 0.0) >= target:
                found[hour] = reps
    return {hour: found.get(hour, len(with_reps)) for shares in with_reps[:1] for hour in shares}
