"""Reviews by product: how many stars of each, what they find fault with, and the row of one product."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class GoodsStars(msgspec.Struct, frozen=True):
    """The reviews of one product in a stretch of time."""

    goods_id: str
    reviews: int
    bad: int
    one_star: int


class GoodsFault(msgspec.Struct, frozen=True):
    """How many reviews of a product judge one aspect badly, or well."""

    goods_id: str
    mark: str
    reviews: int


class ReviewOf(msgspec.Struct, frozen=True):
    """One review of a product."""

    review_no: str
    order_no: str
    at: datetime
    stars: int
    sku_id: str | None
    text: str | None
    aspects: list[str]
    heard_at: datetime
    """When the shop first knew of it."""


# what the platform wrote because the buyer did not is no judgement
STARS = """
    select goods_id, count(*)::bigint as reviews, (count(*) filter (where score <= %(bad_upto)s))::bigint as bad,
        (count(*) filter (where score = 1))::bigint as one_star
    from reviews
    where shop_id = %(shop_id)s and placed_at > %(since)s and placed_at <= %(until)s and goods_id is not null and score is not null
        and coalesce(facts ->> 'is_default', 'false') <> 'true'
    group by goods_id
"""
FAULTS = """
    select goods_id, mark, count(*)::bigint as reviews
    from reviews, unnest(aspects) as mark
    where shop_id = %(shop_id)s and placed_at > %(since)s and placed_at <= %(until)s and goods_id is not null
    group by goods_id, mark
"""
# products that may have rung: the least of bad reviews that any rule needs, found along the index of bad ones
SUSPECTS = """
    select goods_id from reviews
    where shop_id = %(shop_id)s and score <= %(bad_upto)s and score <= 3 and placed_at > %(since)s and goods_id is not null
    group by goods_id
    having count(*) >= %(least)s
    order by goods_id
"""
ROW = """
    select newest.review_no, newest.order_no, newest.at, newest.stars, newest.sku_id, newest.text, newest.aspects,
        coalesce(heard.heard_at, newest.at) as heard_at
    from (
        select review_no, order_no, placed_at as at, score::int as stars, sku_id, facts ->> 'text' as text, aspects
        from reviews
        where shop_id = %(shop_id)s and goods_id = %(goods_id)s and score is not null and placed_at <= %(until)s
            and coalesce(facts ->> 'is_default', 'false') <> 'true'
        order by placed_at desc, review_no desc, order_no desc
        limit %(limit)s
    ) as newest
    left join reviews_heard as heard on heard.shop_id = %(shop_id)s and heard.review_no = newest.review_no and heard.order_no = newest.order_no
    order by newest.at desc, newest.review_no desc, newest.order_no desc
"""
PAST = """
    select count(*)::bigint, (count(*) filter (where score <= %(bad_upto)s))::bigint
    from reviews
    where shop_id = %(shop_id)s and goods_id = %(goods_id)s and score is not null and placed_at <= %(until)s
        and coalesce(facts ->> 'is_default', 'false') <> 'true'
"""


def stars(tx: Tx, shop_id: int, since: datetime, until: datetime, bad_upto: int) -> list[GoodsStars]:
    """The stars of every product in the stretch of time."""
    slots = {"shop_id": shop_id, "since": since, "until": until, "bad_upto": bad_upto}
    with tx.cursor(row_factory=class_row(GoodsStars)) as cursor:
        return cursor.execute(STARS, slots).fetchall()


def faults(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[GoodsFault]:
    """What the reviews of the stretch judge, by product."""
    with tx.cursor(row_factory=class_row(GoodsFault)) as cursor:
        return cursor.execute(FAULTS, {"shop_id": shop_id, "since": since, "until": until}).fetchall()


def suspects(tx: Tx, shop_id: int, since: datetime, bad_upto: int, least: int) -> list[str]:
    """The products with at least so many bad reviews since then."""
    slots = {"shop_id": shop_id, "since": since, "bad_upto": bad_upto, "least": least}
    return [goods_id for (goods_id,) in tx.execute(SUSPECTS, slots)]


def row(tx: Tx, shop_id: int, goods_id: str, until: datetime, limit: int) -> Sequence[ReviewOf]:
    """The newest reviews of a product, the newest first."""
    with tx.cursor(row_factory=class_row(ReviewOf)) as cursor:
        return cursor.execute(ROW, {"shop_id": shop_id, "goods_id": goods_id, "until": until, "limit": limit}).fetchall()


def past(tx: Tx, shop_id: int, goods_id: str, until: datetime, bad_upto: int) -> tuple[int, int]:
    """How many reviews a product has up to then, and how many of them are bad."""
    found = tx.execute(PAST, {"shop_id": shop_id, "goods_id": goods_id, "until": until, "bad_upto": bad_upto}).fetchone()
    return (0, 0) if found is None else (found[0], found[1])
