"""What was bought and by whom again, told apart by keyed digests alone."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import OrderFacts
from zhanggui.records.db import Tx


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """One order that was bought. Money in fen."""

    order_no: str
    buyer: bytes | None
    at: datetime
    paid: int
    goods_id: str | None
    ended: str
    received_at: datetime | None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Up to where the orders were looked through."""

    newest_at: datetime
    back_at: datetime
    back_no: str
    rests_until: datetime
    began_at: datetime


class RegularRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer with more than one order."""

    buyer: bytes
    orders: int
    paid: int
    first_at: datetime
    last_at: datetime
    last_order: str
    last_ended: str
    received_at: datetime | None
    thanked_at: datetime | None


class GoodsSales(msgspec.Struct, frozen=True):
    """What one product sold in a time."""

    goods_id: str
    orders: int
    paid: int
    refunded: int


READING = "select newest_at, back_at, back_no, rests_until, began_at from purchase_reading where shop_id = %(shop_id)s for update skip locked"
HAS_READING = "select exists (select 1 from purchase_reading where shop_id = %(shop_id)s)"
PUT_READING = """
    insert into purchase_reading (shop_id, newest_at, back_at, back_no, rests_until, began_at)
    values (%(shop_id)s, %(newest_at)s, %(back_at)s, %(back_no)s, %(rests_until)s, %(began_at)s)
    on conflict (shop_id) do update set newest_at = excluded.newest_at, back_at = excluded.back_at, back_no = excluded.back_no,
        rests_until = excluded.rests_until, began_at = excluded.began_at
"""
NEWER = """
    select order_no, listed_at from orders where shop_id = %(shop_id)s and listed_at > %(since)s order by listed_at, order_no limit %(limit)s
"""
OLDER = """
    select order_no, listed_at from orders
    where shop_id = %(shop_id)s and (listed_at, order_no) < (%(at)s, %(no)s) and listed_at >= %(oldest)s
    order by listed_at desc, order_no desc
    limit %(limit)s
"""
ARRIVED = """
    select order_no, max(delivered_at) from parcels
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and delivered_at is not null and state = 'arrived_home' group by order_no
"""
BUYERS_OF = "select distinct buyer from purchases where shop_id = %(shop_id)s and order_no = any(%(nos)s) and buyer is not null"
PUT = """
    insert into purchases (shop_id, order_no, buyer, at, paid, goods_id, ended, received_at)
    select %(shop_id)s, order_no, buyer, at, paid, goods_id, ended, received_at
    from unnest(%(nos)s::text[], %(buyers)s::bytea[], %(ats)s::timestamptz[], %(paid)s::bigint[], %(goods)s::text[], %(ended)s::text[],
        %(received)s::timestamptz[]) as told (order_no, buyer, at, paid, goods_id, ended, received_at)
    order by order_no
    on conflict (shop_id, order_no) do update set buyer = excluded.buyer, at = excluded.at, paid = excluded.paid, goods_id = excluded.goods_id,
        ended = excluded.ended, received_at = excluded.received_at
    where (purchases.buyer, purchases.at, purchases.paid, purchases.goods_id, purchases.ended, purchases.received_at)
        is distinct from (excluded.buyer, excluded.at, excluded.paid, excluded.goods_id, excluded.ended, excluded.received_at)
    returning buyer
"""
DROP = "delete from purchases where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
# orders that are gone: an import that brought them was undone
GONE = """
    delete from purchases
    where shop_id = %(shop_id)s and at >= %(since)s and at <= %(until)s
        and not exists (select 1 from orders where orders.shop_id = %(shop_id)s and orders.order_no = purchases.order_no)
    returning buyer
"""
EXPIRED = "delete from purchases where shop_id = %(shop_id)s and at < %(before)s returning buyer"
NEXT = """
    update purchases set next_at = following.next_at
    from (
        select order_no, lead(at) over (partition by buyer order by at, order_no) as next_at
        from purchases as listed where listed.shop_id = %(shop_id)s and listed.buyer = any(%(buyers)s)
    ) as following
    where purchases.shop_id = %(shop_id)s and purchases.order_no = following.order_no and purchases.next_at is distinct from following.next_at
"""
FORGET_REGULARS = "delete from regulars where shop_id = %(shop_id)s and buyer = any(%(buyers)s)"
COUNT_REGULARS = """
    insert into regulars (shop_id, buyer, orders, paid, first_at, last_at, last_order, last_ended, received_at)
    select %(shop_id)s, buyer, count(*), sum(paid)::bigint, min(at), max(at), (array_agg(order_no order by at desc, order_no desc))[1],
        (array_agg(ended order by at desc, order_no desc))[1], (array_agg(received_at order by at desc, order_no desc))[1]
    from purchases
    where shop_id = %(shop_id)s and buyer = any(%(buyers)s)
    group by buyer
    having count(*) > 1
"""
FORGET_THANKS = """
    delete from buyer_thanks where shop_id = %(shop_id)s and at < %(before)s
"""
PAGE = """
    select regulars.buyer, orders, paid, first_at, last_at, last_order, last_ended, received_at,
        (select max(at) from buyer_thanks where buyer_thanks.shop_id = %(shop_id)s and buyer_thanks.buyer = regulars.buyer) as thanked_at
    from (
        select * from regulars as listed
        where listed.shop_id = %(shop_id)s and (orders, last_at, buyer) < (%(orders)s, %(last_at)s, %(buyer)s)
        order by orders desc, last_at desc, buyer desc
        limit %(limit)s
    ) as regulars
    order by orders desc, last_at desc, regulars.buyer desc
"""
ARRIVED_LATELY = """
    select regulars.buyer, orders, paid, first_at, last_at, last_order, last_ended, received_at,
        (select max(at) from buyer_thanks where buyer_thanks.shop_id = %(shop_id)s and buyer_thanks.buyer = regulars.buyer) as thanked_at
    from regulars
    where shop_id = %(shop_id)s and received_at >= %(since)s and received_at <= %(now)s and orders >= %(least)s
    order by received_at, regulars.buyer
    limit %(limit)s
"""
OF_ORDER = """
    select regulars.buyer, orders, regulars.paid, first_at, last_at, last_order, last_ended, regulars.received_at,
        (select max(at) from buyer_thanks where buyer_thanks.shop_id = %(shop_id)s and buyer_thanks.buyer = regulars.buyer) as thanked_at
    from purchases
    join regulars on regulars.shop_id = purchases.shop_id and regulars.buyer = purchases.buyer
    where purchases.shop_id = %(shop_id)s and purchases.order_no = %(order_no)s
"""
THANK = """
    insert into buyer_thanks (shop_id, buyer, at, order_no, made_by) values (%(shop_id)s, %(buyer)s, %(at)s, %(order_no)s, %(by)s) on conflict do nothing
"""
THANKED = "select at, order_no from buyer_thanks where shop_id = %(shop_id)s order by at desc, order_no limit %(limit)s"
COMEBACKS = """
    select ended, count(*) filter (where next_at is not null and next_at <= at + make_interval(days => %(days)s))::bigint, count(*)::bigint
    from purchases
    where shop_id = %(shop_id)s and at >= %(since)s and at < %(until)s and buyer is not null
    group by ended
"""
TOTALS = """
    select count(*)::bigint, count(buyer)::bigint, count(distinct buyer)::bigint,
        (select count(*)::bigint from regulars where regulars.shop_id = %(shop_id)s)
    from purchases where shop_id = %(shop_id)s and at >= %(since)s
"""
BEST_GOODS = """
    select goods_id, count(*)::bigint as orders, sum(paid)::bigint as paid, count(*) filter (where ended = %(money_back)s)::bigint as refunded
    from purchases
    where shop_id = %(shop_id)s and at >= %(since)s and at < %(until)s and goods_id is not null
    group by goods_id
    order by sum(paid) desc, goods_id
    limit %(limit)s
"""
OF_GOODS = """
    select coalesce(%(goods_id)s, ''), count(*)::bigint, coalesce(sum(paid), 0)::bigint, count(*) filter (where ended = %(money_back)s)::bigint
    from purchases
    where shop_id = %(shop_id)s and goods_id = %(goods_id)s and at >= %(since)s and at < %(until)s
"""
OF_SHOP = """
    select '', count(*)::bigint, coalesce(sum(paid), 0)::bigint, count(*) filter (where ended = %(money_back)s)::bigint
    from purchases
    where shop_id = %(shop_id)s and at >= %(since)s and at < %(until)s
"""
PAID_ORDERS = """
    select day, sum(orders)::bigint from order_totals
    where shop_id = %(shop_id)s and day >= %(since)s and day < %(until)s and stage <> 'forming' and not (stage = 'cancelled' and refund = 'none')
    group by day
    order by day
"""
# orders without any moment lie in 1970
FIRST_DAY = "select min(day) from order_totals where shop_id = %(shop_id)s and day > '2000-01-01'"
RETURNED = """
    select count(distinct order_no)::bigint from aftersales
    where shop_id = %(shop_id)s and state = 'refunded' and kind = 'return_and_refund' and listed_at >= %(since)s and listed_at < %(until)s
"""
TITLES = """
    select named.goods_id,
        (select facts ->> 'title' from orders where orders.shop_id = %(shop_id)s and orders.goods_id = named.goods_id limit 1) as title
    from unnest(%(goods)s::text[]) as named (goods_id)
"""
ORDERS = "select order_no, facts::text from orders where shop_id = %(shop_id)s and order_no = any(%(nos)s)"


def reading(tx: Tx, shop_id: int) -> Reading | None:
    """Up to where the orders were looked through, held until the transaction ends; None before the first time, and while somebody else holds it."""
    with tx.cursor(row_factory=class_row(Reading)) as cursor:
        return cursor.execute(READING, {"shop_id": shop_id}).fetchone()


def has_reading(tx: Tx, shop_id: int) -> bool:
    """Whether the orders were ever looked through."""
    row = tx.execute(HAS_READING, {"shop_id": shop_id}).fetchone()
    return bool(row and row[0])


def put_reading(tx: Tx, shop_id: int, told: Reading) -> None:
    """Keeps up to where."""
    tx.execute(PUT_READING, {"shop_id": shop_id, **msgspec.structs.asdict(told)})


def newer(tx: Tx, shop_id: int, since: datetime, limit: int) -> list[tuple[str, datetime]]:
    """The orders after that moment, the oldest first."""
    return tx.execute(NEWER, {"shop_id": shop_id, "since": since, "limit": limit}).fetchall()


def older(tx: Tx, shop_id: int, before: tuple[datetime, str], oldest: datetime, limit: int) -> list[tuple[str, datetime]]:
    """The orders before one of them, the newest first."""
    return tx.execute(OLDER, {"shop_id": shop_id, "at": before[0], "no": before[1], "oldest": oldest, "limit": limit}).fetchall()


def arrived(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, datetime]:
    """When the parcel of each order came to the buyer's door."""
    return dict(tx.execute(ARRIVED, {"shop_id": shop_id, "nos": list(order_nos)}).fetchall())


def put(tx: Tx, shop_id: int, bought: Sequence[Purchase], others: Sequence[str]) -> set[bytes]:
    """Keeps what was bought, and drops these others: the buyers whose orders changed."""
    nos = [one.order_no for one in bought]
    touched = {bytes(buyer) for (buyer,) in tx.execute(BUYERS_OF, {"shop_id": shop_id, "nos": [*nos, *others]})} if nos or others else set()
    slots = {
        "shop_id": shop_id,
        "nos": nos,
        "buyers": [one.buyer for one in bought],
        "ats": [one.at for one in bought],
        "paid": [one.paid for one in bought],
        "goods": [one.goods_id for one in bought],
        "ended": [one.ended for one in bought],
        "received": [one.received_at for one in bought],
    }
    changed = {bytes(buyer) for (buyer,) in tx.execute(PUT, slots) if buyer is not None}
    dropped = tx.execute(DROP, {"shop_id": shop_id, "nos": list(others)}).rowcount if others else 0
    return touched | changed if changed or dropped else set()


def drop_gone(tx: Tx, shop_id: int, since: datetime, until: datetime) -> set[bytes]:
    """Drops what was bought in that time by orders that are no more: their buyers."""
    return {bytes(buyer) for (buyer,) in tx.execute(GONE, {"shop_id": shop_id, "since": since, "until": until}) if buyer is not None}


def expire(tx: Tx, shop_id: int, before: datetime) -> set[bytes]:
    """Forgets what is too old: its buyers."""
    tx.execute(FORGET_THANKS, {"shop_id": shop_id, "before": before})
    return {bytes(buyer) for (buyer,) in tx.execute(EXPIRED, {"shop_id": shop_id, "before": before}) if buyer is not None}


def recount(tx: Tx, shop_id: int, buyers: Sequence[bytes]) -> None:
    """Lets what is told of these buyers follow."""
    if not buyers:
        return
    slots = {"shop_id": shop_id, "buyers": list(buyers)}
    tx.execute(NEXT, slots)
    tx.execute(FORGET_REGULARS, slots)
    tx.execute(COUNT_REGULARS, slots)


def page(tx: Tx, shop_id: int, before: tuple[int, datetime, bytes], limit: int) -> list[RegularRecord]:
    """The buyers with the most orders first, before one of them."""
    slots = {"shop_id": shop_id, "orders": before[0], "last_at": before[1], "buyer": before[2], "limit": limit}
    with tx.cursor(row_factory=class_row(RegularRecord)) as cursor:
        return cursor.execute(PAGE, slots).fetchall()


def arrived_lately(tx: Tx, shop_id: int, least: int, since: datetime, now: datetime, limit: int) -> list[RegularRecord]:
    """Buyers of so many orders whose last one arrived in that time, the longest ago first."""
    with tx.cursor(row_factory=class_row(RegularRecord)) as cursor:
        return cursor.execute(ARRIVED_LATELY, {"shop_id": shop_id, "least": least, "since": since, "now": now, "limit": limit}).fetchall()


def of_order(tx: Tx, shop_id: int, order_no: str) -> RegularRecord | None:
    """The buyer of that order, where there is more than one order."""
    with tx.cursor(row_factory=class_row(RegularRecord)) as cursor:
        return cursor.execute(OF_ORDER, {"shop_id": shop_id, "order_no": order_no}).fetchone()


def thank(tx: Tx, shop_id: int, buyer: bytes, order_no: str, at: datetime, by: int | None) -> None:
    """Keeps that this buyer was thanked."""
    tx.execute(THANK, {"shop_id": shop_id, "buyer": buyer, "order_no": order_no, "at": at, "by": by})


def thanked(tx: Tx, shop_id: int, limit: int) -> list[tuple[datetime, str]]:
    """When and about which order buyers were thanked, the latest first."""
    return tx.execute(THANKED, {"shop_id": shop_id, "limit": limit}).fetchall()


def comebacks(tx: Tx, shop_id: int, since: datetime, until: datetime, days: int) -> list[tuple[str, int, int]]:
    """By how orders of that time went: after how many the buyer came back within the days, and how many there were."""
    return tx.execute(COMEBACKS, {"shop_id": shop_id, "since": since, "until": until, "days": days}).fetchall()


def totals(tx: Tx, shop_id: int, since: datetime) -> tuple[int, int, int, int]:
    """How many purchases there are since then, how many of a buyer who can be told apart, how many such buyers, and how many of these came back."""
    row = tx.execute(TOTALS, {"shop_id": shop_id, "since": since}).fetchone()
    return row or (0, 0, 0, 0)


def best_goods(tx: Tx, shop_id: int, since: datetime, until: datetime, money_back: str, limit: int) -> list[GoodsSales]:
    """The products that sold most in a time."""
    slots = {"shop_id": shop_id, "since": since, "until": until, "money_back": money_back, "limit": limit}
    with tx.cursor(row_factory=class_row(GoodsSales)) as cursor:
        return cursor.execute(BEST_GOODS, slots).fetchall()


def sales(tx: Tx, shop_id: int, goods_id: str, since: datetime, until: datetime, money_back: str) -> GoodsSales:
    """What that product sold in a time; the whole shop where none is named."""
    slots = {"shop_id": shop_id, "goods_id": goods_id, "since": since, "until": until, "money_back": money_back}
    row = tx.execute(OF_GOODS if goods_id else OF_SHOP, slots).fetchone()
    return GoodsSales(*row) if row else GoodsSales(goods_id, 0, 0, 0)


def paid_orders(tx: Tx, shop_id: int, since: date, until: date) -> list[tuple[date, int]]:
    """How many orders were paid on each day from one to, not including, another; days without any are left out."""
    return tx.execute(PAID_ORDERS, {"shop_id": shop_id, "since": since, "until": until}).fetchall()


def first_day(tx: Tx, shop_id: int) -> date | None:
    """The day of the first order that is known."""
    row = tx.execute(FIRST_DAY, {"shop_id": shop_id}).fetchone()
    return None if row is None else row[0]


def returned(tx: Tx, shop_id: int, since: datetime, until: datetime) -> int:
    """How many orders were paid back after a return that was asked for in that time."""
    row = tx.execute(RETURNED, {"shop_id": shop_id, "since": since, "until": until}).fetchone()
    return int(row[0]) if row else 0


def titles(tx: Tx, shop_id: int, goods: Sequence[str]) -> dict[str, str]:
    """What these products are called."""
    return {no: title for no, title in tx.execute(TITLES, {"shop_id": shop_id, "goods": list(goods)}) if title}


def orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, OrderFacts]:
    """These orders."""
    decode = msgspec.json.Decoder(OrderFacts).decode
    return {no: decode(text) for no, text in tx.execute(ORDERS, {"shop_id": shop_id, "nos": list(order_nos)})}
