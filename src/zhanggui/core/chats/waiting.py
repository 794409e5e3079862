"""What of a thread waits for an answer: since when, and which words; a robot answers nobody, and what was taken back waits for nothing."""

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
    """Who waits: the buyer, from the first message since a person last answered that is not settled."""
    heard = [message for message in messages if message.is_sent and Mark.RECALLED not in message.marks and message.who not in {Who.SYSTEM, Who.UNKNOWN}]
    if not heard:
        return Standing()
    answered = max((place for place, message in enumerate(heard) if message.who is Who.REP), default=-1)
    waiting = [message for message in heard[answered + 1 :] if message.who is Who.BUYER and (settled_at is None or message.placed_at > settled_at)]
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


def _turn(heard: Sequence[Spoken]) -> tuple[int, int]:
    """Where the buyer's last turn begins and ends; a robot's words do not part it."""
    end = max((place + 1 for place, message in enumerate(heard) if message.who is Who.BUYER), default=0)
    start = max((place + 1 for place, message in enumerate(heard[:end]) if message.who is Who.REP), default=0)
    return start, end


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
