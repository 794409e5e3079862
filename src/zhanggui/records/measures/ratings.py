"""Ratings that buyers really gave: the first ones of a buyer and month count."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from zhanggui.core.facts import OrderFacts, ReviewFacts
from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows


class RatingRow(msgspec.Struct, frozen=True):
    """One rating as it is kept."""

    order_no: str
    review_no: str
    buyer: str
    month: date
    day: date
    at: datetime
    score: int
    counts: bool


REVIEWS = """
    select reviews.facts::text, orders.facts::text
    from reviews left join orders on orders.shop_id = %(shop_id)s and orders.order_no = reviews.order_no
    where reviews.shop_id = %(shop_id)s and reviews.order_no = any(%(nos)s)
    order by reviews.order_no, reviews.review_no
"""
ORDERS_AFTER = "select distinct order_no from reviews where shop_id = %(shop_id)s and order_no > %(after)s order by order_no limit %(limit)s"
OF_ORDERS = """
    select order_no, review_no, buyer, month, day, at, score, counts from measure_ratings
    where shop_id = %(shop_id)s and order_no = any(%(nos)s)
"""
OF_GROUPS = """
    select order_no, review_no, rating.buyer, rating.month, day, at, score, counts
    from unnest(%(buyers)s::text[], %(months)s::date[]) as wanted (buyer, month)
    join measure_ratings rating on rating.shop_id = %(shop_id)s and rating.buyer = wanted.buyer and rating.month = wanted.month
"""
REMOVE = """
    delete from measure_ratings
    using unnest(%(order_nos)s::text[], %(review_nos)s::text[]) as gone (order_no, review_no)
    where measure_ratings.shop_id = %(shop_id)s and measure_ratings.order_no = gone.order_no and measure_ratings.review_no = gone.review_no
"""
REMOVE_ALL = "delete from measure_ratings where shop_id = %(shop_id)s"
COPY_NEW = "copy measure_ratings (shop_id, order_no, review_no, buyer, month, day, at, score, counts) from stdin"
COUNTING = """
    select order_no, review_no, buyer, month, day, at, score, counts from measure_ratings
    where shop_id = %(shop_id)s and counts and day <= %(until)s and day >= %(since)s
        and (day < %(day)s or (day = %(day)s and (order_no, review_no) > (%(order_no)s, %(review_no)s)))
    order by day desc, order_no, review_no limit %(limit)s
"""


def reviews_of(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[tuple[ReviewFacts, OrderFacts | None]]:
    """The reviews of these orders, each with its order where that is known."""
    rows = tx.execute(REVIEWS, {"shop_id": shop_id, "nos": list(order_nos)})
    return [(msgspec.json.decode(review, type=ReviewFacts), None if order is None else msgspec.json.decode(order, type=OrderFacts)) for review, order in rows]


def reviewed_orders(tx: Tx, shop_id: int, after: str, limit: int) -> list[str]:
    """The next orders that have reviews, by number."""
    return [str(no) for (no,) in tx.execute(ORDERS_AFTER, {"shop_id": shop_id, "after": after, "limit": limit})]


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[RatingRow]:
    """What is kept of these orders' ratings."""
    return [RatingRow(*row) for row in tx.execute(OF_ORDERS, {"shop_id": shop_id, "nos": list(order_nos)})]


def of_groups(tx: Tx, shop_id: int, groups: Iterable[tuple[str, date]]) -> list[RatingRow]:
    """Every rating of these buyers and months."""
    wanted = sorted(set(groups))
    slots: dict[str, Any] = {"shop_id": shop_id, "buyers": [buyer for buyer, _ in wanted], "months": [month for _, month in wanted]}
    return [RatingRow(*row) for row in tx.execute(OF_GROUPS, slots)] if wanted else []


def replace(tx: Tx, shop_id: int, gone: Sequence[RatingRow], new: Sequence[RatingRow]) -> None:
    """Puts ratings in the place of others."""
    if gone:
        slots = {"shop_id": shop_id, "order_nos": [row.order_no for row in gone], "review_nos": [row.review_no for row in gone]}
        tx.execute(REMOVE, slots)
    copy_rows(tx, COPY_NEW, ((shop_id, *msgspec.structs.astuple(row)) for row in new))


def begin_anew(tx: Tx, shop_id: int) -> None:
    """Takes all ratings of the shop away."""
    tx.execute(REMOVE_ALL, {"shop_id": shop_id})


def counting(tx: Tx, shop_id: int, since: date, until: date, after: tuple[date, str, str], limit: int) -> list[RatingRow]:
    """The ratings that count between two days, the newest day first, after a place in that order."""
    day, order_no, review_no = after
    slots = {"shop_id": shop_id, "since": since, "until": until, "day": day, "order_no": order_no, "review_no": review_no, "limit": limit}
    return [RatingRow(*row) for row in tx.execute(COUNTING, slots)]
