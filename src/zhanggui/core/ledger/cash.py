"""Cash: what is bound, what is on its way to the bank, and what comes free when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen


class WithdrawalState(StrEnum):
    """How far a withdrawal is."""

    ASKED = "withdrawal_asked"
    ARRIVED = "withdrawal_arrived"
    FAILED = "withdrawal_failed"


class HoldKind(StrEnum):
    """Why money is bound."""

    SHOP_DEPOSIT = "shop_deposit"
    ACTIVITY_DEPOSIT = "activity_deposit"
    FROZEN = "frozen_money"
    OTHER = "other_hold"


class HoldState(StrEnum):
    """Whether it still is."""

    HELD = "hold_held"
    FREED = "hold_freed"
    LOST = "hold_lost"
    """Some or all of it was taken."""


class Coming(StrEnum):
    """What comes free or arrives."""

    SHIPPED = "orders_on_the_way"
    TO_SHIP = "orders_not_sent"
    HOLD = "hold_free"
    WITHDRAWAL = "withdrawal_in_bank"


class OrderMoney(msgspec.Struct, frozen=True):
    """What buyers paid for the orders of one day that no refund is asked for."""

    day: date
    coming: Coming
    orders: int
    fen: Fen


class HeldSum(msgspec.Struct, frozen=True):
    """A sum that is bound, and when it should come free; None: nobody knows."""

    fen: Fen
    free_at: datetime | None


class CalendarDay(msgspec.Struct, frozen=True):
    """What one day brings, by what it is."""

    day: date
    sums: Mapping[Coming, Fen]


class CashCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """What comes when: late sums first, then day by day, then what lies beyond the days asked for and what has no day."""

    days: tuple[CalendarDay, ...]
    late: Mapping[Coming, Fen]
    """Should have come before today."""
    beyond: Mapping[Coming, Fen]
    undated: Fen

    @property
    def total(self) -> Fen:
        """Everything that is to come and can be used then: withdrawals only move what the shop has."""
        told = [self.late, self.beyond, *(day.sums for day in self.days)]
        return Fen(sum(fen for sums in told for coming, fen in sums.items() if coming is not Coming.WITHDRAWAL) + self.undated)


def calendar(
    orders: Iterable[OrderMoney], holds: Iterable[HeldSum], withdrawals: Iterable[tuple[Fen, datetime]], received_after_days: int, today: date, days: int
) -> CashCalendar:
    """What comes free in the days from today on."""
    told: list[tuple[date, Coming, int]] = [(one.day + timedelta(days=received_after_days), one.coming, one.fen) for one in orders if one.fen]
    undated = 0
    for hold in holds:
        if hold.free_at is None:
            undated += hold.fen
        else:
            told.append((shanghai_day(hold.free_at), Coming.HOLD, hold.fen))
    told += [(shanghai_day(due_at), Coming.WITHDRAWAL, fen) for fen, due_at in withdrawals]
    last = today + timedelta(days=days - 1)
    by_day: dict[date, dict[Coming, Fen]] = {}
    for day, coming, fen in told:
        if today <= day <= last:
            _add(by_day.setdefault(day, {}), coming, fen)
    late: dict[Coming, Fen] = {}
    beyond: dict[Coming, Fen] = {}
    for day, coming, fen in told:
        if day < today:
            _add(late, coming, fen)
        elif day > last:
            _add(beyond, coming, fen)
    shown = tuple(CalendarDay(day, by_day[day]) for day in sorted(by_day))
    return CashCalendar(days=shown, late=late, beyond=beyond, undated=Fen(undated))


class Moved(msgspec.Struct, frozen=True):
    """A line of the bill that moved money out."""

    line_no: str
    fen: Fen
    at: datetime


def lines_of_withdrawals(withdrawals: Sequence[tuple[int, Fen, datetime]], moved: Iterable[Moved], tolerance: timedelta) -> dict[int, Moved]:
    """The line of the bill that each withdrawal (number, sum, asked at) stands in: of the same sum and near enough, the nearest pairs first, each line once."""
    listed = list(moved)
    pairs = [
        (abs(line.at - asked_at), no, line.line_no, line)
        for no, fen, asked_at in withdrawals
        for line in listed
        if line.fen == fen and abs(line.at - asked_at) <= tolerance
    ]
    found: dict[int, Moved] = {}
    taken: set[str] = set()
    for _, no, line_no, line in sorted(pairs, key=lambda pair: pair[:3]):
        if no not in found and line_no not in taken:
            found[no] = line
            taken.add(line_no)
    return found


def _add(sums: dict[Coming, Fen], coming: Coming, fen: int) -> None:
    sums[coming] = Fen(sums.get(coming, 0) + fen)
