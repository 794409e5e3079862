"""The numbers the emulated platform judges by, each block with the day it came into force."""

from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from zhanggui.emulator.moments import from_iso

RULES = Path(__file__).parent.parent / "data" / "rules.toml"


class Dated(Protocol):
    """A block that says since when it holds."""

    @property
    def since(self) -> str:
        """The day it came into force."""


B = TypeVar("B", bound=Dated)


class ShipWithin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a seller has to ship."""

    since: str
    hours: int
    one_day_hours: int
    presale_days: int


class LateShipment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must have happened inside the limit, and what it costs when it has not."""

    since: str
    must_be: str
    flat_fen: int
    above_fen: int
    above_percent: int
    most_fen: int

    def costs(self, paid: int) -> int:
        """What the seller pays for an order of this amount."""
        if self.above_fen and paid > self.above_fen:
            return min(self.most_fen, paid * self.above_percent // 100)
        return self.flat_fen


class FalseShipment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a shipment counts as false, and what it costs."""

    since: str
    pickup_hours: int
    reuse_days: int
    extension_days: int
    small_below_fen: int
    small_fen: int
    percent: int
    least_fen: int
    most_fen: int
    whole_yuan: bool

    def costs(self, paid: int) -> int:
        """What the seller pays for an order of this amount."""
        if paid < self.small_below_fen:
            return self.small_fen
        amount = min(self.most_fen, max(self.least_fen, paid * self.percent // 100))
        return amount // 100 * 100 if self.whole_yuan else amount


class OutOfStock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an order counts as out of stock, and what it costs."""

    since: str
    hours_past: int
    small_below_fen: int
    small_fen: int
    percent: int
    most_fen: int

    def costs(self, paid: int) -> int:
        """What the seller pays for an order of this amount."""
        return self.small_fen if paid < self.small_below_fen else min(self.most_fen, paid * self.percent // 100)


class ParcelSilence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how long without a scan a parcel is abnormal."""

    since: str
    first_hop_hours: int
    hop_hours: int


class InstantRefund(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the platform refunds without asking the seller."""

    since: str
    unshipped_hours: int
    silent_days: int
    print_stops_it: bool


class AnswerTimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long seller and buyer have for each step of an after-sales case."""

    since: str
    unshipped_hours: int
    shipped_hours: int
    return_hours: int
    number_days: int
    inspect_days: int
    signed_hours: int
    exchange_hours: int


class Intervention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How evidence is taken once the platform has stepped in."""

    since: str
    evidence_hours: int
    pictures: int
    buyer_days: int


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days after receipt a buyer may rate; 0 is for ever."""

    since: str
    days: int


class Indicators(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Over how many days the shop is measured, and which ratings count."""

    since: str
    window_days: int
    rating_days: int
    ratings_per_buyer_month: int
    ratings_needed: int


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every block of every rule."""

    ship_within: tuple[ShipWithin, ...]
    late_shipment: tuple[LateShipment, ...]
    false_shipment: tuple[FalseShipment, ...]
    out_of_stock: tuple[OutOfStock, ...]
    parcel_silence: tuple[ParcelSilence, ...]
    instant_refund: tuple[InstantRefund, ...]
    answer_times: tuple[AnswerTimes, ...]
    intervention: tuple[Intervention, ...]
    rating: tuple[Rating, ...]
    indicators: tuple[Indicators, ...]


def in_force(blocks: tuple[B, ...], at: int) -> B:
    """The newest block that was in force at this moment; the oldest one for moments before all of them."""
    held = [block for block in blocks if _starts(block.since) <= at]
    return held[-1] if held else blocks[0]


@lru_cache(maxsize=1)
def read_rules() -> Rules:
    """The rules of the data file."""
    return msgspec.toml.decode(RULES.read_bytes(), type=Rules)


@lru_cache(maxsize=256)
def _starts(since: str) -> int:
    """The moment a block came into force: midnight of its day in China."""
    return from_iso(since)
