"""The terms of each kind of act: how far it goes by itself, how long it is announced, how much a day, and how the platform is asked what happened."""

from datetime import timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.acts.requests import ActKind
from zhanggui.core.money import Fen
from zhanggui.core.verdicts import Act


class ActLevel(StrEnum):
    """How far the house goes by itself with one kind of act in one shop."""

    OFF = "off"
    """Not at all: nothing of this kind leaves through the door."""
    SUGGEST = "suggest"
    """It offers the act on the to-do; a person sends it."""
    ACT = "act"
    """It announces the act, waits, and sends it unless somebody stops it."""


class Asks(StrEnum):
    """What is read to learn whether an act happened whose answer was lost."""

    CASE = "case"
    ORDER = "order"
    GOODS = "goods"
    NOTHING = "nothing"
    """The platform tells nobody: a person has to look."""


class OfferedOn(msgspec.Struct, frozen=True):
    """From which verdict an act is offered, and whether it may also be announced without a person."""

    verdict: Act
    by_itself: bool = False


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The level of a kind in a shop, and its bounds. A day is one of Shanghai."""

    level: ActLevel = ActLevel.OFF
    wait_minutes: int
    """How long an act is announced before it is sent."""
    daily_cap: int
    """How many leave a day at most, whoever decided them."""
    daily_money: Fen
    """How much money leaves with them a day at most; 0 where the kind moves none."""
    most_money: Fen
    """Up to how much money one act may be announced without a person; 0 where the kind moves none."""


class ActTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What the house knows of one kind of act."""

    kind: ActKind
    method: str
    """The platform's method it is sent with."""
    limits: Limits
    """What holds until the shop decides otherwise."""
    asks: Asks
    lag_minutes: int
    """How long what is read may still show the state from before: nothing is sent again earlier."""
    repeats: str
    """What the platform is known to do with a second one, in a word for the docs; never relied upon."""
    offered_on: tuple[OfferedOn, ...] = ()
    harmless_twice: bool = False
    """Whether saying it once more does no harm: then it is said again where an answer was lost and the platform tells nobody what happened."""
    follows: bool = False
    """Whether it only tells what a person did here: it may go without one, though no verdict calls for it."""
    alone_a_day: int | None = None
    """Of those that leave in a day, so many at most that no person decided; None: as many as leave at all."""
    may_happen_again: bool = False
    """Whether the same may be decided anew once it has been done, as with a note."""
    by_rule: bool = False
    """Whether a rule of the shop may have one sent without a person, though no verdict calls for it."""
    basis: str
    source: str

    @property
    def lag(self) -> timedelta:
        """How long a read may lag behind."""
        return timedelta(minutes=self.lag_minutes)

    @property
    def may_go_alone(self) -> bool:
        """Whether the house may ever send one without a person."""
        return self.follows or self.by_rule or any(offer.by_itself for offer in self.offered_on)

    @property
    def moves_money(self) -> bool:
        """Whether money leaves with it."""
        return self.limits.daily_money > 0
