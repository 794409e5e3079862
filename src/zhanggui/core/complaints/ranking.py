"""Which complaint to file first: what it may bring × the chance to win × how near its end is; and which malicious orders are worth one of the month's few."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp

import msgspec

from zhanggui.core.money import Fen

TAU = timedelta(days=2)
"""What ends two days later weighs 2.7 times less; an assumption that only decides what stands above what."""
WINDOW = timedelta(days=30)
"""Over how many days the quality refund rate counts."""


def expected(at_stake: Fen, chance: float) -> Fen:
    """What filing brings on the average."""
    return Fen(round(at_stake * chance))


def urgency(due: datetime | None, now: datetime, *, is_hard: bool = True) -> float:
    """1 at the end of its term, falling by e for every two days ahead; a month away where there is none.

    Once the term is over it is 0 where the platform takes nothing any more (`is_hard`), and 1 where the term was only a target: late, but still to be filed.
    """
    if due is None:
        return exp(-WINDOW / TAU)
    if due < now:
        return 0.0 if is_hard else 1.0
    return exp(-((due - now) / TAU))


def weight(at_stake: Fen, chance: float, due: datetime | None, now: datetime, *, is_hard: bool = True) -> float:
    """Expected value × deadline: what a list is ordered by."""
    return expected(at_stake, chance) * urgency(due, now, is_hard=is_hard)


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An order that counts in the quality refund rate and that speaks of malice."""

    order_no: str
    case_no: str | None
    counts_from: datetime
    """When its group formed, which is when it came into the thirty days."""
    signs: int
    """How many signs speak of malice."""
    chance: float


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """What winning would do to the rate: by so much, for so many days."""

    order_no: str
    case_no: str | None
    points: float
    """By how many percentage points the rate falls while the order is in the window."""
    days: float
    """How long that would last from now."""
    worth: float
    """Points × days × chance: what the orders are ranked by."""


def gains(candidates: Sequence[Candidate], formed: int, now: datetime, *, answer_takes: timedelta = timedelta()) -> tuple[Gain, ...]:
    """The candidates by what winning would do to the quality refund rate, most first; those that leave the window before an answer comes are worth nothing.

    Each win takes one order out of the numerator, so at one moment all move the rate alike; they differ in how long, and in how likely they are won.
    """
    points = 100 / formed if formed > 0 else 0.0
    found = []
    for each in candidates:
        days = max(0.0, (each.counts_from + WINDOW - (now + answer_takes)) / timedelta(days=1))
        found.append(Gain(order_no=each.order_no, case_no=each.case_no, points=points, days=days, worth=points * days * each.chance))
    return tuple(sorted(found, key=lambda gain: (-gain.worth, gain.order_no)))


def picked(ranked: Sequence[Gain], left: int) -> tuple[Gain, ...]:
    """Those that the rest of the month is spent on: as many as are left, none that moves nothing."""
    return tuple(gain for gain in ranked if gain.worth > 0)[:left]
