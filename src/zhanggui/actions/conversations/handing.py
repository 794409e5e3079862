"""Answers that a rep gives out to the tool that sends them: fetched once, and answering the buyer only when the tool says that they were sent."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.conversations.bridging import LONGEST_ID, Taken, answer_read, look_at_moment, say_here, sent, source_key
from zhanggui.actions.conversations.telling import tell_orders
from zhanggui.actions.conversations.threading import brought_up, held_thread
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.chats.shapes import Sending
from zhanggui.core.chats.single import Single
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.notices.steps import NoticeState
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import api_tokens, journal, notices, threads
from zhanggui.records.conversations import MessageRow
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.notices import NoticeMoved
from zhanggui.records.says import packed

LISTENS = timedelta(minutes=2)
"""A tool that looked for answers so lately will look again."""
MOST_ANSWERS = 100
NOT_SENT = say("The service tool did not send it.")
STARRED = say(
    "The buyer would read stars: telephone numbers, addresses and names are not kept in the clear, so none can be given to the service tool. "
    "Write it without them, or copy it into the chat and send it yourself."
)


class AnswerOut(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that a tool is to send. `key` names it; a tool that knows keys of its own can give it on, so that nothing is sent twice."""

    key: str
    thread_no: int
    external_id: str
    said: str
    rep: str
    given_at: datetime


def is_listening(house: House, by: Person, shop_id: ShopId, wall: datetime) -> bool:
    """Whether a tool that sends answers has looked for some lately, so that an answer can be given out to it."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    with house.pool.connection() as tx:
        looked_at = api_tokens.last_look(tx, shop_id, Scope.ANSWERS_SEND.value, wall)
    return looked_at is not None and looked_at > wall - LISTENS


def release(house: House, by: Person, shop_id: ShopId, thread_no: int, said: str, now: datetime) -> Taken:
    """Gives an answer out to the tool that brought the thread; it answers the buyer once the tool says that it was sent. Twice at once is once.

    Raises Refused for a thread that no tool brought, and for words that could not be kept as they are.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    single = answer_read(said)
    look_for_stars(single)

    def work(tx: Tx) -> Taken:
        thread = held_thread(tx, shop_id, thread_no)
        if thread.external_id is None:
            raise Refused(say("No tool brought this thread, so none can send the answer. Copy it and send it yourself."))
        before = next((row for row in threads.sending_of(tx, shop_id, thread_no) if row.said == single.text and row.sending != Sending.FAILED), None)
        if before is not None:
            return Taken(thread_no=thread_no, message_key=before.key, is_new=False, order_no=before.order_no)
        return say_here(tx, by, thread, single, now, Sending.WAITS, raw=said)

    return transact(house.pool, work)


def look_for_stars(single: Single) -> None:
    """Raises Refused for words that would reach the buyer otherwise than they were written."""
    if single.is_starred:
        raise Refused(STARRED)


def answers_out(house: House, by: Person, shop_id: ShopId, limit: int = MOST_ANSWERS, *, is_fetched: bool = False) -> tuple[AnswerOut, ...]:
    """The answers that wait for the tool, the oldest first; or those that it fetched and has not said anything of since."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    with house.pool.connection() as tx:
        rows = threads.answers_at(tx, shop_id, (Sending.TAKEN if is_fetched else Sending.WAITS).value, min(limit, MOST_ANSWERS))
    return tuple(
        AnswerOut(key=row.key, thread_no=row.thread_no, external_id=external_id, said=row.said, rep=row.name, given_at=row.placed_at)
        for row, external_id in rows
    )


def answer_fetched(house: House, by: Person, shop_id: ShopId, key: str) -> None:
    """Notes that the tool is about to send this answer, so that nobody else does. Raises Refused where it does not wait any more."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = _held(tx, shop_id, key)
        if row.sending != Sending.WAITS:
            raise Refused(say("This answer does not wait to be sent any more."))
        threads.set_sending(tx, row, Sending.TAKEN.value)
        brought_up(tx, held_thread(tx, shop_id, row.thread_no))

    transact(house.pool, work)


def answer_sent(house: House, by: Person, shop_id: ShopId, key: str, now: datetime, *, message_id: str | None = None, at: datetime | None = None) -> Taken:
    """Notes that the tool sent this answer: the buyer is answered, and what was promised is promised. Saying so twice changes nothing."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if message_id is not None and (not message_id.strip() or len(message_id) > LONGEST_ID):
        raise Refused(say("Every message needs an id of at most {longest} characters.", longest=LONGEST_ID))
    look_at_moment(at)

    def work(tx: Tx) -> Taken:
        row = _held(tx, shop_id, key)
        if row.sending == Sending.NOT:
            return Taken(thread_no=row.thread_no, message_key=row.key, is_new=False, order_no=row.order_no)
        return _sent(tx, shop_id, row, min(at or now, now), message_id, now)

    taken = transact(house.pool, work)
    tell_orders(house, shop_id, now)
    return taken


def answer_failed(house: House, by: Person, shop_id: ShopId, key: str, now: datetime) -> None:
    """Notes that the tool could not send this answer: the buyer waits, and the rep sees why nothing went out; a notice comes up again."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = _held(tx, shop_id, key)
        if row.sending == Sending.FAILED:
            return
        if row.sending not in {Sending.WAITS, Sending.TAKEN}:
            raise Refused(say("This answer does not wait to be sent any more."))
        threads.set_sending(tx, row, Sending.FAILED.value)
        _take_notice_back(tx, by, shop_id, row, now)
        brought_up(tx, held_thread(tx, shop_id, row.thread_no))

    transact(house.pool, work)


def take_back_answer(house: House, by: Person, shop_id: ShopId, key: str, now: datetime) -> None:
    """Takes an answer back that no tool has fetched, or that could not be sent; a notice comes up again. Raises Refused for any other."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = _held(tx, shop_id, key)
        if row.sending not in {Sending.WAITS, Sending.FAILED}:
            raise Refused(say("The tool has fetched this answer already; it cannot be taken back any more."))
        threads.remove_message(tx, row)
        _take_notice_back(tx, by, shop_id, row, now)
        brought_up(tx, held_thread(tx, shop_id, row.thread_no))

    transact(house.pool, work)


def _take_notice_back(tx: Tx, by: Person, shop_id: ShopId, row: MessageRow, now: datetime) -> None:
    """Where it was a notice, its buyer was not told."""
    if row.order_no is None:
        return
    for step in notices.taken_back(tx, shop_id, row.order_no, row.said, packed(NOT_SENT), by.person_id, now):
        entry = NoticeMoved(step, NoticeState.CEASED.value)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=row.order_no)


def _held(tx: Tx, shop_id: ShopId, key: str) -> MessageRow:
    """The answer, its thread held. Raises Refused where the shop gave out none of this key."""
    found = threads.said_here(tx, shop_id, key)
    if found is None:
        raise Refused(say("The shop gave out no such answer."))
    held_thread(tx, shop_id, found.thread_no)
    again = threads.said_here(tx, shop_id, key)
    if again is None:
        raise Refused(say("The shop gave out no such answer."))
    return again


def _sent(tx: Tx, shop_id: ShopId, row: MessageRow, at: datetime, message_id: str | None, now: datetime) -> Taken:
    thread = held_thread(tx, shop_id, row.thread_no)
    source = None if message_id is None else source_key(thread.external_id, message_id)
    told: MessageRow | None = None if source is None else threads.by_source(tx, shop_id, source)
    if told is not None:
        # the tool brought it as a message before it said that it was sent: one of the two is enough
        threads.remove_message(tx, row)
        brought_up(tx, thread)
        return Taken(thread_no=row.thread_no, message_key=told.key, is_new=False, order_no=told.order_no)
    taken = sent(tx, row, at, source, now)
    brought_up(tx, thread)
    return taken
