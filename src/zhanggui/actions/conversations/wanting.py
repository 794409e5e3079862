"""What a buyer wants now, by the whole of the talk: people say it once, in pieces, and then speak on of it without naming it again."""

import re
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from zhanggui.core.chats.shapes import Who
from zhanggui.core.chats.waiting import Spoken, Standing
from zhanggui.core.intents.kinds import Intent, Said, Span, Speaker, Wanted
from zhanggui.estimates.intents import intents_of

_BEFORE = 6
"""So many messages that went before bear on what one means."""
_SPEAKS_ON = timedelta(hours=2)
"""Whoever writes again so soon after what they wanted speaks on of it; later it is a new matter."""
_EARLIER = 3
"""So many earlier turns of the buyer are looked at."""
_NAMELESS = frozenset({Intent.OTHER, Intent.THANKS})
_YES = re.compile(r"(嗯+|恩+|对+|是+|没错|正是|就是|可以|好)[的啊呀哦呢吧滴]*")
_ASKS = "吗"


def wants_of(standing: Standing) -> tuple[Wanted, ...]:
    """What the buyer wants by the last turn: read as one; else what one of its messages surely says; else, where it names nothing new, what was wanted before.

    What is sure in none of these ways stays unsure, and is asked back; a yes to that makes it sure.
    """
    read = _read(standing.turn, standing.before)
    if not read or any(want.sure and want.intent is not Intent.OTHER for want in read) or read[0].intent is Intent.THANKS:
        return read
    if pieces := _pieces(standing.turn, standing.before):
        return pieces
    earlier = _earlier(standing)
    # by its single messages; who asks why nobody answers sounds like a complaint, and is best answered in the matter itself
    guessed = {want.intent for message in standing.turn for want in _read([message], standing.before)} - _NAMELESS - {Intent.COMPLAINT}
    return earlier if earlier and guessed <= {want.intent for want in earlier} else read


def _read(turn: Sequence[Spoken], before: Sequence[Spoken]) -> tuple[Wanted, ...]:
    text = "\n".join(message.text for message in turn)
    heard = [Said(message.text, Speaker.BUYER if message.who is Who.BUYER else Speaker.REP) for message in before[-_BEFORE:]]
    return tuple(intents_of(text, heard, vectors=False)) if text.strip() else ()


def _pieces(turn: Sequence[Spoken], before: Sequence[Spoken]) -> tuple[Wanted, ...]:
    """What single messages of a turn surely want, each want once: a greeting and a sigh beside it blur what is plain by itself."""
    found: dict[Intent, Wanted] = {}
    offset = 0
    for message in turn if len(turn) > 1 else ():
        for want in _read([message], before):
            if want.sure and want.intent not in _NAMELESS:
                found.setdefault(want.intent, msgspec.structs.replace(want, words=tuple(_moved(span, offset) for span in want.words)))
        offset += len(message.text) + 1
    return tuple(found.values())


def _earlier(standing: Standing) -> tuple[Wanted, ...]:
    """What the buyer surely wanted in one of the last turns before, or has just said yes to, where they write on soon after it."""
    before, since = list(standing.before), standing.turn[0].placed_at - _SPEAKS_ON
    says_yes = _says_yes(standing)
    for _ in range(_EARLIER):
        turn, before = _last_turn(before)
        if not turn or turn[-1].placed_at < since:
            return ()
        read = _read(turn, before)
        named = [want for want in read if want.intent not in _NAMELESS]
        found = tuple(want for want in named if want.sure) or _pieces(turn, before) or tuple(named[:1] if says_yes else ())
        if found:
            return tuple(msgspec.structs.replace(want, sure=True, words=()) for want in found)
        if named:
            return ()  # something else was spoken of since, of which nobody is sure
    return ()


def _says_yes(standing: Standing) -> bool:
    """Whether the turn is a yes to a question of the shop."""
    text = "".join("".join(message.text.split()) for message in standing.turn)
    return bool(standing.before) and _ASKS in standing.before[-1].text and _YES.fullmatch(text.rstrip("。.!！~～")) is not None


def _last_turn(before: list[Spoken]) -> tuple[list[Spoken], list[Spoken]]:
    """The buyer's last turn among these, and what went before it; a robot's words do not part it."""
    end = next((place + 1 for place in range(len(before) - 1, -1, -1) if before[place].who is Who.BUYER), 0)
    start = next((place + 1 for place in range(end - 1, -1, -1) if before[place].who is Who.REP), 0)
    return [message for message in before[start:end] if message.who is Who.BUYER], before[:start]


def _moved(span: Span, offset: int) -> Span:
    return msgspec.structs.replace(span, start=span.start + offset, end=span.end + offset)
