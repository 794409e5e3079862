"""What a service tool brings, message by message, and what reps say here: each message once, masked, in its thread.

A message is stored without the shop's lock, so that no import keeps a buyer waiting; its order learns of it right after (`telling`).
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from psycopg import errors

from zhanggui.actions.buyer_digests import buyer_key
from zhanggui.actions.conversations.keeping import LONG_OVER, note_promises
from zhanggui.actions.conversations.telling import tell_orders
from zhanggui.actions.conversations.threading import Whose, brought_up, held_thread, order_named, thread_for
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.chats.names import rep_called
from zhanggui.core.chats.shapes import Sending, Via, When, Who
from zhanggui.core.chats.single import LONGEST_MESSAGE, Single, read_single, shown_name, whole_name
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.masking import storable
from zhanggui.core.say import say
from zhanggui.core.speech import Finding, check
from zhanggui.people import members
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, conversations, journal, quality, threads
from zhanggui.records.conversations import MessageRow, NewConversation
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.conversations import AnswerSaid
from zhanggui.records.threads import ThreadRecord
from zhanggui.rulebook.speech import speech_book

LONGEST_ID = 200
MOST_AT_ONCE = 100
_BYTES = 16
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_OF_THE_SHOP = frozenset({Who.REP, Who.BOT})
_FACTS = frozenset({Who.BUYER, Who.REP, Who.BOT})
_SAME = timedelta(minutes=1)
"""Copied times have no seconds: the same words within so long are the same message where they came in by another way."""
_JUST = timedelta(microseconds=1)
ECHO = timedelta(minutes=15)
"""What a rep said here comes back from the tool, or in a paste, within so long, or came from it before."""


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a service tool tells it."""

    message_id: str
    """The tool's own id: a message comes in once. To be unique in its conversation, or in the shop where no `external_id` is given."""
    who: Who
    said: str
    at: datetime | None = None
    external_id: str | None = None
    """The tool's own id of the conversation."""
    name: str = ""
    """Who speaks."""
    buyer: str = ""
    """The buyer's name, where somebody else speaks."""
    order_no: str | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was taken in, or was there already."""

    thread_no: int
    message_key: str
    is_new: bool
    order_no: str | None = None
    findings: tuple[Finding, ...] = ()
    """What the shop should not have said in it."""
    promise_nos: tuple[int, ...] = ()


def take_message(house: House, by: Person, shop_id: ShopId, incoming: Incoming, now: datetime) -> Taken:
    """Stores one message masked, once; a rep's message answers the buyer who waits. Raises Refused where it cannot be taken."""
    (taken,) = take_messages(house, by, shop_id, [incoming], now)
    return taken


def take_messages(house: House, by: Person, shop_id: ShopId, incoming: Sequence[Incoming], now: datetime, *, tells: bool = True) -> tuple[Taken, ...]:
    """Stores messages, all or none of them, in the order given. Raises Refused where one cannot be taken.

    `tells`: their orders learn of them at once; else by the lane `talk`, a moment later, so that whoever brings them is answered sooner.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if len(incoming) > MOST_AT_ONCE:
        raise Refused(say("At most {most} messages at once.", most=MOST_AT_ONCE))
    for message in incoming:
        _look_over(message)
    read = [read_single(message.said) for message in incoming]

    def work(tx: Tx) -> tuple[Taken, ...]:
        key = buyer_key(tx, shop_id, now)
        reps = _reps(tx, shop_id) if any(message.who is Who.REP for message in incoming) else ()
        latest: dict[int, datetime] = {}
        taken = tuple(_take(tx, shop_id, key, _by_name(message, reps), single, now, latest) for message, single in zip(incoming, read, strict=True))
        for thread_no in dict.fromkeys(each.thread_no for each in taken if each.is_new):
            brought_up(tx, held_thread(tx, shop_id, thread_no))
        return taken

    try:
        taken = transact(house.pool, work)
    except errors.UniqueViolation:
        taken = transact(house.pool, work)  # the tool told the same twice at once: by now the other is stored
    if tells and any(each.is_new for each in taken):
        tell_orders(house, shop_id, now)
    return taken


def answered(house: House, by: Person, shop_id: ShopId, thread_no: int, said: str, now: datetime) -> Taken:
    """Stores what a rep says was sent, as the rep's message: checked, its promises read. Raises Refused where nothing was said."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    single = answer_read(said)

    def work(tx: Tx) -> Taken:
        thread = held_thread(tx, shop_id, thread_no)
        before = threads.alike(tx, thread, Who.REP.value, single.text, (now - ECHO, now + ECHO), [Via.BRIDGE.value])
        before = before or threads.alike(tx, thread, Who.REP.value, single.text, (now - _SAME, now + _SAME), [Via.DESK.value])
        if before is not None and not _was_before_the_buyer(thread, before, now) and not _was_unseen_by(thread, before):
            return _was_there(before)
        return say_here(tx, by, thread, single, now, raw=said)

    taken = transact(house.pool, work)
    tell_orders(house, shop_id, now)
    return taken


def say_here(tx: Tx, by: Person, thread: ThreadRecord, single: Single, now: datetime, sending: Sending = Sending.NOT, *, raw: str = "") -> Taken:
    """Stores what a rep says here; where the tool is to send it, it answers nobody until that is done."""
    shop_id = ShopId(thread.shop_id)
    conversation_no = _spoken(tx, thread, now)
    number = threads.next_no(tx, shop_id, conversation_no)
    row = MessageRow(
        shop_id=shop_id,
        conversation_no=conversation_no,
        thread_no=thread.thread_no,
        no=number,
        key=_key("desk", str(conversation_no), str(number)),
        who=Who.REP.value,
        name=by.display_name,
        at=now,
        how=When.WRITTEN.value,
        said=single.text,
        marks=[mark.value for mark in single.marks],
        order_no=thread.order_no,
        tracking_nos=list(single.tracking_nos),
        placed_at=now,
        via=Via.DESK.value,
        is_told=sending is not Sending.NOT,
        sending=sending.value,
        said_by=by.person_id,
    )
    taken = _store(tx, thread, row, raw or single.text, now)
    kind, no = (SubjectKind.ORDER, thread.order_no) if thread.order_no is not None else (SubjectKind.CONVERSATION, str(conversation_no))
    entry = AnswerSaid(thread.thread_no, len(taken.findings))
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=kind.value, subject_no=no)
    brought_up(tx, thread)
    return taken


def sent(tx: Tx, row: MessageRow, at: datetime, source: str | None, now: datetime) -> Taken:
    """Notes that an answer which was given out has been sent; its thread is held by the caller."""
    after = msgspec.structs.replace(row, sending=Sending.NOT.value, at=at, placed_at=at, source_key=source)
    promise_nos = note_promises(tx, row.shop_id, [after], now)
    threads.set_sent(tx, msgspec.structs.replace(after, is_told=False))
    quality.grade_again(tx, row.shop_id, row.thread_no, at)
    return Taken(thread_no=row.thread_no, message_key=row.key, is_new=True, order_no=row.order_no, promise_nos=tuple(promise_nos))


def answer_read(said: str) -> Single:
    """What a rep says, as it may be kept. Raises Refused where it is empty or too long."""
    if not said.strip():
        raise Refused(say("Nothing was said."))
    if len(said) > LONGEST_MESSAGE:
        raise Refused(say("A message has at most {longest} characters.", longest=LONGEST_MESSAGE))
    return read_single(said)


def source_key(external_id: str | None, message_id: str) -> str:
    """By which a tool's message is known again."""
    return hashlib.sha256(msgspec.json.encode([external_id, message_id])).hexdigest()[:32]


def look_at_moment(at: datetime | None) -> None:
    """Raises Refused for a moment that no tool can mean, before anything is reckoned with it."""
    if at is not None and at.tzinfo is None:
        raise Refused(say("A moment must tell its time zone."))
    if at is not None and at < _EARLIEST:
        raise Refused(say("A moment before {year} cannot be meant.", year=str(_EARLIEST.year)))


def _look_over(message: Incoming) -> None:
    """Raises Refused for a message that cannot be taken."""
    if not message.message_id.strip() or len(message.message_id) > LONGEST_ID or len(message.external_id or "") > LONGEST_ID:
        raise Refused(say("Every message needs an id of at most {longest} characters.", longest=LONGEST_ID))
    if message.external_id is not None and not message.external_id.strip():
        raise Refused(say("The id of a conversation must not be empty."))
    if not message.said.strip():
        raise Refused(say("Nothing was said."))
    if len(message.said) > LONGEST_MESSAGE:
        raise Refused(say("A message has at most {longest} characters.", longest=LONGEST_MESSAGE))
    if len(message.name) > LONGEST_ID or len(message.buyer) > LONGEST_ID:
        raise Refused(say("A name has at most {longest} characters.", longest=LONGEST_ID))
    look_at_moment(message.at)
    if message.external_id is None and message.who is not Who.BUYER and not message.buyer and not message.order_no:
        raise Refused(say("Tell which conversation is meant: its id, the buyer's name or the order."))


def _reps(tx: Tx, shop_id: ShopId) -> Sequence[str]:
    return [member.display_name for member in members.of_shop(tx, shop_id)]


def _by_name(message: Incoming, reps: Sequence[str]) -> Incoming:
    """The message under the name that its rep bears in the shop."""
    return msgspec.structs.replace(message, name=rep_called(message.name, reps)) if message.who is Who.REP else message


def _take(tx: Tx, shop_id: ShopId, key: bytes, message: Incoming, single: Single, now: datetime, latest: dict[int, datetime]) -> Taken:
    """`latest`: the youngest moment of each thread among what came before in the same call, which its row does not tell yet."""
    source = source_key(message.external_id, message.message_id)
    before = threads.by_source(tx, shop_id, source)
    if before is not None:
        return _was_there(before)
    at = min(message.at or now, now)
    whose = _whose(tx, shop_id, key, message)
    thread = thread_for(tx, shop_id, whose, at, now, named_at=at, latest=latest)
    if message.who is Who.REP and (echo := _echo(tx, thread, single, at)) is not None:
        if echo.sending != Sending.NOT:
            return sent(tx, echo, at, source, now)
        threads.name_source(tx, echo, source)
        return _was_there(echo)
    pasted = threads.alike(tx, thread, message.who.value, single.text, (at - _SAME, at + _SAME), [Via.PASTE.value])
    is_over = at < now - LONG_OVER
    last_at = latest[thread.thread_no] = max(at, thread.last_at, latest.get(thread.thread_no, at))
    heard = _about(tx, thread, message, single, may_go_over=not is_over and pasted is None and at == last_at)
    if pasted is None and (message.who is Who.BUYER or (is_over and message.who is Who.REP)):
        heard = _heard(heard, message.who, at, now)
    if heard != thread:
        threads.save(tx, heard)
    row = _row(tx, heard, message, single, source, at, now, pasted, order_no=whose.order_no or heard.order_no)
    return _store(tx, heard, row, message.said, now)


def _about(tx: Tx, thread: ThreadRecord, message: Incoming, single: Single, *, may_go_over: bool) -> ThreadRecord:
    """The thread about the order that its message names, where none is known yet; a buyer goes over to another order, unless the tool tells which is meant."""
    goes_over = may_go_over and message.who is Who.BUYER and message.order_no is None
    if thread.order_no is not None and not goes_over:
        return thread
    named = order_named(tx, ShopId(thread.shop_id), single.order_nos, thread.thread_no)
    if named is None or named == thread.order_no:
        return thread
    return msgspec.structs.replace(thread, order_no=named, named_order_no=None if goes_over else thread.named_order_no)


def _heard(thread: ThreadRecord, who: Who, at: datetime, now: datetime) -> ThreadRecord:
    """The thread with news of it: what was long over is settled; else the buyer's is taken up, and nobody has settled yet what only comes in now."""
    if at < now - LONG_OVER:
        settled_at = at if who is Who.REP else _short_of_who_waits(thread, at)
        return msgspec.structs.replace(thread, settled_at=max(settled_at, thread.settled_at or settled_at))
    is_settled = thread.settled_at is not None and at <= thread.settled_at
    return msgspec.structs.replace(thread, snoozed_until=None, settled_at=at - _JUST if is_settled else thread.settled_at)


def _short_of_who_waits(thread: ThreadRecord, at: datetime) -> datetime:
    """This moment, or just before the buyer's message that waited before and stands before it: what is told late settles nothing that was there."""
    waits = thread.waiting_since
    is_settled = waits is not None and thread.settled_at is not None and waits <= thread.settled_at
    return at if waits is None or is_settled else min(at, waits - _JUST)


def _was_there(row: MessageRow) -> Taken:
    return Taken(thread_no=row.thread_no, message_key=row.key, is_new=False, order_no=row.order_no)


def _whose(tx: Tx, shop_id: ShopId, key: bytes, message: Incoming) -> Whose:
    name = message.buyer or (message.name if message.who is Who.BUYER else "")
    whole = whole_name(name)
    is_known = message.order_no is not None and message.order_no in around.orders(tx, shop_id, [message.order_no])
    return Whose(
        external_id=message.external_id,
        buyer=None if whole is None else hmac.new(key, whole.encode(), hashlib.sha256).digest()[:_BYTES],
        order_no=message.order_no if is_known else None,
        named_order_no=None if is_known else message.order_no,
        shown=shown_name(name) if name.strip() else "",
    )


def _echo(tx: Tx, thread: ThreadRecord, single: Single, at: datetime) -> MessageRow | None:
    """What was said here, or given out to the tool, and comes back from it."""
    found = threads.alike(tx, thread, Who.REP.value, single.text, (at - ECHO, at + ECHO), [Via.DESK.value], is_unnamed=True)
    return None if found is None or _was_before_the_buyer(thread, found, at) else found


def _was_before_the_buyer(thread: ThreadRecord, row: MessageRow, at: datetime) -> bool:
    """Whether the buyer who waits wrote between that message and this moment, so that the same words now are another answer."""
    return thread.waiting_since is not None and row.placed_at < thread.waiting_since <= at


def _was_unseen_by(thread: ThreadRecord, row: MessageRow) -> bool:
    """Whether the buyer who waits wrote before that answer was sent, but came in only after it, so that the same words now are another answer."""
    return row.sending == Sending.NOT and thread.waiting_since is not None and thread.waiting_since <= row.placed_at


def _row(
    tx: Tx,
    thread: ThreadRecord,
    message: Incoming,
    single: Single,
    source: str,
    at: datetime,
    now: datetime,
    pasted: MessageRow | None,
    *,
    order_no: str | None,
) -> MessageRow:
    conversation_no = _spoken(tx, thread, now)
    return MessageRow(
        shop_id=thread.shop_id,
        conversation_no=conversation_no,
        thread_no=thread.thread_no,
        no=threads.next_no(tx, thread.shop_id, conversation_no),
        key=_key("bridge", source) if pasted is None else pasted.key,
        who=message.who.value,
        name=shown_name(message.name) if message.who not in _OF_THE_SHOP else storable(message.name).strip(),
        at=at,
        how=(When.RECKONED if message.at is None else When.WRITTEN).value,
        said=single.text,
        marks=[mark.value for mark in single.marks],
        order_no=order_no,
        tracking_nos=list(single.tracking_nos),
        placed_at=at,
        via=Via.BRIDGE.value,
        source_key=source,
        # also where the talk is about no order now, an answer may be what one of its orders waits for
        is_told=message.who is not Who.REP and (order_no is None or message.who not in _FACTS),
    )


def _store(tx: Tx, thread: ThreadRecord, row: MessageRow, raw: str, now: datetime) -> Taken:
    """Stores the message; its words are checked as they came, since what is masked can tell less of where a buyer was led."""
    promise_nos = note_promises(tx, thread.shop_id, [row], now) if row.sending == Sending.NOT else []
    conversations.copy_messages(tx, [msgspec.structs.replace(row, is_told=row.is_told and not promise_nos)])
    if row.placed_at <= thread.last_at:
        quality.grade_again(tx, thread.shop_id, thread.thread_no, row.placed_at)
    findings = check(raw, speech_book(), row.at or now) if Who(row.who) in _OF_THE_SHOP else ()
    return Taken(
        thread_no=thread.thread_no,
        message_key=row.key,
        is_new=True,
        order_no=row.order_no,
        findings=tuple(findings),
        promise_nos=tuple(promise_nos),
    )


def _spoken(tx: Tx, thread: ThreadRecord, now: datetime) -> int:
    """The conversation of the thread that holds what comes message by message; its row is held by the caller."""
    found = threads.spoken_of(tx, thread.shop_id, thread.thread_no)
    if found is not None:
        return found
    new = NewConversation(
        thread_no=thread.thread_no,
        batch_id=None,
        digest=hashlib.sha256(f"thread:{thread.thread_no}".encode()).digest()[:_BYTES],
        buyer=thread.buyer,
        order_no=thread.order_no,
        first_at=None,
        last_at=None,
        unread=b"[]",
        made_by=None,
        made_at=now,
    )
    return conversations.insert(tx, thread.shop_id, new)


def _key(*told: str) -> str:
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:24]
