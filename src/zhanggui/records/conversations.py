"""Conversations, pasted or come message by message, and their messages."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.chats.shapes import Via
from zhanggui.core.moments import shanghai_day
from zhanggui.records.db import Tx
from zhanggui.records.measures import touched
from zhanggui.records.sealing import opened, sealed

SAID, UNREAD = "conversation_messages.said", "conversations.unread"
"""The places of what lies sealed."""


class NewConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that was just read; one of what comes message by message is no import."""

    thread_no: int
    batch_id: int | None
    digest: bytes
    buyer: bytes | None
    order_no: str | None
    first_at: datetime | None
    last_at: datetime | None
    unread: bytes
    made_by: int | None
    made_at: datetime


class ConversationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A pasted conversation as it stands."""

    conversation_no: int
    thread_no: int
    batch_id: int
    order_no: str | None
    first_at: datetime | None
    last_at: datetime | None
    made_at: datetime


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it stands, its fields in the order in which they are copied. `name` of a buyer is masked."""

    shop_id: int
    conversation_no: int
    thread_no: int
    no: int
    key: str
    who: str
    name: str
    at: datetime | None
    how: str
    said: str
    marks: list[str]
    order_no: str | None
    tracking_nos: list[str]
    placed_at: datetime
    """Where it stands among the others: its moment, or that of what stands around it."""
    via: str = Via.PASTE.value
    source_key: str | None = None
    is_told: bool = True
    """Whether its order knows of it."""
    sending: str = ""
    said_by: int | None = None


BY_DIGEST = """
    select conversation_no, thread_no, batch_id, order_no, first_at, last_at, made_at from conversations where shop_id = %(shop_id)s and digest = %(digest)s
"""
OF_BATCH = """
    select conversation_no, thread_no, batch_id, order_no, first_at, last_at, made_at from conversations where shop_id = %(shop_id)s and batch_id = %(batch_id)s
"""
INSERT = """
    insert into conversations (shop_id, thread_no, batch_id, digest, buyer, order_no, first_at, last_at, unread, made_by, made_at)
    values (%(shop_id)s, %(thread_no)s, %(batch_id)s, %(digest)s, %(buyer)s, %(order_no)s, %(first_at)s, %(last_at)s, %(unread)s, %(made_by)s, %(made_at)s)
    returning conversation_no
"""
COPY_MESSAGES = """
    copy conversation_messages (shop_id, conversation_no, thread_no, no, key, who, name, at, how, said, marks, order_no, tracking_nos, placed_at,
        via, source_key, is_told, sending, said_by) from stdin
"""
MESSAGES = """
    select * from conversation_messages
    where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s order by no
"""
FIRST_WITH_KEYS = """
    select distinct on (key) * from conversation_messages
    where shop_id = %(shop_id)s and key = any(%(keys)s) order by key, conversation_no, no
"""
REMOVE_MESSAGES = "delete from conversation_messages where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s"
REMOVE = "delete from conversations where shop_id = %(shop_id)s and conversation_no = %(conversation_no)s"


def by_digest(tx: Tx, shop_id: int, digest: bytes) -> ConversationRecord | None:
    """The conversation that this very paste became."""
    with tx.cursor(row_factory=class_row(ConversationRecord)) as cursor:
        return cursor.execute(BY_DIGEST, {"shop_id": shop_id, "digest": digest}).fetchone()


def of_batch(tx: Tx, shop_id: int, batch_id: int) -> ConversationRecord | None:
    """The conversation whose messages an import holds."""
    with tx.cursor(row_factory=class_row(ConversationRecord)) as cursor:
        return cursor.execute(OF_BATCH, {"shop_id": shop_id, "batch_id": batch_id}).fetchone()


def insert(tx: Tx, shop_id: int, new: NewConversation) -> int:
    """The number of a new conversation."""
    unread = new.unread.decode()
    if unread != "[]":
        unread = msgspec.json.encode(sealed(tx, shop_id, unread, UNREAD)).decode()
    row = tx.execute(INSERT, {"shop_id": shop_id, **msgspec.structs.asdict(new), "unread": unread}).fetchone()
    assert row is not None
    return int(row[0])


def copy_messages(tx: Tx, rows: Sequence[MessageRow]) -> None:
    """Stores new messages of a conversation."""
    lying = [msgspec.structs.replace(row, said=sealed(tx, row.shop_id, row.said, SAID)) for row in rows]
    with tx.cursor() as cursor, cursor.copy(COPY_MESSAGES) as copy:
        for row in lying:
            copy.write_row(msgspec.structs.astuple(row))
    told = {shop_id: [row for row in rows if row.shop_id == shop_id] for shop_id in {row.shop_id for row in rows}}
    for shop_id, some in told.items():
        touched.note(tx, shop_id, (), sorted({shanghai_day(row.at or row.placed_at) for row in some}))


def messages_of(tx: Tx, shop_id: int, conversation_no: int) -> list[MessageRow]:
    """The messages of a conversation, in their order."""
    return messages_by(tx, MESSAGES, {"shop_id": shop_id, "conversation_no": conversation_no})


def first_with_keys(tx: Tx, shop_id: int, keys: Sequence[str]) -> list[MessageRow]:
    """Of each of these messages the row of the oldest paste that holds it."""
    return messages_by(tx, FIRST_WITH_KEYS, {"shop_id": shop_id, "keys": list(keys)})


def remove(tx: Tx, shop_id: int, conversation_no: int) -> None:
    """Takes a conversation and its messages away; its promises have gone before."""
    touched.note_messages(tx, shop_id, conversation_no)
    tx.execute(REMOVE_MESSAGES, {"shop_id": shop_id, "conversation_no": conversation_no})
    tx.execute(REMOVE, {"shop_id": shop_id, "conversation_no": conversation_no})


def messages_by(tx: Tx, statement: str, asked: dict[str, object]) -> list[MessageRow]:
    """The messages that a statement finds, opened."""
    with tx.cursor(row_factory=class_row(MessageRow)) as cursor:
        return [opened_message(tx, row) for row in cursor.execute(statement, asked).fetchall()]


def opened_message(tx: Tx, row: MessageRow) -> MessageRow:
    """A message as it was said."""
    return msgspec.structs.replace(row, said=opened(tx, row.shop_id, row.said, SAID))
