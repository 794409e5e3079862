"""A waybill number from the moment before it is asked for to its end: one table, read by the actions, the pages, the docs and the tests."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class NumberState(StrEnum):
    """How it stands with a number."""

    ASKED = "asked"
    """Written down before the platform is asked; whoever asked may have died since."""
    UNSURE = "unsure"
    """The answer was lost: asked again for the very same object, which brings the very same number."""
    HELD = "held"
    """The order has it."""
    USED = "used"
    """The order travels under it."""
    GIVING_BACK = "giving_back"
    """On its way back to the account; asked again until the platform has said yes or no."""
    GIVEN_BACK = "given_back"
    NOT_TAKEN = "not_taken"
    """The platform said no, or was not asked: there is no number."""
    LOST = "lost"
    """A number may have been taken and nobody can learn which: the order no longer gives the receiver that asking needs."""


class NumberEvent(StrEnum):
    """What may happen to one."""

    TOLD = "told"
    REFUSED = "refused"
    ANSWER_LOST = "answer_lost"
    BEYOND_ASKING = "beyond_asking"
    TRAVELS = "travels"
    GIVE_BACK = "give_back"
    TAKEN_BACK = "taken_back"
    KEPT = "kept"


class EndedBecause(StrEnum):
    """Why a number was not used."""

    REFUNDED = "refunded"
    WRONG_CARRIER = "wrong_carrier"
    RECEIVER_MOVED = "receiver_moved"
    SPOILT = "spoilt"
    SHIPPED_OTHERWISE = "shipped_otherwise"
    DOUBLED = "doubled"
    """The platform answered one object with two numbers."""
    MISTAKE = "mistake"
    OTHER = "other"


class NumberMove(msgspec.Struct, frozen=True):
    """One step: from a state, by an event, to a state."""

    before: NumberState
    event: NumberEvent
    after: NumberState


class NotThatWay(Exception):
    """No step of the table leads from this state by this event."""


_S, _E = NumberState, NumberEvent

NUMBER_MOVES: tuple[NumberMove, ...] = (
    NumberMove(_S.ASKED, _E.TOLD, _S.HELD),
    NumberMove(_S.ASKED, _E.REFUSED, _S.NOT_TAKEN),
    NumberMove(_S.ASKED, _E.ANSWER_LOST, _S.UNSURE),
    NumberMove(_S.UNSURE, _E.ANSWER_LOST, _S.UNSURE),
    NumberMove(_S.UNSURE, _E.TOLD, _S.HELD),
    NumberMove(_S.UNSURE, _E.BEYOND_ASKING, _S.LOST),
    NumberMove(_S.HELD, _E.TRAVELS, _S.USED),
    NumberMove(_S.HELD, _E.GIVE_BACK, _S.GIVING_BACK),
    NumberMove(_S.GIVING_BACK, _E.TAKEN_BACK, _S.GIVEN_BACK),
    NumberMove(_S.GIVING_BACK, _E.KEPT, _S.HELD),
)
"""Every step there is. Once the answer to an asking was lost no refusal ends it: an earlier asking may have brought a number."""

ALIVE = frozenset({NumberState.ASKED, NumberState.UNSURE, NumberState.HELD, NumberState.GIVING_BACK})
"""While a number of an order is in one of these, no other is asked for in its place."""

_AFTER: Mapping[tuple[NumberState, NumberEvent], NumberState] = {(move.before, move.event): move.after for move in NUMBER_MOVES}


def advance(state: NumberState, event: NumberEvent) -> NumberState:
    """The state that follows. Raises NotThatWay."""
    after = _AFTER.get((state, event))
    if after is None:
        raise NotThatWay(f"{event} does not lead on from {state}")
    return after
