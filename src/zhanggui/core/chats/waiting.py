"""What of a thread waits for an answer: since when, and which words; a robot answers nobody, and what was taken back waits for nothing."""

import math
from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.core.chats.shapes import Mark, When, Who

_LONGEST = 120
_TELLS = frozenset({When.WRITTEN, When.RECKONED})
_MOST_OF_TURN = 6
"""What a buyer wants is read out of so many messages of the last turn at most."""


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A message as far as it bears on who waits. They stand in their order."""

    who: Who
    placed_at: datetime
    when: When
    text: str
    marks: frozenset[Mark] = frozenset()
    is_sent: bool = True
    """Whether the other side has it: an answer on its way has been heard by nobody."""
    came: int | None = None
    """The how-manieth it came to the house of what comes one by one; None for what was pasted."""
    is_said_here: bool = False
    """Whether a person said it here, with what had come until then before their eyes."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Who waits in a thread."""

    waiting_since: datetime | None = None
    waiting_known: bool = False
    waiting_text: str = ""
    asked_at: datetime | None = None
    """The last message that waits."""
    last_at: datetime | None = None
    last_who: Who | None = None
    turn: tuple[Spoken, ...] = ()
    """The last messages of the buyer in a row, waiting or answered."""
    before: tuple[Spoken, ...] = ()
    """What was said before that turn."""


def standing_of(messages: Sequence[Spoken], settled_at: datetime | None) -> Standing:
    """Who waits: the buyer, from the first message that no person answered and that is not settled.

    An answer given here answers what had come by then: a message that was written before it and came after it was seen by nobody.
    """
    heard = [message for message in messages if message.is_sent and Mark.RECALLED not in message.marks and message.who not in {Who.SYSTEM, Who.UNKNOWN}]
    if not heard:
        return Standing()
    waiting = [message for message in _unanswered(heard) if settled_at is None or message.placed_at > settled_at]
    start, end = _turn(heard)
    return Standing(
        waiting_since=waiting[0].placed_at if waiting else None,
        waiting_known=bool(waiting) and waiting[0].when in _TELLS,
        waiting_text=_short(waiting[-1].text) if waiting else "",
        asked_at=max((message.placed_at for message in waiting), default=None),
        last_at=max(message.placed_at for message in heard),
        last_who=heard[-1].who,
        turn=tuple(heard[max(start, end - _MOST_OF_TURN) : end]),
        before=tuple(heard[:start]),
    )


def _unanswered(heard: Sequence[Spoken]) -> list[Spoken]:
    """What the buyer wrote and no person answered, in its order."""
    found: list[Spoken] = []
    seen_to: float = -1
    for message in reversed(heard):
        if message.who is Who.REP:
            seen_to = max(seen_to, message.came if message.is_said_here and message.came is not None else math.inf)
        elif message.who is Who.BUYER and (seen_to < 0 or (message.came is not None and message.came > seen_to)):
            found.append(message)
    return found[::-1]


def _turn(heard: Sequence[Spoken]) -> tuple[int, int]:
    """Where the buyer's last turn begins and ends; a robot's words do not part it."""
    end = max((place + 1 for place, message in enumerate(heard) if message.who is Who.BUYER), default=0)
    start = max((place + 1 for place, message in enumerate(heard[:end]) if message.who is Who.REP), default=0)
    return start, end


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
