"""What is read out of reviews once they are stored: whose goods, what they find fault with, whose they are."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.core.facts import ReviewFacts
from zhanggui.records.db import Tx

UNREAD = """
    select facts::text from reviews
    where shop_id = %(shop_id)s and reading = 0
    order by placed_at
    limit %(limit)s
    for update skip locked
"""
# read once already, when nobody had told of the order yet
ORDER_CAME = """
    select reviews.facts::text from reviews
    where reviews.shop_id = %(shop_id)s and reviews.reading = 1
        and exists (select 1 from orders where orders.shop_id = %(shop_id)s and orders.order_no = reviews.order_no)
    order by reviews.order_no
    limit %(limit)s
    for update skip locked
"""
READ = """
    update reviews set reading = told.reading, goods_id = told.goods_id, sku_id = told.sku_id,
        aspects = string_to_array(told.aspects, ' '), buyer = told.buyer
    from unnest(%(review_nos)s::text[], %(order_nos)s::text[], %(readings)s::smallint[], %(goods_ids)s::text[], %(sku_ids)s::text[], %(aspects)s::text[],
        %(buyers)s::bytea[]) as told (review_no, order_no, reading, goods_id, sku_id, aspects, buyer)
    where reviews.shop_id = %(shop_id)s and reviews.review_no = told.review_no and reviews.order_no = told.order_no
"""
# the first moment holds, however often the review is told again or answered
HEARD = """
    insert into reviews_heard (shop_id, review_no, order_no, heard_at)
    select %(shop_id)s, review_no, order_no, %(now)s from unnest(%(review_nos)s::text[], %(order_nos)s::text[]) as told (review_no, order_no)
    on conflict (shop_id, review_no, order_no) do nothing
"""
SHOPS_UNREAD = """
    select shop_id from shop_homes
    where exists (select 1 from reviews where reviews.shop_id = shop_homes.shop_id and reviews.reading = 0)
    order by shop_id
"""
SHOPS_WITHOUT_ORDER = """
    select shop_id from shop_homes
    where exists (select 1 from reviews where reviews.shop_id = shop_homes.shop_id and reviews.reading = 1)
    order by shop_id
"""


class ReviewReading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read out of one review."""

    review_no: str
    order_no: str
    knows_order: bool
    goods_id: str | None
    sku_id: str | None
    aspects: tuple[str, ...]
    """Like 'quality-'; none holds a blank."""
    buyer: str | None
    """A keyed digest in hexadecimal."""


def unread(tx: Tx, shop_id: int, limit: int) -> list[ReviewFacts]:
    """Reviews nobody has read yet, the oldest first; nobody else gets them meanwhile."""
    return _facts(tx, UNREAD, shop_id, limit)


def order_came(tx: Tx, shop_id: int, limit: int) -> list[ReviewFacts]:
    """Reviews whose order has come in since they were read."""
    return _facts(tx, ORDER_CAME, shop_id, limit)


def note(tx: Tx, shop_id: int, readings: Sequence[ReviewReading], now: datetime) -> None:
    """Keeps what was read, and when a review was first known as one of a product."""
    if readings:
        tx.execute(
            READ,
            {
                "shop_id": shop_id,
                "review_nos": [each.review_no for each in readings],
                "order_nos": [each.order_no for each in readings],
                "readings": [2 if each.knows_order else 1 for each in readings],
                "goods_ids": [each.goods_id for each in readings],
                "sku_ids": [each.sku_id for each in readings],
                "aspects": [" ".join(each.aspects) for each in readings],
                "buyers": [None if each.buyer is None else bytes.fromhex(each.buyer) for each in readings],
            },
        )
    of_goods = [each for each in readings if each.goods_id is not None]
    if of_goods:
        slots = {"shop_id": shop_id, "review_nos": [each.review_no for each in of_goods], "order_nos": [each.order_no for each in of_goods]}
        tx.execute(HEARD, {**slots, "now": now})


def shops_unread(tx: Tx) -> list[int]:
    """The shops in which reviews wait to be read."""
    return [shop_id for (shop_id,) in tx.execute(SHOPS_UNREAD)]


def shops_without_order(tx: Tx) -> list[int]:
    """The shops with reviews whose order nobody had told of when they were read."""
    return [shop_id for (shop_id,) in tx.execute(SHOPS_WITHOUT_ORDER)]


def _facts(tx: Tx, statement: str, shop_id: int, limit: int) -> list[ReviewFacts]:
    decode = msgspec.json.Decoder(ReviewFacts).decode
    return [decode(text) for (text,) in tx.execute(statement, {"shop_id": shop_id, "limit": limit})]
