"""What the overview holds: of every number also what it is a share of, and whether it can be told at all."""

from datetime import date, datetime

import msgspec

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.standing.listing import MeasureRow
from zhanggui.actions.standing.seeing import StandingSeen
from zhanggui.core.advice.book import Grievance
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.periods import Period
from zhanggui.records.bill_entries import ClassTotal
from zhanggui.records.overview import DaySales, GoodsSum, RepSum, StarCount


class Sales(msgspec.Struct, frozen=True):
    """The orders bought in a time, what was paid for them, and those of them that were refunded by now."""

    orders: int
    paid: Fen
    refunded: int
    refunded_paid: Fen
    unbought: int
    """Orders of the time beside them that nobody bought: their group has not formed, or they were cancelled without a refund."""

    @property
    def refund_share(self) -> float | None:
        """The share of orders refunded; None where there are none."""
        return self.refunded / self.orders if self.orders else None


class Compared(msgspec.Struct, frozen=True):
    """The whole days of a time, up to yesterday, beside as many right before them."""

    days: int
    now: Sales
    before: Sales


class ClockLine(msgspec.Struct, frozen=True):
    """The deadlines of one kind that fell due in a time: how many were met, how many not, and the money on either side."""

    kind: DeadlineKind
    met: int
    missed: int
    overdue: int
    """Past their moment and still open: they count as missed."""
    saved: Fen
    """What missing those that were met would have cost, by the rule of each."""
    lost: Fen
    """What missing the others costs by the rule of each; the bill may tell otherwise."""

    @property
    def late(self) -> int:
        """How many were not met."""
        return self.missed + self.overdue


class Clocks(msgspec.Struct, frozen=True):
    """All of them, the dearest first."""

    lines: tuple[ClockLine, ...]
    counted_at: datetime | None
    """When a large shop's were counted; None where they were counted just now."""

    @property
    def saved(self) -> Fen:
        """What was saved."""
        return Fen(sum(line.saved for line in self.lines))

    @property
    def lost(self) -> Fen:
        """What was lost."""
        return Fen(sum(line.lost for line in self.lines))

    @property
    def met(self) -> int:
        """How many were met."""
        return sum(line.met for line in self.lines)

    @property
    def late(self) -> int:
        """How many were not."""
        return sum(line.late for line in self.lines)


class Cause(msgspec.Struct, frozen=True):
    """What buyers asked their money back for: in how many orders, and how much went back."""

    grievance: Grievance
    orders: int
    paid_back: Fen


class CarrierLine(msgspec.Struct, frozen=True):
    """One carrier: parcels handed over, how many of them became abnormal, and the mean time of those that have arrived."""

    name: str
    parcels: int
    abnormal: int
    arrived: int
    hours: float | None

    @property
    def share(self) -> float | None:
        """The share that became abnormal."""
        return self.abnormal / self.parcels if self.parcels else None


class Stars(msgspec.Struct, frozen=True):
    """The reviews of a time; what the platform gave for buyers who did not is left out."""

    counts: tuple[StarCount, ...]
    """From five stars to one, none left out."""

    @property
    def reviews(self) -> int:
        """How many."""
        return sum(count.reviews for count in self.counts)

    @property
    def mean(self) -> float | None:
        """The mean of the stars; None where there are no reviews."""
        return sum(count.score * count.reviews for count in self.counts) / self.reviews if self.reviews else None

    @property
    def bad(self) -> int:
        """Those with one or two stars."""
        return sum(count.reviews for count in self.counts if count.score <= 2)


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """A shop over some days. What the person may not see, or nobody knows, is None."""

    shop: ShopInfo
    period: Period
    made_at: datetime
    known_since: date | None
    """The day of the first order the house knows of."""
    days: tuple[DaySales, ...]
    """Every day of the period, also those without orders."""
    sales: Sales
    compared: Compared | None
    """None where no day of these is over, or the house does not know all of the days before."""
    clocks: Clocks | None
    """None where those of a large shop were not counted."""
    stars: Stars
    causes: tuple[Cause, ...]
    asked_of: int
    """How many orders the causes are of."""
    carriers: tuple[CarrierLine, ...]
    goods: tuple[GoodsSum, ...]
    reps: tuple[RepSum, ...] | None
    bill: tuple[ClassTotal, ...]
    standing: StandingSeen
    """As it is now, whatever the period."""
    measures: tuple[MeasureRow, ...]
    """Those that are looked at most, as they are now."""

    @property
    def is_fresh(self) -> bool:
        """Whether none of its days is over yet."""
        return shanghai_day(self.made_at) <= self.period.first
