"""Orders learn what was said about them message by message: at once where nobody stores facts of the shop just then, else a moment later."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.conversations.keeping import PROMISES
from zhanggui.actions.conversations.needing import message_no
from zhanggui.actions.conversations.threading import brought_up, held_thread, learn_order
from zhanggui.actions.house import House
from zhanggui.actions.intake.standing import Standing
from zhanggui.actions.keeping_up import kept_up
from zhanggui.actions.reckoning import Reckoning, Touched
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chats.shapes import Via, Who
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import Facts, MessageFacts, Place, Sighting, Speaker
from zhanggui.people.permissions import ShopId
from zhanggui.records import locks, promises, shops, threads
from zhanggui.records.conversations import MessageRow
from zhanggui.records.db import Tx, transact

PROFILE = "bridge"
"""The standing batch that holds these messages as facts."""
_AT_ONCE = 500
_GIVEN = frozenset({"order_no"})
_SPEAKERS = {Who.BUYER: Speaker.BUYER, Who.REP: Speaker.REP, Who.BOT: Speaker.BOT}


def tell_orders(house: House, shop_id: ShopId, now: datetime) -> int | None:
    """How many messages were told to their orders, with the clocks of what was promised in them.

    None where somebody stores facts of the shop just now: it is to be tried again.
    """

    def work(tx: Tx) -> int | None:
        if not locks.try_shop(tx, shop_id):
            return None
        rows = threads.untold(tx, shop_id, _AT_ONCE)
        if rows:
            # what was pasted has been told by its import, and goes with it
            told = [_sighting(row) for row in rows if row.order_no is not None and row.via != Via.PASTE and Who(row.who) in _SPEAKERS]
            if told:
                Standing(tx, shop_id, rulebook_in(tx, house, shop_id), now, PROFILE).store(told, now)
            follow_talks(tx, house, shop_id, sorted({row.thread_no for row in rows}), now)
            promised = promises.with_keys(tx, shop_id, [row.key for row in rows if Who(row.who) in PROMISES])
            if promised:
                kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.PROMISE.value: promised}))
            threads.mark_told(tx, shop_id, rows)
        return len(rows)

    return transact(house.pool, work)


def follow_talks(tx: Tx, house: House, shop_id: ShopId, thread_nos: Sequence[int], now: datetime) -> None:
    """Closes or opens the to-dos of buyers as what became of these talks asks; the shop's lock is held by the caller."""
    order_nos = threads.orders_to_follow(tx, shop_id, thread_nos)
    if order_nos:
        reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)
        reckoning.recompute(Touched(conversations=order_nos))
        reckoning.finish()


def know_orders(house: House, shop_id: ShopId) -> int:
    """How many threads learnt that the order they named has come in."""

    def work(tx: Tx) -> int:
        found = threads.naming_known_orders(tx, shop_id)
        for thread_no in found:
            thread = held_thread(tx, shop_id, thread_no)
            if thread.named_order_no is not None:
                threads.know_order(tx, shop_id, thread_no, thread.named_order_no)
                learn_order(tx, shop_id, thread_no, thread.named_order_no)
                brought_up(tx, held_thread(tx, shop_id, thread_no))
        return len(found)

    return transact(house.pool, work)


def shops_with_untold(house: House, _now: datetime, _wall: datetime) -> list[ShopId]:
    """The shops in which messages wait that their orders do not know of."""
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in threads.shops_with_untold(tx, [shop.shop_id for shop in shops.every(tx)])]


def tell_some(house: House, shop_id: ShopId, now: datetime, _wall: datetime, _holder: str) -> bool:
    """Tells the orders of a shop some of what was said about them; whether there was anything."""
    return bool(tell_orders(house, shop_id, now))


def know_named_orders(house: House, now: datetime) -> None:
    """Has threads learn of orders that have come in since they were named."""
    with house.pool.connection() as tx:
        every = [ShopId(shop.shop_id) for shop in shops.every(tx)]
    for shop_id in every:
        if know_orders(house, shop_id):
            tell_orders(house, shop_id, now)


def _sighting(row: MessageRow) -> Sighting[Facts]:
    at = row.at or row.placed_at
    facts = MessageFacts(message_no=message_no(row.key), speaker=_SPEAKERS[Who(row.who)], at=at, text=row.said, order_no=row.order_no)
    return Sighting(facts, _GIVEN, Place(PROFILE), at)
