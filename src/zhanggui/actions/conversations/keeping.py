"""Promises out of messages, and where each stands by the facts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.promises import Promise, promises_in
from zhanggui.core.promises.coupons import coupon_in
from zhanggui.core.promises.keeping import PromiseFacts, PromiseSaid, PromiseState, Stand, promise_stands
from zhanggui.core.promises.shapes import PromiseKind
from zhanggui.records import promises
from zhanggui.records.conversations import MessageRow
from zhanggui.records.db import Tx
from zhanggui.records.promises import NewPromise, PromiseRecord

LONG_OVER = timedelta(days=3)
"""A promise whose moment lay further back than this when it was pasted is history: it stands in the ledger, and nobody is sent after it."""
PROMISES = frozenset({"rep", "bot"})


def note_promises(tx: Tx, shop_id: int, messages: Sequence[MessageRow], now: datetime) -> list[int]:
    """The numbers of the promises in these messages that no other paste brought before."""
    found: list[int] = []
    for message in messages:
        if message.who not in PROMISES or "recalled" in message.marks:
            continue
        for place, promise in enumerate(_read(message)):
            new = NewPromise(
                conversation_no=message.conversation_no,
                message_key=message.key,
                place=place,
                order_no=message.order_no,
                kind=promise.kind.value,
                words=promise.words,
                exactness=promise.exactness.value,
                rep=message.name,
                promised_at=message.at,
                due_at=promise.due_at,
                is_past=promise.due_at is not None and promise.due_at < now - LONG_OVER,
                state=PromiseState.OPEN.value,
            )
            number = promises.insert(tx, shop_id, new)
            found += [] if number is None else [number]
    return found


def _read(message: MessageRow) -> tuple[Promise, ...]:
    """What the message promises; a coupon without a moment too, since nothing else would remind of it."""
    read = promises_in(message.said, message.at)
    coupon = None if any(promise.kind is PromiseKind.PAY for promise in read) else coupon_in(message.said, message.at)
    return read if coupon is None else (*read, coupon)


def promise_facts(promise: PromiseRecord) -> PromiseFacts:
    """What core asks of a promise."""
    return PromiseFacts(
        promise_no=promise.promise_no,
        kind=PromiseKind(promise.kind),
        words=promise.words,
        rep=promise.rep,
        promised_at=promise.promised_at,
        due_at=promise.due_at,
        said=PromiseSaid(promise.said),
        said_at=promise.said_at,
        order_no=promise.order_no,
    )


def brought_up(tx: Tx, promise: PromiseRecord, known: OrderKnowledge | None, tell: Callable[[PromiseRecord], None]) -> PromiseRecord:
    """The promise with its state as the facts show it now, stored where that is news; the row is held by the caller."""
    stand: Stand = promise_stands(promise_facts(promise), known)
    if (stand.state.value, stand.done_at) == (promise.state, promise.done_at):
        return promise
    after = msgspec.structs.replace(promise, state=stand.state.value, done_at=stand.done_at)
    if not promises.save(tx, after):
        raise RuntimeError("a row that was held changed")  # it is locked, so this cannot be
    if after.state != promise.state:
        tell(after)
    return msgspec.structs.replace(after, version=after.version + 1)


def is_overdue(promise: PromiseRecord, now: datetime) -> bool:
    """Whether it is open past its moment."""
    return promise.state == PromiseState.OPEN and promise.due_at is not None and promise.due_at < now
