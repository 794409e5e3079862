"""Threads: one buyer's talk with one shop, the messages in it, and what of it waits for somebody."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from psycopg.rows import class_row, dict_row

from zhanggui.core.intents.kinds import Wanted
from zhanggui.core.moments import shanghai_day
from zhanggui.records.conversations import MessageRow, messages_by, opened_message
from zhanggui.records.db import Tx
from zhanggui.records.measures import touched
from zhanggui.records.sealing import opened, sealed

WAITING_TEXT = "threads.waiting_text"
"""The place of what lies sealed."""


class ThreadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A thread as it stands."""

    shop_id: int
    thread_no: int
    external_id: str | None
    """The conversation's own id with the tool that brings it."""
    buyer: bytes | None
    """A keyed digest of the buyer's name, where it was whole."""
    order_no: str | None
    """The order it is about now."""
    named_order_no: str | None
    """An order that was named and that the shop does not know yet."""
    shown: str
    """The buyer's name as far as it may be shown."""
    waiting_since: datetime | None
    """The earliest message of the buyer that no person answered."""
    waiting_known: bool
    """Whether somebody told that moment; else it is when the house learnt of it, and no clock runs by it."""
    waiting_text: str
    """The latest message that waits, masked, its beginning."""
    last_at: datetime
    last_who: str
    owner: int | None
    """The person who took it."""
    owned_at: datetime | None
    snoozed_until: datetime | None
    settled_at: datetime | None
    """What the buyer wrote up to here needs no answer."""
    wants: str
    """What the buyer wants by the messages of the last turn, as JSON; see `wanted`."""
    on_its_way: int
    """Answers that wait for the tool that sends them."""
    made_at: datetime
    version: int

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What the buyer wants by the messages of the last turn, the likeliest first."""
        return msgspec.json.decode(self.wants, type=tuple[Wanted, ...])


class NewThread(msgspec.Struct, frozen=True, kw_only=True):
    """A thread that begins."""

    external_id: str | None
    buyer: bytes | None
    order_no: str | None
    named_order_no: str | None
    shown: str
    last_at: datetime
    made_at: datetime


ONE = """
    select shop_id, thread_no, external_id, buyer, order_no, named_order_no, shown, waiting_since, waiting_known, waiting_text, last_at, last_who,
        owner, owned_at, snoozed_until, settled_at, wants::text, on_its_way, made_at, version
    from threads where shop_id = %(shop_id)s and thread_no = %(thread_no)s
"""
LOCK = """
    select shop_id, thread_no, external_id, buyer, order_no, named_order_no, shown, waiting_since, waiting_known, waiting_text, last_at, last_who,
        owner, owned_at, snoozed_until, settled_at, wants::text, on_its_way, made_at, version
    from threads where shop_id = %(shop_id)s and thread_no = %(thread_no)s for update
"""
LOCK_OF_TOOL = """
    select shop_id, thread_no, external_id, buyer, order_no, named_order_no, shown, waiting_since, waiting_known, waiting_text, last_at, last_who,
        owner, owned_at, snoozed_until, settled_at, wants::text, on_its_way, made_at, version
    from threads where shop_id = %(shop_id)s and external_id = %(external_id)s for update
"""
# two buyers may bear one name: with a tool's own id only a thread without one can be meant
LOCK_OF_BUYER = """
    select shop_id, thread_no, external_id, buyer, order_no, named_order_no, shown, waiting_since, waiting_known, waiting_text, last_at, last_who,
        owner, owned_at, snoozed_until, settled_at, wants::text, on_its_way, made_at, version
    from threads where shop_id = %(shop_id)s and buyer = %(buyer)s and (external_id is null or not %(is_of_tool)s)
    order by last_at desc, thread_no desc limit 1 for update
"""
# a thread that knows its buyer by name or by a tool's id is only meant by one that tells neither
LOCK_OF_ORDER = """
    select shop_id, thread_no, external_id, buyer, order_no, named_order_no, shown, waiting_since, waiting_known, waiting_text, last_at, last_who,
        owner, owned_at, snoozed_until, settled_at, wants::text, on_its_way, made_at, version
    from threads where shop_id = %(shop_id)s and order_no = %(order_no)s and (external_id is null or not %(is_of_tool)s) and (buyer is null or not %(is_named)s)
    order by last_at desc, thread_no desc limit 1 for update
"""
WAITING = """
    select shop_id, thread_no, external_id, buyer, order_no, named_order_no, shown, waiting_since, waiting_known, waiting_text, last_at, last_who,
        owner, owned_at, snoozed_until, settled_at, wants::text, on_its_way, made_at, version
    from threads where shop_id = %(shop_id)s and waiting_since is not null and (waiting_since, thread_no) > (%(at)s, %(no)s)
    order by waiting_since, thread_no limit %(limit)s
"""
LATEST = """
    select shop_id, thread_no, external_id, buyer, order_no, named_order_no, shown, waiting_since, waiting_known, waiting_text, last_at, last_who,
        owner, owned_at, snoozed_until, settled_at, wants::text, on_its_way, made_at, version
    from threads where shop_id = %(shop_id)s and (last_at, thread_no) < (%(at)s, %(no)s)
    order by last_at desc, thread_no desc limit %(limit)s
"""
INSERT = """
    insert into threads (shop_id, external_id, buyer, order_no, named_order_no, shown, last_at, made_at)
    values (%(shop_id)s, %(external_id)s, %(buyer)s, %(order_no)s, %(named_order_no)s, %(shown)s, %(last_at)s, %(made_at)s)
    on conflict (shop_id, external_id) where external_id is not null do nothing
    returning thread_no
"""
SAVE = """
    update threads set external_id = %(external_id)s, buyer = %(buyer)s, order_no = %(order_no)s, named_order_no = %(named_order_no)s, shown = %(shown)s,
        waiting_since = %(waiting_since)s, waiting_known = %(waiting_known)s, waiting_text = %(waiting_text)s, last_at = %(last_at)s, last_who = %(last_who)s,
        owner = %(owner)s, owned_at = %(owned_at)s, snoozed_until = %(snoozed_until)s, settled_at = %(settled_at)s, wants = %(wants)s::json,
        on_its_way = %(on_its_way)s, version = version + 1
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s
"""
REMOVE = "delete from threads where shop_id = %(shop_id)s and thread_no = %(thread_no)s"
IS_EMPTY = "select not exists (select 1 from conversations where shop_id = %(shop_id)s and thread_no = %(thread_no)s)"
MESSAGES = """
    select * from conversation_messages
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s and (placed_at, conversation_no, no) < (%(placed_at)s, %(conversation_no)s, %(no)s)
    order by placed_at desc, conversation_no desc, no desc limit %(limit)s
"""
ORDERS_OF_OTHERS = """
    select order_no from threads
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and thread_no <> %(thread_no)s and (external_id is not null or buyer is not null)
"""
KNOW_ORDER = """
    update threads set order_no = %(order_no)s, named_order_no = null, version = version + 1
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s
"""
# what was said about no order is about the thread's order once that is known
SET_ORDER = """
    update conversation_messages set order_no = %(order_no)s, is_told = sending <> '' or who not in ('buyer', 'rep', 'bot') or 'recalled' = any(marks)
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s and order_no is null and via <> 'paste'
"""
# the last message of the buyer about each order is enough to have its to-do follow; what was taken back was never told
TELL_AGAIN = """
    update conversation_messages m set is_told = false
    from (
        select distinct on (order_no) conversation_no, no from conversation_messages
        where shop_id = %(shop_id)s and thread_no = %(thread_no)s and who = 'buyer' and order_no is not null and not 'recalled' = any(marks)
        order by order_no, placed_at desc, conversation_no desc, no desc
    ) as last
    where m.shop_id = %(shop_id)s and m.conversation_no = last.conversation_no and m.no = last.no
"""
ORDERS_ASKED_ABOUT = """
    select distinct order_no from conversation_messages
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s and who = 'buyer' and order_no is not null
"""
ORDERS_TO_FOLLOW = """
    select distinct m.order_no from conversation_messages m join threads t on t.shop_id = m.shop_id and t.thread_no = m.thread_no
    where m.shop_id = %(shop_id)s and m.thread_no = any(%(thread_nos)s) and m.who = 'buyer' and m.order_no is not null
        and (m.order_no is distinct from t.order_no or m.placed_at <= t.settled_at)
"""
# settled in its talk before anybody answered; or answered there first about another order, and nobody waits in it any more since then.
# An answer whose moment nobody tells is known to no order, and what was pasted about none may be what came in about one
NEEDING_NONE = """
    select distinct m.key
    from conversation_messages m join threads t on t.shop_id = m.shop_id and t.thread_no = m.thread_no
    left join lateral (
        select r.placed_at, r.order_no from conversation_messages r
        where r.shop_id = %(shop_id)s and r.thread_no = m.thread_no and r.placed_at >= m.placed_at and r.who = 'rep' and r.sending = ''
            and r.how in ('written', 'reckoned') and (r.order_no is not null or r.via <> 'paste') and not 'recalled' = any(r.marks)
        order by r.placed_at, r.conversation_no, r.no limit 1
    ) as answer on true
    where m.shop_id = %(shop_id)s and m.key = any(%(keys)s)
        and (m.placed_at <= t.settled_at and (answer.placed_at is null or answer.placed_at > t.settled_at)
            or answer.placed_at is not null and answer.order_no is distinct from m.order_no and (t.waiting_since is null or m.placed_at < t.waiting_since))
"""
BY_SOURCE = "select * from conversation_messages where shop_id = %(shop_id)s and source_key = %(source_key)s"
# what was said lies sealed: the words are compared once they are opened; it is a talk of minutes, or of a day at most
ALIKE = """
    select * from conversation_messages
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s and who = %(who)s and placed_at > %(since)s and placed_at < %(until)s
        and via = any(%(ways)s) and (source_key is null or not %(is_unnamed)s)
    order by placed_at desc, conversation_no desc, no desc limit 1000
"""
NAME_SOURCE = """
    update conversation_messages set source_key = %(source_key)s
    where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s and no = %(no)s and source_key is null
"""
SPOKEN = "select conversation_no from conversations where shop_id = %(shop_id)s and thread_no = %(thread_no)s and batch_id is null"
NEXT_NO = "select coalesce(max(no), 0) + 1 from conversation_messages where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s"
SENDING_OF = """
    select * from conversation_messages
    where shop_id = %(shop_id)s and thread_no = %(thread_no)s and sending <> '' order by conversation_no, no
"""
ANSWERS_AT = """
    select m.*, t.external_id from conversation_messages m join threads t on t.shop_id = m.shop_id and t.thread_no = m.thread_no
    where m.shop_id = %(shop_id)s and m.sending = %(sending)s and t.external_id is not null
    order by m.conversation_no, m.no limit %(limit)s
"""
SAID_HERE = "select * from conversation_messages where shop_id = %(shop_id)s and key = %(key)s and via = 'desk'"
SET_SENDING = """
    update conversation_messages set sending = %(sending)s where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s and no = %(no)s
"""
SET_SENT = """
    update conversation_messages set sending = '', at = %(at)s, placed_at = %(placed_at)s, source_key = %(source_key)s, is_told = %(is_told)s
    where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s and no = %(no)s
"""
REMOVE_MESSAGE = "delete from conversation_messages where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s and no = %(no)s"
# held, so that who has it told anew meanwhile is heard after this
UNTOLD = "select * from conversation_messages where shop_id = %(shop_id)s and not is_told order by conversation_no, no limit %(limit)s for update"
SHOPS_WITH_UNTOLD = """
    select shop.shop_id
    from shop_homes as shop
    cross join lateral (select 1 from conversation_messages m where m.shop_id = shop.shop_id and not m.is_told limit 1) as untold
    where shop.shop_id = any(%(shop_ids)s)
"""
MARK_TOLD = """
    update conversation_messages m set is_told = true
    from unnest(%(conversation_nos)s::bigint[], %(nos)s::integer[]) as told (conversation_no, no)
    where m.shop_id = %(shop_id)s and m.conversation_no = told.conversation_no and m.no = told.no
"""
NAMING = """
    select thread_no from threads
    where shop_id = %(shop_id)s and named_order_no is not null
        and exists (select 1 from orders where orders.shop_id = %(shop_id)s and orders.order_no = threads.named_order_no)
    order by thread_no limit 200
"""


def one(tx: Tx, shop_id: int, thread_no: int) -> ThreadRecord | None:
    """This thread."""
    return _one(tx, ONE, {"shop_id": shop_id, "thread_no": thread_no})


def waiting(tx: Tx, shop_id: int, after: tuple[datetime, int], limit: int) -> list[ThreadRecord]:
    """The threads in which a buyer waits, the longest first."""
    return _threads(tx, WAITING, {"shop_id": shop_id, "at": after[0], "no": after[1], "limit": limit})


def latest(tx: Tx, shop_id: int, before: tuple[datetime, int], limit: int) -> list[ThreadRecord]:
    """The threads in which something was said last, the newest first."""
    return _threads(tx, LATEST, {"shop_id": shop_id, "at": before[0], "no": before[1], "limit": limit})


def locked(tx: Tx, shop_id: int, thread_no: int) -> ThreadRecord | None:
    """This thread, held until the transaction ends."""
    return _one(tx, LOCK, {"shop_id": shop_id, "thread_no": thread_no})


def locked_of_tool(tx: Tx, shop_id: int, external_id: str) -> ThreadRecord | None:
    """The thread that a tool's own id names."""
    return _one(tx, LOCK_OF_TOOL, {"shop_id": shop_id, "external_id": external_id})


def locked_of_buyer(tx: Tx, shop_id: int, buyer: bytes, *, is_of_tool: bool) -> ThreadRecord | None:
    """The latest thread of a buyer of this name; with a tool's own id only one that has none yet."""
    return _one(tx, LOCK_OF_BUYER, {"shop_id": shop_id, "buyer": buyer, "is_of_tool": is_of_tool})


def locked_of_order(tx: Tx, shop_id: int, order_no: str, *, is_of_tool: bool, is_named: bool) -> ThreadRecord | None:
    """The latest thread about an order; where the buyer is named or a tool's id given, only one that knows nobody else."""
    return _one(tx, LOCK_OF_ORDER, {"shop_id": shop_id, "order_no": order_no, "is_of_tool": is_of_tool, "is_named": is_named})


def insert(tx: Tx, shop_id: int, new: NewThread) -> int | None:
    """The number of a new thread; None where another process just began the one of this tool's id."""
    row = tx.execute(INSERT, {"shop_id": shop_id, **msgspec.structs.asdict(new)}).fetchone()
    return None if row is None else int(row[0])


def save(tx: Tx, thread: ThreadRecord) -> None:
    """Stores the thread as it now is; its row is held by the caller."""
    touched.note_thread(tx, thread.shop_id, thread.thread_no, thread.order_no)
    tx.execute(SAVE, {**msgspec.structs.asdict(thread), "waiting_text": sealed(tx, thread.shop_id, thread.waiting_text, WAITING_TEXT)})


def remove(tx: Tx, shop_id: int, thread_no: int) -> None:
    """Takes a thread away in which nothing is left."""
    tx.execute(REMOVE, {"shop_id": shop_id, "thread_no": thread_no})


def is_empty(tx: Tx, shop_id: int, thread_no: int) -> bool:
    """Whether nothing hangs on the thread any more."""
    row = tx.execute(IS_EMPTY, {"shop_id": shop_id, "thread_no": thread_no}).fetchone()
    return bool(row and row[0])


def messages_of(tx: Tx, shop_id: int, thread_no: int, limit: int) -> list[MessageRow]:
    """The last messages of a thread, the newest last; what several pastes hold stands there once, and takes the place of no older ones."""
    kept: dict[str, MessageRow] = {}
    before = (datetime(9999, 1, 1, tzinfo=UTC), 0, 0)
    while True:
        slots = {"placed_at": before[0], "conversation_no": before[1], "no": before[2], "limit": limit}
        found = messages_by(tx, MESSAGES, {"shop_id": shop_id, "thread_no": thread_no, **slots})
        kept.update((message.key, message) for message in found)
        if len(found) < limit or len(kept) >= limit:
            return sorted(kept.values(), key=_place)[-limit:]
        before = _place(found[-1])


def orders_of_others(tx: Tx, shop_id: int, thread_no: int, order_nos: Sequence[str]) -> set[str]:
    """Those of these orders that somebody else's thread is about."""
    if not order_nos:
        return set()
    return {str(no) for (no,) in tx.execute(ORDERS_OF_OTHERS, {"shop_id": shop_id, "thread_no": thread_no, "order_nos": list(order_nos)})}


def naming_known_orders(tx: Tx, shop_id: int) -> list[int]:
    """The threads that named an order which the shop has come to know since."""
    return [int(no) for (no,) in tx.execute(NAMING, {"shop_id": shop_id})]


def set_order(tx: Tx, shop_id: int, thread_no: int, order_no: str) -> None:
    """Makes what was said here and through the tool about no order a part of this order's talk, which is to learn of it."""
    tx.execute(SET_ORDER, {"shop_id": shop_id, "thread_no": thread_no, "order_no": order_no})


def tell_again(tx: Tx, shop_id: int, thread_no: int) -> None:
    """Has the orders that the buyer wrote about in this talk learn anew what became of it."""
    tx.execute(TELL_AGAIN, {"shop_id": shop_id, "thread_no": thread_no})


def orders_to_follow(tx: Tx, shop_id: int, thread_nos: Sequence[int]) -> set[str]:
    """The orders about which the buyer wrote in these talks what needs no answer by now, or may need none since the talk is about another."""
    return {str(no) for (no,) in tx.execute(ORDERS_TO_FOLLOW, {"shop_id": shop_id, "thread_nos": list(thread_nos)})}


def orders_asked_about(tx: Tx, shop_id: int, thread_no: int) -> set[str]:
    """Every order about which the buyer wrote in this talk."""
    return {str(no) for (no,) in tx.execute(ORDERS_ASKED_ABOUT, {"shop_id": shop_id, "thread_no": thread_no})}


def needing_none(tx: Tx, shop_id: int, keys: Sequence[str]) -> list[str]:
    """Those of these messages of buyers that need no answer, by the talks they stand in."""
    if not keys:
        return []
    return [str(key) for (key,) in tx.execute(NEEDING_NONE, {"shop_id": shop_id, "keys": list(keys)})]


def by_source(tx: Tx, shop_id: int, source_key: str) -> MessageRow | None:
    """The message that a tool's ids name."""
    return next(iter(messages_by(tx, BY_SOURCE, {"shop_id": shop_id, "source_key": source_key})), None)


def alike(
    tx: Tx, thread: ThreadRecord, who: str, said: str, between: tuple[datetime, datetime], ways: Sequence[str], *, is_unnamed: bool = False
) -> MessageRow | None:
    """The last message of these words in the thread that came in by one of these ways, between these moments; where asked, only one no tool's id names."""
    since, until = between
    slots = {"shop_id": thread.shop_id, "thread_no": thread.thread_no, "who": who, "since": since, "until": until}
    slots |= {"ways": list(ways), "is_unnamed": is_unnamed}
    return next((message for message in messages_by(tx, ALIKE, slots) if message.said == said), None)


def name_source(tx: Tx, message: MessageRow, source_key: str) -> None:
    """Keeps by which ids the tool knows a message that was said here."""
    tx.execute(NAME_SOURCE, {"shop_id": message.shop_id, "conversation_no": message.conversation_no, "no": message.no, "source_key": source_key})


def spoken_of(tx: Tx, shop_id: int, thread_no: int) -> int | None:
    """The conversation of a thread that holds what comes message by message."""
    row = tx.execute(SPOKEN, {"shop_id": shop_id, "thread_no": thread_no}).fetchone()
    return None if row is None else int(row[0])


def next_no(tx: Tx, shop_id: int, conversation_no: int) -> int:
    """The number of the next message of a conversation."""
    row = tx.execute(NEXT_NO, {"shop_id": shop_id, "conversation_no": conversation_no}).fetchone()
    assert row is not None
    return int(row[0])


def untold(tx: Tx, shop_id: int, limit: int) -> list[MessageRow]:
    """Messages of which their orders do not know yet, held until the transaction ends."""
    return messages_by(tx, UNTOLD, {"shop_id": shop_id, "limit": limit})


def shops_with_untold(tx: Tx, shop_ids: Sequence[int]) -> list[int]:
    """Those of these shops in which messages wait of which their orders do not know."""
    return [int(shop_id) for (shop_id,) in tx.execute(SHOPS_WITH_UNTOLD, {"shop_ids": list(shop_ids)})]


def mark_told(tx: Tx, shop_id: int, rows: Sequence[MessageRow]) -> None:
    """Notes that their orders know of these messages."""
    slots = {"shop_id": shop_id, "conversation_nos": [row.conversation_no for row in rows], "nos": [row.no for row in rows]}
    tx.execute(MARK_TOLD, slots)


def know_order(tx: Tx, shop_id: int, thread_no: int, order_no: str) -> None:
    """Makes the order that a thread named the one it is about."""
    touched.note_thread(tx, shop_id, thread_no, order_no)
    tx.execute(KNOW_ORDER, {"shop_id": shop_id, "thread_no": thread_no, "order_no": order_no})


def sending_of(tx: Tx, shop_id: int, thread_no: int) -> list[MessageRow]:
    """The answers of a thread that were given out to a tool and not sent yet."""
    return messages_by(tx, SENDING_OF, {"shop_id": shop_id, "thread_no": thread_no})


def answers_at(tx: Tx, shop_id: int, sending: str, limit: int) -> list[tuple[MessageRow, str]]:
    """The answers of the shop that stand so on their way to the tool, each with its conversation's own id."""
    with tx.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(ANSWERS_AT, {"shop_id": shop_id, "sending": sending, "limit": limit}).fetchall()
    return [(opened_message(tx, MessageRow(**{name: row[name] for name in MessageRow.__struct_fields__})), str(row["external_id"])) for row in rows]


def said_here(tx: Tx, shop_id: int, key: str) -> MessageRow | None:
    """What a rep said here under this key."""
    return next(iter(messages_by(tx, SAID_HERE, {"shop_id": shop_id, "key": key})), None)


def set_sending(tx: Tx, message: MessageRow, sending: str) -> None:
    """Keeps where an answer stands on its way."""
    touched.note_messages(tx, message.shop_id, message.conversation_no, message.no)
    tx.execute(SET_SENDING, {**msgspec.structs.asdict(message), "sending": sending})


def set_sent(tx: Tx, message: MessageRow) -> None:
    """Keeps an answer as sent, with its moment."""
    touched.note(tx, message.shop_id, (), [shanghai_day(message.at or message.placed_at)])
    tx.execute(SET_SENT, msgspec.structs.asdict(message))


def remove_message(tx: Tx, message: MessageRow) -> None:
    """Takes away what was said here and never sent."""
    touched.note_messages(tx, message.shop_id, message.conversation_no, message.no)
    tx.execute(REMOVE_MESSAGE, msgspec.structs.asdict(message))


def _place(message: MessageRow) -> tuple[datetime, int, int]:
    return message.placed_at, message.conversation_no, message.no


def _one(tx: Tx, statement: str, asked: dict[str, object]) -> ThreadRecord | None:
    return next(iter(_threads(tx, statement, asked)), None)


def _threads(tx: Tx, statement: str, asked: dict[str, object]) -> list[ThreadRecord]:
    with tx.cursor(row_factory=class_row(ThreadRecord)) as cursor:
        rows = cursor.execute(statement, asked).fetchall()
    return [msgspec.structs.replace(row, waiting_text=opened(tx, row.shop_id, row.waiting_text, WAITING_TEXT)) for row in rows]
