"""Reads what stored reviews say: whose goods they speak of, what they find fault with, whose they are. After storing, so that no import waits for it."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.buyer_digests import buyer_key
from zhanggui.actions.house import House
from zhanggui.actions.reviews.buyers import buyer_of
from zhanggui.core.aspects.reading import aspects_of
from zhanggui.core.facts import OrderFacts, ReviewFacts
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, review_readings
from zhanggui.records.db import Tx, transact
from zhanggui.records.review_readings import ReviewReading

AT_ONCE = 200
"""So many are read in one transaction: a tenth of a second or so."""
FOR_A_PAGE = 400


def read_reviews(house: House, shop_id: ShopId, now: datetime, most: int = FOR_A_PAGE) -> int:
    """How many reviews of the shop were read; pages call it for what is left, so that a small shop never sees an unread one."""
    read = 0
    while read < most:
        done = transact(house.pool, lambda tx: _read_some(tx, shop_id, min(AT_ONCE, most - read), now))  # noqa: B023 - done before the loop goes on
        read += done
        if done < AT_ONCE:
            break
    return read


def shops_with_unread(house: House, _now: datetime, _wall: datetime) -> list[ShopId]:
    """The shops in which reviews wait to be read."""
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in review_readings.shops_unread(tx)]


def read_some(house: House, shop_id: ShopId, now: datetime, _wall: datetime, _holder: str) -> bool:
    """Reads some reviews of a shop; whether there were any."""
    return read_reviews(house, shop_id, now, AT_ONCE) > 0


def know_orders_of_reviews(house: House, now: datetime) -> None:
    """Reads once more the reviews whose order has come in since."""
    with house.pool.connection() as tx:
        shops = review_readings.shops_without_order(tx)
    for shop_id in shops:
        while transact(house.pool, lambda tx: _read_again(tx, ShopId(shop_id), now)) == AT_ONCE:  # noqa: B023 - done before the loop goes on
            pass


def _read_some(tx: Tx, shop_id: ShopId, limit: int, now: datetime) -> int:
    return _read(tx, shop_id, review_readings.unread(tx, shop_id, limit), now)


def _read_again(tx: Tx, shop_id: ShopId, now: datetime) -> int:
    return _read(tx, shop_id, review_readings.order_came(tx, shop_id, AT_ONCE), now)


def _read(tx: Tx, shop_id: ShopId, found: Sequence[ReviewFacts], now: datetime) -> int:
    if found:
        key = buyer_key(tx, shop_id, now)
        orders = around.orders(tx, shop_id, sorted({review.order_no for review in found}))
        known = {no: each.facts for no, each in orders.items()}
        review_readings.note(tx, shop_id, [_reading(key, review, known.get(review.order_no)) for review in found], now)
    return len(found)


def aspects_in(review: ReviewFacts) -> tuple[str, ...]:
    """What the review judges, and which way, each in a few characters."""
    text = "\n".join(part for part in (review.title, review.text, review.follow_up) if part)
    return tuple(aspect.mark for aspect in aspects_of(text)) if text else ()


def _reading(key: bytes, review: ReviewFacts, order: OrderFacts | None) -> ReviewReading:
    goods_id = review.goods_id or (None if order is None else order.goods_id)
    is_same = order is not None and order.goods_id == goods_id
    return ReviewReading(
        review_no=review.review_no,
        order_no=review.order_no,
        knows_order=order is not None,
        goods_id=goods_id,
        sku_id=order.sku_id if order is not None and is_same else None,
        aspects=aspects_in(review),
        buyer=buyer_of(key, review, order),
    )
