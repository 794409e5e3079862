"""What came of a rule that fired: of each of its deeds, and of all of them."""

from enum import StrEnum

import msgspec

from zhanggui.core.automation.rules import Clause, DeedKind
from zhanggui.core.automation.values import Value
from zhanggui.core.say import Say


class How(StrEnum):
    """What came of one deed."""

    DONE = "deed_done"
    ANNOUNCED = "deed_announced"
    """It is sent to the platform unless somebody stops it."""
    PROPOSED = "deed_proposed"
    """It lies in the outbox until a person sends it."""
    WAITS = "deed_waits"
    """A person decides here whether it is done."""
    NOT_DONE = "deed_not_done"


class FiringState(StrEnum):
    """What came of all of them."""

    DONE = "fired_done"
    WAITS = "fired_waits"
    """Something waits for a person."""
    LEFT = "fired_left"
    """A person left it."""
    IN_VAIN = "fired_in_vain"
    """Nothing of it could be done."""


class DeedDone(msgspec.Struct, frozen=True, omit_defaults=True):
    """One deed of a rule that fired: which of them, and what came of it."""

    at: int
    """Its place in the rule, from 0."""
    act: DeedKind
    how: How
    no: int | None = None
    """The act of the outbox, the step, the note or the alert it brought about."""
    because: Say | None = None


class SeenFact(msgspec.Struct, frozen=True):
    """One clause of the rule, and what was seen of its fact."""

    fact: str
    clause: Clause
    value: Value | None
    group: int = 0
    """The alternative it is part of, from 1; 0: it had to hold in any case."""
    holds: bool = True
    """Whether it held; of several alternatives one is enough."""


def has_acted(done: tuple[DeedDone, ...]) -> bool:
    """Whether anything was done or announced: what is only suggested, or refused, is no act of the rule."""
    return any(each.how in (How.DONE, How.ANNOUNCED) for each in done)


def state_of(done: tuple[DeedDone, ...]) -> FiringState:
    """What came of all the deeds."""
    ways = {each.how for each in done}
    if How.WAITS in ways:
        return FiringState.WAITS
    return FiringState.DONE if ways - {How.NOT_DONE} else FiringState.IN_VAIN
