"""What a shop says of its own work: its hours, its pace, and what waiting and another round are worth to it."""

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.planning.hours import OpenHours
from zhanggui.core.planning.rounds import MILLI, Shop

PACK_SECONDS = 60


class PlanTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The shop's own figures; the defaults are assumptions of the house."""

    hours: OpenHours = OpenHours()
    people: int = 2
    """How many pack at the same time."""
    pack_seconds: int = PACK_SECONDS
    """What one person needs for one order."""
    tells_pace: bool = False
    """Whether the shop said so itself where it is the house's figure; any other it said in any case."""
    print_seconds: int = 2
    """What the printer needs for one label."""
    setup_minutes: int = 10
    """What a round costs in time before the first order is packed: choosing, printing, fetching the goods."""
    round_fen: Fen = Fen(400)
    """What a round costs beside that."""
    day_fen: Fen = Fen(100)
    """What it is worth to the shop that an order leaves a day sooner, apart from all penalties."""
    safe_percent: int = 95
    """From which chance on an order counts as safe."""
    most_a_day: int = 4
    """How many rounds a day there may be."""
    slot_minutes: int = 30
    """How far apart the moments lie that are tried."""
    weight_g: int = 500
    """What a parcel weighs of which nothing is known."""
    stall_fen: Fen = Fen(500)
    """What a stalled parcel costs the shop on average: messages, refunds, ratings."""

    applies_carrier: bool = False
    """Whether a batch for which nobody names a carrier goes with the advised one, parcel by parcel; else it is only told."""

    @property
    def own_pace(self) -> int | None:
        """The seconds for one order that the shop said; None where it said nothing of them."""
        return self.pack_seconds if self.tells_pace or self.pack_seconds != PACK_SECONDS else None

    @property
    def each(self) -> int:
        """Milliseconds between one packed order and the next: whichever is slower, the packing or the printer."""
        return max(1, -(-self.pack_seconds * 1000 // max(1, self.people)), self.print_seconds * 1000)

    @property
    def shop(self) -> Shop:
        """The same as the search for rounds takes it."""
        return Shop(self.setup_minutes * 60_000, self.each, self.round_fen * MILLI, self.most_a_day)

    @property
    def safe(self) -> float:
        """The chance from which on an order counts as safe."""
        return self.safe_percent / 100
