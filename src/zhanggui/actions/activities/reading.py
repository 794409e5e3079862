"""Keeps what was bought, and by whom again, in step with the shop's orders: by a chore, slice by slice, so that no order waits for it.

Each round looks at the newest orders first, then at one slice on the way back to the oldest that are kept; once it is there, it rests and begins again, since
how an order went is known only later.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from zhanggui.actions.buyer_digests import buyer_digest, buyer_key
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.reviews.buyers import LEAST_DIGITS
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.activities.regulars import bought, ended
from zhanggui.core.clocks.shipping import ship_due
from zhanggui.core.facts import OrderFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import ShopId
from zhanggui.records import regulars
from zhanggui.records.db import Tx, transact
from zhanggui.records.facts.orders import listed_at
from zhanggui.records.regulars import Purchase, Reading
from zhanggui.rulebook.activities import activity_book

SLICE = 1_000
RESTS_AT_LEAST = timedelta(minutes=10)
RESTS_AS_LONG = 4
"""After a round it rests so many times as long as the round took, so that a large shop is not read all day."""
_LAST_NO = "\U0010ffff"


def read_purchases(house: House, now: datetime) -> None:
    """One round for every shop."""
    for shop_id in every_shop(house):
        read_shop_purchases(house, shop_id, now)


def read_shop_purchases(house: House, shop_id: ShopId, now: datetime) -> None:
    """The newest orders, and a slice of the older ones."""
    transact(house.pool, partial(_read, house, shop_id, now))


def catch_up_purchases(house: House, shop_id: ShopId, now: datetime) -> None:
    """Looks through every order that is kept, however many rounds that takes: what a command reads before it answers."""
    while transact(house.pool, partial(_read, house, shop_id, now)):
        pass


def _read(house: House, shop_id: ShopId, now: datetime, tx: Tx) -> bool:
    """One round; whether more waits."""
    standing = regulars.reading(tx, shop_id)
    if standing is None:
        if regulars.has_reading(tx, shop_id):
            return False  # somebody else is at it
        standing = Reading(newest_at=now, back_at=now, back_no=_LAST_NO, rests_until=now, began_at=now)
    rulebook = rulebook_in(tx, house, shop_id)
    oldest = now - timedelta(days=activity_book().regulars.keep_days)
    touched: set[bytes] = set()
    newest = regulars.newer(tx, shop_id, standing.newest_at, SLICE)
    touched |= _keep(tx, shop_id, [no for no, _ in newest], rulebook, now)
    if newest:
        standing = msgspec.structs.replace(standing, newest_at=newest[-1][1])
    if now >= standing.rests_until:
        standing, more = _walk_back(tx, shop_id, standing, oldest, rulebook, now)
        touched |= more
    regulars.recount(tx, shop_id, sorted(touched))
    regulars.put_reading(tx, shop_id, standing)
    return len(newest) == SLICE or now >= standing.rests_until


def _walk_back(tx: Tx, shop_id: ShopId, standing: Reading, oldest: datetime, rulebook: Rulebook, now: datetime) -> tuple[Reading, set[bytes]]:
    """A slice of the older orders; what stands between them and is no more is dropped."""
    found = regulars.older(tx, shop_id, (standing.back_at, standing.back_no), oldest, SLICE)
    touched = _keep(tx, shop_id, [no for no, _ in found], rulebook, now)
    is_end = len(found) < SLICE
    down_to = oldest if is_end else found[-1][1]
    touched |= regulars.drop_gone(tx, shop_id, down_to, standing.back_at)
    if not is_end:
        return msgspec.structs.replace(standing, back_at=found[-1][1], back_no=found[-1][0]), touched
    touched |= regulars.expire(tx, shop_id, oldest)
    rest = max(RESTS_AT_LEAST, RESTS_AS_LONG * (now - standing.began_at))
    return msgspec.structs.replace(standing, back_at=now + rest, back_no=_LAST_NO, rests_until=now + rest, began_at=now + rest), touched


def _keep(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], rulebook: Rulebook, now: datetime) -> set[bytes]:
    """Keeps these orders as they stand; the buyers whose orders changed."""
    if not order_nos:
        return set()
    key = buyer_key(tx, shop_id, now)
    known = orders_known(tx, shop_id, order_nos)
    arrived = regulars.arrived(tx, shop_id, order_nos)
    taken = [_purchase(each, key, arrived.get(no), rulebook) for no, each in known.items() if bought(each)]
    kept = {one.order_no for one in taken}
    return regulars.put(tx, shop_id, taken, [no for no in order_nos if no not in kept])


def _purchase(known: OrderKnowledge, key: bytes, arrived_at: datetime | None, rulebook: Rulebook) -> Purchase:
    order = known.order
    due = ship_due(known, rulebook)
    return Purchase(
        order_no=order.order_no,
        buyer=buyer_digest(key, order) if _is_told_apart(order) else None,
        at=listed_at(order),
        paid=order.pay_amount or 0,
        goods_id=order.goods_id,
        ended=ended(known, None if due is None else due.due_at).value,
        received_at=arrived_at or order.received_at,
    )


def _is_told_apart(order: OrderFacts) -> bool:
    """Whether enough of the receiver is seen: a family name and a district are shared by far too many."""
    return sum(char.isdigit() for char in order.receiver_masked or "") >= LEAST_DIGITS
