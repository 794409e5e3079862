"""How an outward act gets from its decision to its end: one table, read by the door, the pages, the docs and the tests."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class ActState(StrEnum):
    """How far an outward act has come."""

    PROPOSED = "proposed"
    """Waits for a person to send it."""
    ANNOUNCED = "announced"
    """Will be sent when its time has come, unless it is stopped."""
    SENDING = "sending"
    """Is on its way to the platform: from here it can no longer be stopped, only kept from being sent again."""
    UNSURE = "unsure"
    """Was sent, and the answer was lost: the platform is asked what happened, and nothing is sent meanwhile."""
    CARRIED_OUT = "carried_out"
    """The platform has done it."""
    DECLINED = "declined"
    """The platform said no; nothing happened."""
    WITHDRAWN = "withdrawn"
    """Not sent: what it rested on has changed."""
    STOPPED = "stopped"
    """Not sent: a person, a level or the switch stopped it."""
    NEEDS_PERSON = "needs_person"
    """Nobody here can find out whether it happened, or it fails again and again: a person has to look."""


class ActEvent(StrEnum):
    """What may happen to an outward act."""

    CONFIRM = "confirm"
    HOLD_BACK = "hold_back"
    STOP = "stop"
    WITHDRAW = "withdraw"
    SEND = "send"
    ANSWERED_YES = "answered_yes"
    ANSWERED_NO = "answered_no"
    DONE_BY_OTHERS = "done_by_others"
    NOT_TAKEN = "not_taken"
    ANSWER_LOST = "answer_lost"
    FOUND_DONE = "found_done"
    FOUND_NOT_DONE = "found_not_done"
    FOUND_OTHERWISE = "found_otherwise"
    GIVE_UP = "give_up"
    SAID_DONE = "said_done"
    SAID_NOT_DONE = "said_not_done"


class Mover(StrEnum):
    """Who makes a step."""

    PERSON = "person"
    HOUSE = "house"
    PLATFORM = "platform"


class Transition(msgspec.Struct, frozen=True):
    """One step: from a state, by an event, to a state, made by somebody."""

    before: ActState
    event: ActEvent
    after: ActState
    by: tuple[Mover, ...]


class NotThatWay(Exception):
    """No step of the table leads from this state by this event."""


_S, _E, _M = ActState, ActEvent, Mover

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_S.PROPOSED, _E.CONFIRM, _S.ANNOUNCED, (_M.PERSON,)),
    Transition(_S.PROPOSED, _E.STOP, _S.STOPPED, (_M.PERSON, _M.HOUSE)),
    Transition(_S.PROPOSED, _E.WITHDRAW, _S.WITHDRAWN, (_M.HOUSE,)),
    Transition(_S.ANNOUNCED, _E.HOLD_BACK, _S.PROPOSED, (_M.HOUSE,)),
    Transition(_S.ANNOUNCED, _E.STOP, _S.STOPPED, (_M.PERSON, _M.HOUSE)),
    Transition(_S.ANNOUNCED, _E.WITHDRAW, _S.WITHDRAWN, (_M.HOUSE,)),
    Transition(_S.ANNOUNCED, _E.SEND, _S.SENDING, (_M.HOUSE,)),
    Transition(_S.ANNOUNCED, _E.GIVE_UP, _S.NEEDS_PERSON, (_M.HOUSE,)),
    Transition(_S.SENDING, _E.ANSWERED_YES, _S.CARRIED_OUT, (_M.PLATFORM,)),
    Transition(_S.SENDING, _E.ANSWERED_NO, _S.DECLINED, (_M.PLATFORM,)),
    Transition(_S.SENDING, _E.DONE_BY_OTHERS, _S.WITHDRAWN, (_M.PLATFORM,)),
    Transition(_S.SENDING, _E.NOT_TAKEN, _S.ANNOUNCED, (_M.PLATFORM, _M.HOUSE)),
    Transition(_S.SENDING, _E.STOP, _S.STOPPED, (_M.HOUSE,)),
    Transition(_S.SENDING, _E.ANSWER_LOST, _S.UNSURE, (_M.HOUSE,)),
    Transition(_S.UNSURE, _E.ANSWERED_YES, _S.CARRIED_OUT, (_M.PLATFORM,)),
    Transition(_S.UNSURE, _E.ANSWERED_NO, _S.DECLINED, (_M.PLATFORM,)),
    Transition(_S.UNSURE, _E.DONE_BY_OTHERS, _S.WITHDRAWN, (_M.PLATFORM,)),
    Transition(_S.UNSURE, _E.NOT_TAKEN, _S.ANNOUNCED, (_M.PLATFORM,)),
    Transition(_S.UNSURE, _E.FOUND_DONE, _S.CARRIED_OUT, (_M.PLATFORM,)),
    Transition(_S.UNSURE, _E.FOUND_NOT_DONE, _S.ANNOUNCED, (_M.PLATFORM,)),
    Transition(_S.UNSURE, _E.FOUND_OTHERWISE, _S.WITHDRAWN, (_M.PLATFORM,)),
    Transition(_S.UNSURE, _E.STOP, _S.STOPPED, (_M.HOUSE,)),
    Transition(_S.UNSURE, _E.GIVE_UP, _S.NEEDS_PERSON, (_M.HOUSE,)),
    Transition(_S.NEEDS_PERSON, _E.FOUND_DONE, _S.CARRIED_OUT, (_M.PLATFORM,)),
    Transition(_S.NEEDS_PERSON, _E.SAID_DONE, _S.CARRIED_OUT, (_M.PERSON,)),
    Transition(_S.NEEDS_PERSON, _E.SAID_NOT_DONE, _S.STOPPED, (_M.PERSON,)),
)
"""Every step there is. The stop of an act that is under way or unsure is made once it is known that nothing happened: until then it is only asked for."""

_AFTER: Mapping[tuple[ActState, ActEvent], ActState] = {(step.before, step.event): step.after for step in TRANSITIONS}

NOTHING_HAPPENED = frozenset({ActState.DECLINED, ActState.WITHDRAWN, ActState.STOPPED})
"""The ends after which the same thing may be decided anew."""
AT_REST = NOTHING_HAPPENED | {ActState.CARRIED_OUT}
"""Where nothing follows any more."""
STOPPABLE = frozenset({ActState.PROPOSED, ActState.ANNOUNCED, ActState.SENDING, ActState.UNSURE})
"""Where a person can still stop it, or at least keep it from being sent again."""


def advance(state: ActState, event: ActEvent) -> ActState:
    """The state that follows. Raises NotThatWay."""
    after = _AFTER.get((state, event))
    if after is None:
        raise NotThatWay(f"{event} does not lead on from {state}")
    return after
