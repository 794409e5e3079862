"""A pasted conversation is taken in for a shop: once, as an import of its own, so that it can be undone like any other."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.buyer_digests import buyer_key
from zhanggui.actions.conversations.bridging import ECHO
from zhanggui.actions.conversations.keeping import LONG_OVER, note_promises
from zhanggui.actions.conversations.needing import message_no
from zhanggui.actions.conversations.telling import follow_talks
from zhanggui.actions.conversations.threading import Whose, brought_up, standing_by, thread_for
from zhanggui.actions.house import House
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.keeping_up import kept_up
from zhanggui.actions.refused import Refused
from zhanggui.core.chats import Chat, Message, When, Who, read_chat
from zhanggui.core.chats.names import label_of, rep_called
from zhanggui.core.chats.reading import LONGEST_PASTE
from zhanggui.core.chats.shapes import Sending, Via
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import MessageFacts, Place, Sighting, Speaker
from zhanggui.core.moments import shanghai_day
from zhanggui.core.say import say
from zhanggui.people import members
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, conversations, journal, locks, quality, threads
from zhanggui.records.conversations import MessageRow, NewConversation
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.conversations import ConversationTaken
from zhanggui.records.threads import ThreadRecord

PROFILE = "pasted_chat"
_GIVEN = frozenset({"order_no"})
_SPEAKERS = {Who.BUYER: Speaker.BUYER, Who.REP: Speaker.REP, Who.BOT: Speaker.BOT}
_TOLD = frozenset({When.WRITTEN, When.RECKONED})
"""A moment that is only assumed starts no clock."""
_BYTES = 16
_SAME = timedelta(minutes=1)
"""Copied times have no seconds."""
_JUST = timedelta(microseconds=1)
_MOST_BEFORE = 1000


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that was taken in, or was there already."""

    conversation_no: int
    thread_no: int
    batch_id: int
    is_new: bool
    chat: Chat
    order_no: str | None
    promise_nos: tuple[int, ...]
    """The promises that are new with it."""


def take_paste(house: House, by: Person, shop_id: ShopId, text: str, now: datetime, *, order_no: str | None = None, reps: Sequence[str] = ()) -> Taken:
    """Reads the conversation, stores its messages masked, and lets the clocks of replies and promises run; the same paste again changes nothing.

    `order_no` is the order it is about; without it the one order that the conversation names. Raises Refused where no message can be read, or where
    the shop has no such order.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if len(text) > LONGEST_PASTE:
        raise Refused(say("The text is longer than {longest} characters. Paste one conversation alone.", longest=LONGEST_PASTE))

    # the reading takes a while and needs nothing of the shop but its key and its people: nobody waits for it
    key, names = transact(house.pool, lambda tx: (buyer_key(tx, shop_id, now), [member.display_name for member in members.of_shop(tx, shop_id)]))
    chat = read_chat(text, now, reps={*reps, *names}, digest=lambda name: hmac.new(key, name.encode(), hashlib.sha256).hexdigest())
    if not chat.messages:
        raise Refused(say("No message could be read. Copy the conversation together with the names or the times."))

    def work(tx: Tx) -> Taken:
        locks.hold_shop(tx, shop_id)
        about = _order(tx, shop_id, chat, order_no)
        digest = _digest(chat, about)
        before = conversations.by_digest(tx, shop_id, digest)
        if before is not None:
            return Taken(
                conversation_no=before.conversation_no,
                thread_no=before.thread_no,
                batch_id=before.batch_id,
                is_new=False,
                chat=chat,
                order_no=before.order_no,
                promise_nos=(),
            )
        return _store(house, tx, by, shop_id, chat, about, digest, now, names, is_said=order_no is not None)

    return transact(house.pool, work)


def _store(
    house: House,
    tx: Tx,
    by: Person,
    shop_id: ShopId,
    chat: Chat,
    order_no: str | None,
    digest: bytes,
    now: datetime,
    reps: Sequence[str],
    *,
    is_said: bool,
) -> Taken:
    """`is_said`: a person said which order it is about."""
    buyer = _buyer(chat)
    first_at, last_at = _span(chat)
    whose = Whose(buyer=buyer, order_no=order_no, shown=_shown(chat))
    thread = thread_for(tx, shop_id, whose, last_at or now, now, named_at=None if is_said else (last_at or now) + _SAME)
    before = threads.messages_of(tx, shop_id, thread.thread_no, _MOST_BEFORE)
    own = _keys(chat, order_no or (buyer.hex() if buyer is not None else digest.hex()))
    known = _known_keys(chat, [row for row in before if row.via != Via.PASTE and row.sending == Sending.NOT])
    keys = [known.get(place, key) for place, key in enumerate(own)]
    batch_id = store_by_hand(house, tx, by, shop_id, _sightings(chat, keys, own, order_no), now, now, profile=PROFILE)
    new = NewConversation(
        thread_no=thread.thread_no,
        batch_id=batch_id,
        digest=digest,
        buyer=buyer,
        order_no=order_no,
        first_at=first_at,
        last_at=last_at,
        unread=msgspec.json.encode(chat.unread),
        made_by=by.person_id,
        made_at=now,
    )
    conversation_no = conversations.insert(tx, shop_id, new)
    rows = [_by_name(row, reps) for row in _rows(chat, keys, thread, conversation_no, order_no, now)]
    conversations.copy_messages(tx, rows)
    fresh = _fresh(rows, before)
    if fresh:
        quality.grade_again(tx, shop_id, thread.thread_no, min(row.placed_at for row in fresh))
    brought_up(tx, _without_history(tx, thread, fresh, now))
    follow_talks(tx, house, shop_id, [thread.thread_no], now)
    promise_nos = note_promises(tx, shop_id, rows, now)
    kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.PROMISE.value: promise_nos}))
    _note(tx, shop_id, ConversationTaken(conversation_no, len(rows), len(promise_nos)), by, order_no, batch_id, now)
    return Taken(
        conversation_no=conversation_no,
        thread_no=thread.thread_no,
        batch_id=batch_id,
        is_new=True,
        chat=chat,
        order_no=order_no,
        promise_nos=tuple(promise_nos),
    )


def _span(chat: Chat) -> tuple[datetime | None, datetime | None]:
    """When its first and its last message were written, as far as any tells."""
    moments = [message.at for message in chat.messages if message.at is not None]
    return min(moments, default=None), max(moments, default=None)


def _note(tx: Tx, shop_id: ShopId, taken: ConversationTaken, by: Person, order_no: str | None, batch_id: int, now: datetime) -> None:
    """Into the journal of the order it is about; of none, into its own."""
    kind, no = (SubjectKind.ORDER, order_no) if order_no is not None else (SubjectKind.CONVERSATION, str(taken.conversation_no))
    journal.write(tx, shop_id, taken, at=now, by=by.person_id, subject_kind=kind.value, subject_no=no, batch_id=batch_id)


def _order(tx: Tx, shop_id: ShopId, chat: Chat, order_no: str | None) -> str | None:
    """The order the conversation is about: the one that was said, else the only one of the shop's that it names."""
    if order_no is not None:
        if order_no not in around.orders(tx, shop_id, [order_no]):
            raise Refused(say("The shop has no order {order_no}.", order_no=order_no))
        return order_no
    named = list(around.orders(tx, shop_id, list(chat.order_nos))) if chat.order_nos else []
    return named[0] if len(named) == 1 else None


def _digest(chat: Chat, order_no: str | None) -> bytes:
    """What tells this paste from any other: the masked words, who said them on which day, and the order. "Five minutes ago" moves on while one pastes."""
    told = [(_name(chat, message), message.who.value, None if message.at is None else shanghai_day(message.at), message.text) for message in chat.messages]
    return hashlib.sha256(msgspec.json.encode([order_no, told, [line.text for line in chat.unread]])).digest()[:_BYTES]


def _buyer(chat: Chat) -> bytes | None:
    """The buyer by a keyed digest, where one whole name is told; a name that the platform hid, or a word for a side, tells nobody from others."""
    keys = {each.key for each in chat.speakers if each.who is Who.BUYER and each.key and label_of(each.name) is None}
    return bytes.fromhex(keys.pop())[:_BYTES] if len(keys) == 1 else None


def _keys(chat: Chat, whose: str) -> list[str]:
    """A key for every message that it bears in every paste that holds it: whose conversation, who, when, what, and the how-manieth of its like."""
    seen: Counter[bytes] = Counter()
    keys = []
    for message in chat.messages:
        told = msgspec.json.encode([whose, message.who.value, message.at, message.text])
        seen[told] += 1
        keys.append(hashlib.sha256(told + str(seen[told]).encode()).hexdigest()[:24])
    return keys


def _sightings(chat: Chat, keys: Sequence[str], own: Sequence[str], order_no: str | None) -> list[Sighting[MessageFacts]]:
    """The messages with a moment and an order, as any file would tell them; those that came one by one have told it more exactly."""
    if order_no is None:
        return []
    return [
        Sighting(
            MessageFacts(message_no=message_no(key), speaker=_SPEAKERS[message.who], at=message.at, text=message.text, order_no=order_no),
            _GIVEN,
            Place(PROFILE, row=message.lines[0] if message.lines else None),
        )
        for message, key, mine in zip(chat.messages, keys, own, strict=True)
        if key == mine and message.at is not None and message.when in _TOLD and message.who in _SPEAKERS and not message.is_recalled
    ]


def _shown(chat: Chat) -> str:
    """The buyer's name as far as it may be shown, where one name is told."""
    names = {each.name for each in chat.speakers if each.who is Who.BUYER}
    return names.pop() if len(names) == 1 else ""


def _known_keys(chat: Chat, spoken: Sequence[MessageRow]) -> dict[int, str]:
    """By place the keys of messages that came in one by one before: the same words of the same side, each of those once, the nearest first."""
    asked = [message.at for message in chat.messages if message.who is Who.BUYER and message.at is not None]
    asked += [row.placed_at for row in spoken if row.who == Who.BUYER]
    alike: dict[tuple[str, str], list[tuple[datetime, MessageRow]]] = {}
    for row in spoken:
        if row.at is not None:
            alike.setdefault((row.who, row.said), []).append((row.at, row))
    near = sorted(
        (abs(at - message.at), place, row.key)
        for place, message in enumerate(chat.messages)
        if message.at is not None
        for at, row in alike.get((message.who.value, message.text), ())
        if _can_be(row, at, message.at, asked)
    )
    found: dict[int, str] = {}
    for _, place, key in near:
        if place not in found and key not in found.values():
            found[place] = key
    return found


def _can_be(row: MessageRow, at: datetime, copied_at: datetime, asked: Sequence[datetime]) -> bool:
    """Whether the same words can be one message: within a minute; kept here by a rep, within longer, unless the buyer wrote before they were said again."""
    if abs(at - copied_at) < _SAME:
        return True
    return row.via == Via.DESK and abs(at - copied_at) < ECHO and not any(at < moment <= copied_at for moment in asked)


def _fresh(rows: Sequence[MessageRow], before: Sequence[MessageRow]) -> list[MessageRow]:
    """Those of the rows that nothing told before."""
    known = {row.key for row in before}
    return [row for row in rows if row.key not in known]


def _without_history(tx: Tx, thread: ThreadRecord, fresh: Sequence[MessageRow], now: datetime) -> ThreadRecord:
    """The thread in which nobody is said to wait by what was long over when it was pasted; what was answered in it stays answered when it was.

    Whoever waited before by what was there, and was not answered in it either, goes on waiting.
    """
    old = [row.placed_at for row in fresh if row.who in {Who.BUYER, Who.REP} and row.placed_at < now - LONG_OVER]
    if not old:
        return thread
    waits = _still_waits(tx, thread, {row.key for row in fresh})
    settled_at = max(old) if waits is None else min(max(old), waits - _JUST)
    return msgspec.structs.replace(thread, settled_at=max(settled_at, thread.settled_at or settled_at))


def _still_waits(tx: Tx, thread: ThreadRecord, fresh: Collection[str]) -> datetime | None:
    """Since when the buyer waits by what was there before, with the answers that are there now."""
    rows = threads.messages_of(tx, thread.shop_id, thread.thread_no, _MOST_BEFORE)
    return standing_by([row for row in rows if row.key not in fresh or row.who != Who.BUYER], thread.settled_at).waiting_since


def _rows(chat: Chat, keys: Sequence[str], thread: ThreadRecord, conversation_no: int, order_no: str | None, now: datetime) -> list[MessageRow]:
    told = [message.at for message in chat.messages if message.at is not None]
    placed = told[0] if told else now
    rows = []
    for message, key in zip(chat.messages, keys, strict=True):
        placed = min(message.at or placed, now)
        rows.append(_row(chat, message, key, thread, conversation_no, order_no, placed))
    return rows


def _row(chat: Chat, message: Message, key: str, thread: ThreadRecord, conversation_no: int, order_no: str | None, placed: datetime) -> MessageRow:
    return MessageRow(
        shop_id=thread.shop_id,
        conversation_no=conversation_no,
        thread_no=thread.thread_no,
        no=message.no,
        key=key,
        who=message.who.value,
        name=_name(chat, message),
        at=message.at,
        how=message.when.value,
        said=message.text,
        marks=[mark.value for mark in message.marks],
        order_no=order_no,
        tracking_nos=list(message.tracking_nos),
        placed_at=placed,
    )


def _by_name(row: MessageRow, reps: Sequence[str]) -> MessageRow:
    """The message under the name that its rep bears in the shop."""
    return msgspec.structs.replace(row, name=rep_called(row.name, reps)) if row.who == Who.REP else row


def _name(chat: Chat, message: Message) -> str:
    return "" if message.speaker is None else chat.speakers[message.speaker].name
