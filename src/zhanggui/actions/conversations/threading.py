"""Threads: one buyer's talk with one shop. Whoever writes into one brings it up to date in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.conversations.wanting import wants_of
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.chats.shapes import Mark, Sending, Via, When, Who
from zhanggui.core.chats.waiting import Spoken, Standing, standing_of
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import say
from zhanggui.people import members
from zhanggui.people.permissions import Permission, Person, PersonId, ShopId
from zhanggui.records import around, journal, promises, threads, wakes
from zhanggui.records.conversations import MessageRow
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.conversations import ThreadLinked
from zhanggui.records.threads import NewThread, ThreadRecord

LONGEST_SNOOZE = timedelta(days=30)
MOST_LISTED = 100
_FIRST, _LAST = (datetime(1970, 1, 1, tzinfo=UTC), 0), (datetime(9999, 1, 1, tzinfo=UTC), 0)
_READ = 200
"""So many of the last messages decide who waits."""


class Whose(msgspec.Struct, frozen=True, kw_only=True):
    """What tells one buyer's talk from another's: the tool's own id, else the buyer's whole name as a keyed digest, else the order."""

    external_id: str | None = None
    buyer: bytes | None = None
    order_no: str | None = None
    """An order of the shop."""
    named_order_no: str | None = None
    """An order that the shop does not know yet."""
    shown: str = ""


def thread_of(house: House, by: Person, shop_id: ShopId, thread_no: int) -> ThreadRecord:
    """This thread. Raises Refused where the shop has none of this number."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        return _found(threads.one(tx, shop_id, thread_no), thread_no)


def threads_listed(
    house: House, by: Person, shop_id: ShopId, *, is_waiting: bool, cursor: str | None = None, limit: int = 50
) -> tuple[tuple[ThreadRecord, ...], str | None]:
    """The threads in which a buyer waits, the longest first, or all, the latest first; and where to go on. Raises Refused for a cursor of nobody's."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    some = max(1, min(limit, MOST_LISTED))
    with house.pool.connection() as tx:
        if is_waiting:
            found = threads.waiting(tx, shop_id, cursors.read(cursor, tuple[datetime, int]) if cursor else _FIRST, some + 1)
        else:
            found = threads.latest(tx, shop_id, cursors.read(cursor, tuple[datetime, int]) if cursor else _LAST, some + 1)
    shown = found[:some]
    last = shown[-1] if len(found) > some else None
    return tuple(shown), None if last is None else cursors.write(((last.waiting_since if is_waiting else last.last_at), last.thread_no))


def messages_of(house: House, by: Person, shop_id: ShopId, thread_no: int, limit: int = 200) -> list[MessageRow]:
    """The last messages of a thread, masked, the newest last."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        return threads.messages_of(tx, shop_id, thread_no, limit)


def assign(house: House, by: Person, shop_id: ShopId, thread_no: int, owner: PersonId | None, now: datetime) -> None:
    """Gives the thread to somebody of the shop, or to nobody. Raises Refused where that is nobody of the shop."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if owner is not None and owner not in {member.person_id for member in members.of_shop(tx, shop_id)}:
            raise Refused(say("Nobody of this shop is meant."))
        thread = held_thread(tx, shop_id, thread_no)
        if thread.owner != owner:
            _save(tx, msgspec.structs.replace(thread, owner=owner, owned_at=None if owner is None else now))

    transact(house.pool, work)


def snooze(house: House, by: Person, shop_id: ShopId, thread_no: int, until: datetime | None, now: datetime) -> None:
    """Lays the thread aside until then, or takes it up again; a new message of the buyer takes it up at once. Raises Refused for a moment past a month."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if until is not None and not now < until <= now + LONGEST_SNOOZE:
        raise Refused(say("Choose a moment within the next thirty days."))

    def work(tx: Tx) -> None:
        _save(tx, msgspec.structs.replace(held_thread(tx, shop_id, thread_no), snoozed_until=until))

    transact(house.pool, work)


def link_order(house: House, by: Person, shop_id: ShopId, thread_no: int, order_no: str | None, now: datetime) -> None:
    """Makes the thread one about this order, or about none; what was said before about no order is from now on about this one.

    What was said about another order stays there. Raises Refused where the shop has no such order.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if order_no is not None and order_no not in around.orders(tx, shop_id, [order_no]):
            raise Refused(say("The shop has no order {order_no}.", order_no=order_no))
        thread = held_thread(tx, shop_id, thread_no)
        if thread.order_no == order_no:
            return
        _save(tx, msgspec.structs.replace(thread, order_no=order_no, named_order_no=None))
        if order_no is not None:
            learn_order(tx, shop_id, thread_no, order_no)
            entry = ThreadLinked(thread_no)
            journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)

    transact(house.pool, work)


def learn_order(tx: Tx, shop_id: int, thread_no: int, order_no: str) -> None:
    """Makes what was said and promised here and through the tool about no order a part of this order's talk, which is to learn of it."""
    threads.set_order(tx, shop_id, thread_no, order_no)
    promises.set_order(tx, shop_id, thread_no, order_no)


def thread_for(
    tx: Tx, shop_id: int, whose: Whose, last_at: datetime, now: datetime, *, named_at: datetime | None = None, latest: Mapping[int, datetime] | None = None
) -> ThreadRecord:
    """The thread in which this belongs, held, with what it did not know of its buyer, and the order that was named last. Begun where there is none.

    An order that was named before the talk's last message takes it nowhere; without `named_at` a person names it now. `latest`: the youngest moment of
    threads whose rows do not tell it yet.
    """
    found = _known(tx, shop_id, whose)
    if found is None:
        number = threads.insert(tx, shop_id, NewThread(**msgspec.structs.asdict(whose), last_at=last_at, made_at=now))
        found = _known(tx, shop_id, whose) if number is None else threads.locked(tx, shop_id, number)
        assert found is not None  # either it was just made, or somebody else's has come to light
    is_last = named_at is None or named_at >= max(found.last_at, (latest or {}).get(found.thread_no, found.last_at))
    order_no, named_order_no = _about(found, whose, is_last=is_last)
    learnt = msgspec.structs.replace(
        found,
        external_id=found.external_id or whose.external_id,
        buyer=found.buyer or whose.buyer,
        order_no=order_no,
        named_order_no=named_order_no,
        shown=whose.shown or found.shown,
    )
    if learnt != found:
        threads.save(tx, learnt)
    return learnt


def held_thread(tx: Tx, shop_id: int, thread_no: int) -> ThreadRecord:
    """This thread, held until the transaction ends. Raises Refused where the shop has none of this number."""
    return _found(threads.locked(tx, shop_id, thread_no), thread_no)


def brought_up(tx: Tx, thread: ThreadRecord) -> ThreadRecord:
    """The thread with who waits in it and what is wanted, as its messages tell now, stored; its row is held by the caller."""
    rows = threads.messages_of(tx, thread.shop_id, thread.thread_no, _READ)
    standing = standing_by(rows, thread.settled_at)
    # a robot may have spoken after the buyer, and wakes nobody by itself
    is_woken = standing.asked_at is not None and standing.asked_at > thread.last_at
    after = msgspec.structs.replace(
        thread,
        waiting_since=standing.waiting_since,
        waiting_known=standing.waiting_known,
        waiting_text=standing.waiting_text,
        last_at=standing.last_at or thread.last_at,
        last_who="" if standing.last_who is None else standing.last_who.value,
        snoozed_until=None if is_woken else thread.snoozed_until,
        wants=msgspec.json.encode(wants_of(standing)).decode(),
        on_its_way=sum(row.sending in {Sending.WAITS, Sending.TAKEN} for row in rows),
    )
    _save(tx, after)
    return after


def standing_by(rows: Sequence[MessageRow], settled_at: datetime | None) -> Standing:
    """Who waits by these messages, which stand in their order."""
    return standing_of([_spoken(row) for row in rows], settled_at)


def _about(found: ThreadRecord, whose: Whose, *, is_last: bool) -> tuple[str | None, str | None]:
    """The order the thread is about, and the one that was named and is not known yet: what was named last goes before what was named earlier."""
    if is_last or (found.order_no is None and found.named_order_no is None):
        return whose.order_no or found.order_no, None if whose.order_no else whose.named_order_no or found.named_order_no
    return found.order_no or whose.order_no, found.named_order_no


def _known(tx: Tx, shop_id: int, whose: Whose) -> ThreadRecord | None:
    is_of_tool = whose.external_id is not None
    found = None if whose.external_id is None else threads.locked_of_tool(tx, shop_id, whose.external_id)
    if found is None and whose.buyer is not None:
        found = threads.locked_of_buyer(tx, shop_id, whose.buyer, is_of_tool=is_of_tool)
    if found is None and whose.order_no is not None:
        found = threads.locked_of_order(tx, shop_id, whose.order_no, is_of_tool=is_of_tool, is_named=whose.buyer is not None)
    return found


def _spoken(row: MessageRow) -> Spoken:
    return Spoken(
        who=Who(row.who),
        placed_at=row.placed_at,
        when=When(row.how),
        text=row.said,
        marks=frozenset(Mark(mark) for mark in row.marks),
        is_sent=row.sending == Sending.NOT,
        came=None if row.via == Via.PASTE else row.no,
        is_said_here=row.via == Via.DESK,
    )


def _save(tx: Tx, thread: ThreadRecord) -> None:
    threads.save(tx, thread)
    wakes.wake_threads(tx, thread.shop_id)


def _found(thread: ThreadRecord | None, thread_no: int) -> ThreadRecord:
    if thread is None:
        raise Refused(say("The shop has no thread no. {number}.", number=str(thread_no)))
    return thread


def order_named(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], thread_no: int) -> str | None:
    """The one order of the shop's among those that were named, unless somebody else's thread is about it."""
    known = list(around.orders(tx, shop_id, list(order_nos))) if order_nos else []
    return known[0] if len(known) == 1 and not threads.orders_of_others(tx, shop_id, thread_no, known) else None
