"""A pasted conversation read once more, message by message: what the buyer wants, and what the shop should not have said."""

from datetime import datetime

import msgspec

from zhanggui.core.chats import Chat, Message, Who
from zhanggui.core.intents.kinds import Said, Wanted
from zhanggui.core.intents.kinds import Speaker as By
from zhanggui.core.speech import Finding, check
from zhanggui.estimates.intents import intents_of
from zhanggui.rulebook.speech import speech_book

_OF_THE_SHOP = frozenset({Who.REP, Who.BOT})
_MOST_BEFORE = 6
"""So many messages that went before bear on what one means."""


class Judged(msgspec.Struct, frozen=True):
    """What one message wants, where a buyer wrote it, and what it should not say, where the shop did."""

    wants: tuple[Wanted, ...] = ()
    findings: tuple[Finding, ...] = ()


def judged(chat: Chat, now: datetime) -> tuple[Judged, ...]:
    """Every message judged, in their order; forbidden speech by the clauses in force when it was said, where that is known."""
    book = speech_book()
    before: list[Said] = []
    found: list[Judged] = []
    for message in chat.messages:
        if message.is_recalled or message.who in {Who.SYSTEM, Who.UNKNOWN}:
            found.append(Judged())
            continue
        if message.who in _OF_THE_SHOP:
            found.append(Judged(findings=check(message.text, book, message.at or now)))
        else:
            found.append(Judged(wants=_wants(message, before)))
        before.append(Said(message.text, By.BUYER if message.who is Who.BUYER else By.REP))
    return tuple(found)


def _wants(message: Message, before: list[Said]) -> tuple[Wanted, ...]:
    return tuple(intents_of(message.text, before[-_MOST_BEFORE:], vectors=False)) if message.text.strip() else ()
