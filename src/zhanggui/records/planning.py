"""What a plan is made from: the shop's own terms, its orders to ship, and what its past orders and parcels tell."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import OrderFacts
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.records.db import Tx


class WaitingRecord(msgspec.Struct, frozen=True):
    """An order whose shipping term runs."""

    order_no: str
    due_at: datetime
    started_at: datetime
    at_risk: int
    facts: str
    state: str | None
    """How far it is on its way out; None where nothing was printed."""
    kept: str | None
    """Why the desk keeps it back; None where it may go on."""
    is_on_desk: bool
    """Whether the desk has a row of it, and so knows whether it is kept back."""
    carrier: str | None
    """The carrier on its label; None where no label of it is in the house."""

    @property
    def order(self) -> OrderFacts:
        """The order itself."""
        return msgspec.json.decode(self.facts, type=OrderFacts)


class DueCount(msgspec.Struct, frozen=True):
    """So many orders are due within an hour."""

    due_at: datetime
    orders: int


class ParcelRecord(msgspec.Struct, frozen=True):
    """A parcel that left, and what is known of its way."""

    carrier: str
    province: str
    state: str
    shipped_at: datetime
    handed_at: datetime | None
    picked_up_at: datetime | None
    last_at: datetime | None
    delivered_at: datetime | None
    abnormal_at: datetime | None
    order_no: str
    printed_at: datetime | None
    """When its label was printed here; None where nobody said so."""


class Pace(msgspec.Struct, frozen=True):
    """The usual seconds between one packed order and the next of the same person, and from how many that is known."""

    seconds: int
    seen: int


TERMS = "select terms::text from plan_terms where shop_id = %(shop_id)s"
KEEP_TERMS = """
    insert into plan_terms (shop_id, terms, made_by, made_at) values (%(shop_id)s, %(terms)s::json, %(made_by)s, %(made_at)s)
    on conflict (shop_id) do update set terms = excluded.terms, made_by = excluded.made_by, made_at = excluded.made_at
"""
LEARNT = "select learnt::text, made_at from plan_learnt where shop_id = %(shop_id)s"
KEEP_LEARNT = """
    insert into plan_learnt (shop_id, learnt, made_at) values (%(shop_id)s, %(learnt)s::json, %(made_at)s)
    on conflict (shop_id) do update set learnt = excluded.learnt, made_at = excluded.made_at
"""
WAITING = """
    select soonest.order_no, soonest.due_at, soonest.started_at, soonest.at_risk, orders.facts::text as facts, dispatches.state as state,
        ship_rows.kept as kept, ship_rows.order_no is not null as is_on_desk,
        case when dispatches.state in ('printed', 'packed') then dispatches.carrier end as carrier
    from (
        select shop_id, subject_no as order_no, due_at, started_at, at_risk from deadlines
        where shop_id = %(shop_id)s and kind = 'ship_by' and band is not null
        order by due_at, subject_no
        limit %(limit)s
    ) as soonest
    join orders on orders.shop_id = %(shop_id)s and orders.order_no = soonest.order_no
    left join dispatches on dispatches.shop_id = %(shop_id)s and dispatches.order_no = soonest.order_no
    left join ship_rows on ship_rows.shop_id = %(shop_id)s and ship_rows.order_no = soonest.order_no
    order by soonest.due_at, soonest.order_no
"""
WAITING_AMONG = """
    select deadlines.subject_no as order_no, deadlines.due_at, started_at, at_risk, orders.facts::text as facts,
        dispatches.state as state, ship_rows.kept as kept, ship_rows.order_no is not null as is_on_desk,
        case when dispatches.state in ('printed', 'packed') then dispatches.carrier end as carrier
    from deadlines
    join orders on orders.shop_id = deadlines.shop_id and orders.order_no = deadlines.subject_no
    left join dispatches on dispatches.shop_id = deadlines.shop_id and dispatches.order_no = deadlines.subject_no
    left join ship_rows on ship_rows.shop_id = deadlines.shop_id and ship_rows.order_no = deadlines.subject_no
    where deadlines.shop_id = %(shop_id)s and deadlines.subject_kind = 'order' and deadlines.subject_no = any(%(order_nos)s)
        and deadlines.kind = 'ship_by' and deadlines.band is not null
"""
# the queue of everybody else is only counted, by the hour, so that a page of a hundred orders stays cheap among a hundred thousand
DUE_COUNTS = """
    select date_bin('1 hour', due_at, '2020-01-01T00:00:00Z') as due_at, count(*) as orders
    from deadlines
    where shop_id = %(shop_id)s and kind = 'ship_by' and band is not null and due_at >= %(now)s and due_at < %(until)s
    group by 1
"""
ARRIVED = """
    select (listed_at + interval '8 hours')::date as day, extract(hour from listed_at + interval '8 hours')::integer as hour, count(*) as orders
    from orders
    where shop_id = %(shop_id)s and listed_at >= %(since)s and listed_at < %(until)s
    group by 1, 2
"""
PARCELS = """
    select parcels.carrier, parcels.province, parcels.state, parcels.shipped_at, dispatches.handed_at, parcels.picked_up_at, parcels.last_at,
        parcels.delivered_at, parcels.abnormal_at, parcels.order_no, dispatches.printed_at
    from (
        select * from parcels
        where shop_id = %(shop_id)s and shipped_at >= %(since)s and shipped_at <= %(now)s
        order by shipped_at desc, order_no desc limit %(limit)s
    ) as parcels
    left join dispatches on dispatches.shop_id = %(shop_id)s and dispatches.order_no = parcels.order_no and dispatches.tracking_no = parcels.tracking_no
"""
PACE = """
    select percentile_disc(0.5) within group (order by gap)::integer as seconds, count(*) as seen
    from (
        select extract(epoch from packed_at - lag(packed_at) over (partition by packed_by order by packed_at)) as gap
        from (
            select packed_at, packed_by from dispatches
            where shop_id = %(shop_id)s and state in ('packed', 'handed_over') and moved_at >= %(since)s and packed_at is not null
            order by moved_at desc limit %(limit)s
        ) as recent
    ) as gaps
    where gap between 5 and 600
"""

# an order weighs something only where every piece of it does
WEIGHTS = """
    select order_goods.order_no, (sum(quantity * items.weight_g) + max(coalesce(items.packing_g, 0)))::integer as grams
    from order_goods
    join items on items.shop_id = order_goods.shop_id and items.sku = order_goods.sku
    where order_goods.shop_id = %(shop_id)s and order_goods.order_no = any(%(order_nos)s)
    group by order_goods.order_no
    having count(*) = count(items.weight_g)
"""


def terms(tx: Tx, shop_id: int) -> PlanTerms | None:
    """What the shop said of its own work."""
    row = tx.execute(TERMS, {"shop_id": shop_id}).fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=PlanTerms)


def keep_terms(tx: Tx, shop_id: int, told: PlanTerms, made_by: int | None, made_at: datetime) -> None:
    """Keeps what the shop says of its own work."""
    tx.execute(KEEP_TERMS, {"shop_id": shop_id, "terms": msgspec.json.encode(told).decode(), "made_by": made_by, "made_at": made_at})


def learnt(tx: Tx, shop_id: int) -> tuple[str, datetime] | None:
    """What was learned last, and when."""
    row = tx.execute(LEARNT, {"shop_id": shop_id}).fetchone()
    return None if row is None else (row[0], row[1])


def keep_learnt(tx: Tx, shop_id: int, told: str, made_at: datetime) -> None:
    """Keeps what was learned, in the place of what was before."""
    tx.execute(KEEP_LEARNT, {"shop_id": shop_id, "learnt": told, "made_at": made_at})


def waiting(tx: Tx, shop_id: int, limit: int) -> list[WaitingRecord]:
    """The orders whose shipping term runs, the soonest due first."""
    with tx.cursor(row_factory=class_row(WaitingRecord)) as cursor:
        return cursor.execute(WAITING, {"shop_id": shop_id, "limit": limit}).fetchall()


def waiting_among(tx: Tx, shop_id: int, order_nos: list[str]) -> list[WaitingRecord]:
    """Those of these orders whose shipping term runs."""
    with tx.cursor(row_factory=class_row(WaitingRecord)) as cursor:
        return cursor.execute(WAITING_AMONG, {"shop_id": shop_id, "order_nos": order_nos}).fetchall()


def due_counts(tx: Tx, shop_id: int, now: datetime, until: datetime) -> list[DueCount]:
    """How many orders are due in each hour ahead."""
    with tx.cursor(row_factory=class_row(DueCount)) as cursor:
        return cursor.execute(DUE_COUNTS, {"shop_id": shop_id, "now": now, "until": until}).fetchall()


def arrived(tx: Tx, shop_id: int, since: datetime, until: datetime) -> dict[tuple[date, int], int]:
    """How many orders came in each hour of each Shanghai day."""
    return {(day, hour): orders for day, hour, orders in tx.execute(ARRIVED, {"shop_id": shop_id, "since": since, "until": until})}


def parcels(tx: Tx, shop_id: int, since: datetime, now: datetime, limit: int) -> Iterator[ParcelRecord]:
    """The newest parcels that left since then."""
    with tx.cursor(row_factory=class_row(ParcelRecord)) as cursor:
        yield from cursor.execute(PARCELS, {"shop_id": shop_id, "since": since, "now": now, "limit": limit})


def pace(tx: Tx, shop_id: int, since: datetime, limit: int) -> Pace | None:
    """How fast people packed lately; None where nobody packed here."""
    row = tx.execute(PACE, {"shop_id": shop_id, "since": since, "limit": limit}).fetchone()
    return None if row is None or row[0] is None else Pace(int(row[0]), int(row[1]))


def weights(tx: Tx, shop_id: int, order_nos: list[str]) -> dict[str, int]:
    """The grams of those orders all of whose goods have a weight, with the packing of one of them."""
    return dict(tx.execute(WEIGHTS, {"shop_id": shop_id, "order_nos": order_nos}).fetchall())
