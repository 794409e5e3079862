"""Promises given to buyers, what persons said of them, and where they stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class NewPromise(msgspec.Struct, frozen=True, kw_only=True):
    """A promise that was just read out of a message."""

    conversation_no: int
    message_key: str
    place: int
    order_no: str | None
    kind: str
    words: str
    exactness: str
    rep: str
    promised_at: datetime | None
    due_at: datetime | None
    is_past: bool
    state: str


class PromiseRecord(NewPromise, frozen=True, kw_only=True):
    """A promise as it stands."""

    shop_id: int
    promise_no: int
    said: str
    said_at: datetime | None
    said_by: int | None
    done_at: datetime | None
    version: int


class RepRecord(msgspec.Struct, frozen=True):
    """How many promises of one rep stand how."""

    rep: str
    given: int
    exact: int
    kept: int
    late: int
    broken: int
    overdue: int
    """Open, and the moment has passed."""


INSERT = """
    insert into promises (shop_id, conversation_no, message_key, place, order_no, kind, words, exactness, rep, promised_at, due_at, is_past, state)
    values (%(shop_id)s, %(conversation_no)s, %(message_key)s, %(place)s, %(order_no)s, %(kind)s, %(words)s, %(exactness)s, %(rep)s,
        %(promised_at)s, %(due_at)s, %(is_past)s, %(state)s)
    on conflict (shop_id, message_key, place) do nothing
    returning promise_no
"""
LOCK = "select * from promises where shop_id = %(shop_id)s and promise_no = any(%(promise_nos)s) order by promise_no for update"
LOCK_OF_ORDERS = "select * from promises where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) order by promise_no for update"
OF_CONVERSATION = "select * from promises where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s order by promise_no"
OF_ORDER = "select * from promises where shop_id = %(shop_id)s and order_no = %(order_no)s order by promise_no"
WITH_KEYS = "select promise_no from promises where shop_id = %(shop_id)s and message_key = any(%(keys)s) order by promise_no"
# read out of what was said here, or came from the tool, before its order was known
SET_ORDER = """
    update promises set order_no = %(order_no)s, version = version + 1
    where shop_id = %(shop_id)s and order_no is null and message_key in (
        select key from conversation_messages
        where shop_id = %(shop_id)s and thread_no = %(thread_no)s and order_no = %(order_no)s and via <> 'paste'
    )
"""
SAVE = """
    update promises set said = %(said)s, said_at = %(said_at)s, said_by = %(said_by)s, state = %(state)s, done_at = %(done_at)s, version = version + 1
    where shop_id = %(shop_id)s and promise_no = %(promise_no)s and version = %(version)s
"""
NEWEST = """
    select * from promises where shop_id = %(shop_id)s and promise_no < %(before)s order by promise_no desc limit %(limit)s
"""
PER_REP = """
    select rep, count(*)::integer as given, count(*) filter (where exactness = 'exact')::integer as exact,
        count(*) filter (where state = 'promise_kept')::integer as kept, count(*) filter (where state = 'promise_late')::integer as late,
        count(*) filter (where state = 'promise_broken')::integer as broken,
        count(*) filter (where state = 'promise_open' and due_at < %(now)s)::integer as overdue
    from promises where shop_id = %(shop_id)s and state <> 'promise_void' and (promised_at is null or promised_at >= %(since)s)
    group by rep order by rep
"""
REMOVE = "delete from promises where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s returning promise_no, message_key"


def insert(tx: Tx, shop_id: int, new: NewPromise) -> int | None:
    """The number of a new promise; None where another paste brought it before."""
    row = tx.execute(INSERT, {"shop_id": shop_id, **msgspec.structs.asdict(new)}).fetchone()
    return None if row is None else int(row[0])


def locked(tx: Tx, shop_id: int, promise_nos: Iterable[int]) -> list[PromiseRecord]:
    """These promises, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(PromiseRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "promise_nos": sorted(set(promise_nos))}).fetchall()


def locked_of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[PromiseRecord]:
    """The promises about these orders, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(PromiseRecord)) as cursor:
        return cursor.execute(LOCK_OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def of_conversation(tx: Tx, shop_id: int, conversation_no: int) -> list[PromiseRecord]:
    """What was promised in a conversation."""
    with tx.cursor(row_factory=class_row(PromiseRecord)) as cursor:
        return cursor.execute(OF_CONVERSATION, {"shop_id": shop_id, "conversation_no": conversation_no}).fetchall()


def of_order(tx: Tx, shop_id: int, order_no: str) -> list[PromiseRecord]:
    """What was promised about an order."""
    with tx.cursor(row_factory=class_row(PromiseRecord)) as cursor:
        return cursor.execute(OF_ORDER, {"shop_id": shop_id, "order_no": order_no}).fetchall()


def with_keys(tx: Tx, shop_id: int, keys: Sequence[str]) -> list[int]:
    """The numbers of the promises in these messages."""
    return [int(no) for (no,) in tx.execute(WITH_KEYS, {"shop_id": shop_id, "keys": list(keys)}).fetchall()] if keys else []


def set_order(tx: Tx, shop_id: int, thread_no: int, order_no: str) -> None:
    """Makes what was promised about no order, in messages of this talk that are about this order by now, a promise about it."""
    tx.execute(SET_ORDER, {"shop_id": shop_id, "thread_no": thread_no, "order_no": order_no})


def save(tx: Tx, promise: PromiseRecord) -> bool:
    """Whether the promise was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(promise)).rowcount == 1


def newest(tx: Tx, shop_id: int, before: int, limit: int) -> list[PromiseRecord]:
    """The promises with a number below `before`, newest first."""
    with tx.cursor(row_factory=class_row(PromiseRecord)) as cursor:
        return cursor.execute(NEWEST, {"shop_id": shop_id, "before": before, "limit": limit}).fetchall()


def per_rep(tx: Tx, shop_id: int, since: datetime, now: datetime) -> list[RepRecord]:
    """How the promises of each rep stand that were given since then; those that no longer hold are left out."""
    with tx.cursor(row_factory=class_row(RepRecord)) as cursor:
        return cursor.execute(PER_REP, {"shop_id": shop_id, "since": since, "now": now}).fetchall()


def remove_of_conversation(tx: Tx, shop_id: int, conversation_no: int) -> list[tuple[int, str]]:
    """The numbers and message keys of the promises that went with a conversation."""
    return [(int(no), str(key)) for no, key in tx.execute(REMOVE, {"shop_id": shop_id, "conversation_no": conversation_no}).fetchall()]
