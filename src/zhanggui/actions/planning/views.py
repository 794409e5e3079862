"""What is said of a plan."""

from datetime import date, datetime

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.planning.chances import Chance
from zhanggui.core.planning.missing import Why
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.say import Say


class PlannedRound(msgspec.Struct, frozen=True, kw_only=True):
    """One time of printing, and why it is worth it."""

    print_at: datetime
    packing_from: datetime
    done_at: datetime | None
    orders: int
    expected: int
    """Of orders that have not been placed yet, so many are expected to be in it."""
    saves: Fen
    because: Say


class PlannedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A pickup of the day, and how many of the orders that are there leave with it."""

    carrier: str
    at: datetime
    orders: int
    is_assumed: bool
    """Nobody entered when the carrier comes."""


class LateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that is not safe."""

    order_no: str
    due_at: datetime
    at_risk: Fen
    carrier: str
    expected_loss: Fen
    chance: Chance
    """The chance that it is on time all the same."""
    why: Say
    print_at: datetime | None = None
    leaves_at: datetime | None = None


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """From what the plan was learned."""

    at: datetime
    parcels: int
    unseen: int
    days: int
    pack_seconds: int | None
    packed: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """When to print on a day, what it is worth, and what is late all the same."""

    day: date
    made_at: datetime
    rounds: tuple[PlannedRound, ...]
    because: Say
    loss: Fen
    """The money expected to be lost to lateness, of the orders there are."""
    least: Fen
    most: Fen
    nothing: Fen
    """What would be lost if nothing were printed."""
    one_round: Fen | None
    """What would be lost with the best single round."""
    to_print: int
    to_pack: int
    out: int
    kept: int
    without_goods: int
    """Orders that find no goods on the shelves: no round helps them, so they are left out."""
    overdue: int
    """Orders to be printed whose deadline has passed; what they cost is lost already and counts nowhere in the plan."""
    expected: int
    expected_low: int
    expected_high: int
    late: tuple[LateOrder, ...]
    late_count: int
    visits: tuple[PlannedVisit, ...]
    assumed: tuple[Say, ...]
    learned: Learned
    terms: PlanTerms
    is_cut: bool
    """More orders wait than are planned together; those due soonest are."""


class HandingOver(msgspec.Struct, frozen=True, kw_only=True):
    """What a hand-over at this moment means for the orders there are."""

    at: datetime
    ready: int
    of: int
    missing: tuple[LateOrder, ...]
    missing_count: int
    loss: Fen
    by_why: dict[Why, int]
