"""How an order leaves the house, step by step: one table, read by the desk, the door out, the docs and the tests."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from zhanggui.core.acts.moves import Mover


class DispatchState(StrEnum):
    """How far an order is on its way out. One of which nothing was printed has none of these."""

    PRINTED = "printed"
    """Its label is on paper."""
    PACKED = "packed"
    """The goods were checked and the parcel is closed; it is still in the house."""
    HANDED_OVER = "handed_over"
    """The carrier has it."""
    TO_DESTROY = "to_destroy"
    """It must not leave: the warehouse has to find the parcel and destroy the label."""
    DESTROYED = "destroyed"
    """Somebody said that the label is destroyed and the goods are back on the shelf."""
    RECALLED = "recalled"
    """The parcel had left and is back in the house."""


class DispatchEvent(StrEnum):
    """What may happen to an order on its way out."""

    PRINT = "print"
    NOT_PRINTED = "not_printed"
    PACK = "pack"
    UNPACK = "unpack"
    HAND_OVER = "hand_over"
    LEFT = "left"
    """It turned out that the carrier has it, though nobody said so here."""
    TAKE_BACK = "take_back"
    HALT = "halt"
    SPARE = "spare"
    RELEASE = "release"
    DESTROY = "destroy"
    KEEP = "keep"
    RECALL = "recall"
    SEND_ON = "send_on"


class DispatchMove(msgspec.Struct, frozen=True):
    """One step: from a state (None: nothing printed), by an event, to a state, made by somebody."""

    before: DispatchState | None
    event: DispatchEvent
    after: DispatchState | None
    by: tuple[Mover, ...]


class NoSuchMove(Exception):
    """No step of the table leads from this state by this event."""


_S, _E, _PERSON, _HOUSE = DispatchState, DispatchEvent, (Mover.PERSON,), (Mover.HOUSE,)
_BOTH = _PERSON + _HOUSE

MOVES: tuple[DispatchMove, ...] = (
    DispatchMove(None, _E.PRINT, _S.PRINTED, _PERSON),
    DispatchMove(None, _E.NOT_PRINTED, None, _PERSON),
    # a paper may come out of the printer at this very moment
    DispatchMove(None, _E.HALT, _S.TO_DESTROY, _HOUSE),
    DispatchMove(_S.PRINTED, _E.PRINT, _S.PRINTED, _PERSON),
    DispatchMove(_S.PRINTED, _E.PACK, _S.PACKED, _PERSON),
    DispatchMove(_S.PRINTED, _E.HAND_OVER, _S.HANDED_OVER, _PERSON),
    DispatchMove(_S.PRINTED, _E.LEFT, _S.HANDED_OVER, _BOTH),
    DispatchMove(_S.PRINTED, _E.HALT, _S.TO_DESTROY, _HOUSE),
    DispatchMove(_S.PRINTED, _E.DESTROY, _S.DESTROYED, _PERSON),
    # another label goes on the parcel, so it is checked again
    DispatchMove(_S.PACKED, _E.PRINT, _S.PRINTED, _PERSON),
    DispatchMove(_S.PACKED, _E.UNPACK, _S.PRINTED, _PERSON),
    DispatchMove(_S.PACKED, _E.HAND_OVER, _S.HANDED_OVER, _PERSON),
    DispatchMove(_S.PACKED, _E.LEFT, _S.HANDED_OVER, _BOTH),
    DispatchMove(_S.PACKED, _E.HALT, _S.TO_DESTROY, _HOUSE),
    DispatchMove(_S.PACKED, _E.DESTROY, _S.DESTROYED, _PERSON),
    # somebody said too early that the carrier has it
    DispatchMove(_S.HANDED_OVER, _E.TAKE_BACK, _S.PACKED, _PERSON),
    DispatchMove(_S.HANDED_OVER, _E.RECALL, _S.RECALLED, _PERSON),
    # too late: it is not in the house any more
    DispatchMove(_S.TO_DESTROY, _E.LEFT, _S.HANDED_OVER, _BOTH),
    DispatchMove(_S.TO_DESTROY, _E.DESTROY, _S.DESTROYED, _PERSON),
    # the buyer asks for the money no more: what was printed is packed and checked again
    DispatchMove(_S.TO_DESTROY, _E.SPARE, _S.PRINTED, _HOUSE),
    # the same where nobody knows of a paper, or where it is said that none came out
    DispatchMove(_S.TO_DESTROY, _E.RELEASE, None, _HOUSE),
    DispatchMove(_S.TO_DESTROY, _E.NOT_PRINTED, None, _PERSON),
    DispatchMove(_S.DESTROYED, _E.PRINT, _S.PRINTED, _PERSON),
    # the carrier scanned it, whatever was said of its label
    DispatchMove(_S.DESTROYED, _E.LEFT, _S.HANDED_OVER, _HOUSE),
    DispatchMove(_S.DESTROYED, _E.HALT, _S.TO_DESTROY, _HOUSE),
    DispatchMove(_S.DESTROYED, _E.KEEP, _S.TO_DESTROY, _PERSON),
    DispatchMove(_S.RECALLED, _E.PRINT, _S.PRINTED, _PERSON),
    DispatchMove(_S.RECALLED, _E.HALT, _S.TO_DESTROY, _HOUSE),
    DispatchMove(_S.RECALLED, _E.SEND_ON, _S.HANDED_OVER, _PERSON),
)
"""Every step there is."""

_AFTER: Mapping[tuple[DispatchState | None, DispatchEvent], DispatchState | None] = {(move.before, move.event): move.after for move in MOVES}

IN_THE_HOUSE = frozenset({DispatchState.PRINTED, DispatchState.PACKED})
"""A label is about, and the parcel has not left."""
HARMLESS = frozenset({None, DispatchState.DESTROYED, DispatchState.RECALLED})
"""Nothing that could leave is about; the money may go back."""


def moved_on(state: DispatchState | None, event: DispatchEvent) -> DispatchState | None:
    """The state that follows. Raises NoSuchMove."""
    if (state, event) not in _AFTER:
        raise NoSuchMove(f"{event} does not lead on from {state}")
    return _AFTER[state, event]


def leads_on(state: DispatchState | None, event: DispatchEvent) -> bool:
    """Whether the table has such a step."""
    return (state, event) in _AFTER
