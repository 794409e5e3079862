"""Which messages of buyers need no answer any more, by the talks they stand in: an order knows what was said about it, and not what became of it there."""

from collections.abc import Iterable, Sequence

from zhanggui.core.clocks.attention import last_turn
from zhanggui.core.facts import MessageFacts, Speaker
from zhanggui.records import threads
from zhanggui.records.db import Tx

_OF_TALKS = "pasted_chat:"


def message_no(key: str) -> str:
    """By what an order knows a message, whichever way it came in."""
    return f"{_OF_TALKS}{key}"


def needing_none(tx: Tx, shop_id: int, told: Iterable[Sequence[MessageFacts]]) -> frozenset[str]:
    """The numbers of those messages, out of the buyer's last turn about each of some orders, that need no answer, or needed none when one came."""
    keys = [no.removeprefix(_OF_TALKS) for messages in told for no in _asked_last(messages) if no.startswith(_OF_TALKS)]
    return frozenset(message_no(key) for key in threads.needing_none(tx, shop_id, keys))


def _asked_last(messages: Sequence[MessageFacts]) -> list[str]:
    turn = last_turn(messages)
    if turn is None:
        return []
    return [message.message_no for message in messages if message.speaker is Speaker.BUYER and message.at >= turn[0].at]
