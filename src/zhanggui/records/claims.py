"""Claims on carriers for lost and damaged parcels."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class ClaimRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as it stands in the table. Money in fen."""

    shop_id: int
    claim_no: int
    order_no: str
    tracking_no: str
    carrier: str | None
    leg: str
    case_no: str | None
    loss: str
    goods_value: int
    freight: int | None
    declared_value: int | None
    asked: int
    expected: int | None
    expected_rule: str | None
    offered: int | None
    got: int | None
    evidence: list[str]
    ticket: str
    note: str
    noticed_at: datetime
    state: str
    stepped_at: datetime
    made_by: int | None
    made_by_name: str | None = None
    made_at: datetime
    version: int


class NewClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as it is begun."""

    order_no: str
    tracking_no: str
    carrier: str | None
    leg: str
    case_no: str | None
    loss: str
    goods_value: int
    freight: int | None
    declared_value: int | None
    asked: int
    expected: int | None
    expected_rule: str | None
    noticed_at: datetime
    state: str
    made_by: int | None
    made_at: datetime


class SilentBeside(msgspec.Struct, frozen=True):
    """A parcel beside its order's own that has been silent for long."""

    order_no: str
    tracking_no: str
    carrier: str
    since: datetime
    title: str | None


class Totals(msgspec.Struct, frozen=True):
    """What the claims in one state come to."""

    state: str
    claims: int
    asked: int
    got: int


INSERT = """
    insert into claims (shop_id, order_no, tracking_no, carrier, leg, case_no, loss, goods_value, freight, declared_value, asked, expected, expected_rule,
        noticed_at, state, stepped_at, made_by, made_at)
    values (%(shop_id)s, %(order_no)s, %(tracking_no)s, %(carrier)s, %(leg)s, %(case_no)s, %(loss)s, %(goods_value)s, %(freight)s, %(declared_value)s,
        %(asked)s, %(expected)s, %(expected_rule)s, %(noticed_at)s, %(state)s, %(made_at)s, %(made_by)s, %(made_at)s)
    on conflict do nothing
    returning claim_no
"""
OF_PARCEL = """
    select claim_no from claims where shop_id = %(shop_id)s and order_no = %(order_no)s and tracking_no = %(tracking_no)s and state <> 'claim_dropped'
"""
ONE = """
    select claims.*, people.display_name as made_by_name from claims left join people on people.person_id = claims.made_by
    where claims.shop_id = %(shop_id)s and claim_no = %(claim_no)s
"""
LOCK = """
    select claims.*, null::text as made_by_name from claims
    where shop_id = %(shop_id)s and claim_no = any(%(claim_nos)s)
    order by claim_no
    for update
"""
SAVE = """
    update claims set goods_value = %(goods_value)s, freight = %(freight)s, declared_value = %(declared_value)s, asked = %(asked)s, expected = %(expected)s,
        expected_rule = %(expected_rule)s, offered = %(offered)s, got = %(got)s, evidence = %(evidence)s, ticket = %(ticket)s, note = %(note)s,
        state = %(state)s, stepped_at = %(stepped_at)s, version = version + 1
    where shop_id = %(shop_id)s and claim_no = %(claim_no)s and version = %(version)s
"""
PAGE = """
    select claims.*, people.display_name as made_by_name
    from (
        select * from claims as listed
        where listed.shop_id = %(shop_id)s and state = any(%(states)s) and claim_no < %(before)s
        order by claim_no desc
        limit %(limit)s
    ) as claims
    left join people on people.person_id = claims.made_by
    order by claims.claim_no desc
"""
TOTALS = """
    select state, count(*)::bigint as claims, sum(asked)::bigint as asked, coalesce(sum(got), 0)::bigint as got
    from claims where shop_id = %(shop_id)s and made_at >= %(since)s group by state
"""
OF_ORDERS = """
    select claims.*, null::text as made_by_name from claims
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and state <> 'claim_dropped'
    order by claim_no
"""
# goods that were to come back and were neither delivered, nor counted, nor scanned since; of cases that are not long over
RETURNS_SILENT = """
    select case_no from aftersales
    where shop_id = %(shop_id)s and state = any(%(states)s) and listed_at >= %(since)s and listed_at < %(before)s and return_tracking_no is not null
        and facts->>'return_delivered_at' is null
        and (coalesce(facts->>'return_state_text', '') not like '%%签收%%' or facts->>'return_state_text' like any (array['%%未签收%%', '%%待签收%%']))
        and not exists (
            select 1 from scans
            where scans.shop_id = %(shop_id)s and scans.tracking_no = aftersales.return_tracking_no and (scans.at >= %(before)s or scans.stage = 'delivered')
        )
        and not exists (
            select 1 from returns where returns.shop_id = %(shop_id)s and returns.case_no = aftersales.case_no and returns.state <> 'return_undone'
        )
        and not exists (
            select 1 from claims where claims.shop_id = %(shop_id)s and claims.case_no = aftersales.case_no and claims.state <> 'claim_dropped'
        )
    order by listed_at, case_no
    limit %(limit)s
"""
# parcels that were asked to move by a moment long past and still have not, and for which nobody claims yet; an order's deadline is that of its own parcel
SILENT = """
    select order_no, started_at from deadlines
    where shop_id = %(shop_id)s and kind = 'parcel_moves' and band = any(%(bands)s) and started_at < %(before)s and order_no is not null
        and not exists (
            select 1 from claims
            where claims.shop_id = %(shop_id)s and claims.order_no = deadlines.order_no and claims.leg = 'leg_outgoing' and claims.state <> 'claim_dropped'
                and claims.tracking_no = (
                    select orders.tracking_no from orders where orders.shop_id = %(shop_id)s and orders.order_no = deadlines.order_no
                )
        )
    order by started_at, order_no
    limit %(limit)s
"""
# the same of parcels beside the orders' own: no deadline is theirs, so their own clocks tell; not of what is here again, or whose label was destroyed
SILENT_BESIDE = """
    select stuck.order_no, stuck.tracking_no, stuck.carrier, parcels.last_at as since, orders.facts->>'title' as title
    from (
        select distinct order_no, tracking_no, carrier from parcel_anomalies
        where shop_id = %(shop_id)s and is_open and kind = any(%(kinds)s) and at >= %(since)s and at <= %(now)s
    ) as stuck
    join parcels on parcels.shop_id = %(shop_id)s and parcels.order_no = stuck.order_no and parcels.tracking_no = stuck.tracking_no
    join orders on orders.shop_id = %(shop_id)s and orders.order_no = stuck.order_no
    where parcels.last_at < %(before)s and orders.tracking_no is distinct from stuck.tracking_no
        and (
            select recalls.state from recalls
            where recalls.shop_id = %(shop_id)s and recalls.order_no = stuck.order_no and recalls.tracking_no = stuck.tracking_no
            order by recalls.recall_no desc limit 1
        ) is distinct from 'recall_back'
        and not exists (
            select 1 from dispatches cross join json_array_elements(dispatches.further) as label
            where dispatches.shop_id = %(shop_id)s and dispatches.order_no = stuck.order_no and dispatches.state in ('recalled', 'destroyed')
                and label->>'tracking_no' = stuck.tracking_no and label->>'kind' = 'extra' and label->>'noted_at' is null
        )
        and not exists (
            select 1 from claims
            where claims.shop_id = %(shop_id)s and claims.order_no = stuck.order_no and claims.tracking_no = stuck.tracking_no
                and claims.leg = 'leg_outgoing' and claims.state <> 'claim_dropped'
        )
    order by since, stuck.order_no, stuck.tracking_no
    limit %(limit)s
"""


def insert(tx: Tx, shop_id: int, claim: NewClaim) -> int | None:
    """The number of the new claim, None where the parcel has one already."""
    row = tx.execute(INSERT, {"shop_id": shop_id} | msgspec.structs.asdict(claim)).fetchone()
    return None if row is None else int(row[0])


def of_parcel(tx: Tx, shop_id: int, order_no: str, tracking_no: str) -> int | None:
    """The claim for this parcel that nobody dropped."""
    row = tx.execute(OF_PARCEL, {"shop_id": shop_id, "order_no": order_no, "tracking_no": tracking_no}).fetchone()
    return None if row is None else int(row[0])


def one(tx: Tx, shop_id: int, claim_no: int) -> ClaimRecord | None:
    """One claim."""
    with tx.cursor(row_factory=class_row(ClaimRecord)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "claim_no": claim_no}).fetchone()


def locked(tx: Tx, shop_id: int, claim_nos: Iterable[int]) -> list[ClaimRecord]:
    """These claims, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(ClaimRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "claim_nos": sorted(set(claim_nos))}).fetchall()


def save(tx: Tx, claim: ClaimRecord) -> bool:
    """Whether the claim was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(claim)).rowcount == 1


def page(tx: Tx, shop_id: int, states: Sequence[str], before: int, limit: int) -> list[ClaimRecord]:
    """The claims in these states, newest first, before one of them."""
    slots = {"shop_id": shop_id, "states": list(states), "before": before, "limit": limit}
    with tx.cursor(row_factory=class_row(ClaimRecord)) as cursor:
        return cursor.execute(PAGE, slots).fetchall()


def totals(tx: Tx, shop_id: int, since: datetime) -> list[Totals]:
    """What the claims made since then come to, by state."""
    with tx.cursor(row_factory=class_row(Totals)) as cursor:
        return cursor.execute(TOTALS, {"shop_id": shop_id, "since": since}).fetchall()


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[ClaimRecord]:
    """The claims for parcels of these orders that nobody dropped, the oldest first."""
    if not order_nos:
        return []
    with tx.cursor(row_factory=class_row(ClaimRecord)) as cursor:
        return cursor.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def returns_silent(tx: Tx, shop_id: int, states: Sequence[str], since: datetime, before: datetime, limit: int) -> list[str]:
    """The cases whose return parcel has shown nothing since before this moment, the oldest first; of those applied for since another."""
    slots = {"shop_id": shop_id, "states": list(states), "since": since, "before": before, "limit": limit}
    return [no for (no,) in tx.execute(RETURNS_SILENT, slots)]


def silent(tx: Tx, shop_id: int, before: datetime, bands: Sequence[int], limit: int) -> list[tuple[str, datetime]]:
    """The unclaimed orders whose parcel has been silent since before this moment, longest first; of those in one of the bands."""
    slots = {"shop_id": shop_id, "before": before, "bands": list(bands), "limit": limit}
    return [(no, since) for no, since in tx.execute(SILENT, slots)]


def silent_beside(tx: Tx, shop_id: int, before: datetime, kinds: Sequence[str], since: datetime, now: datetime, limit: int) -> list[SilentBeside]:
    """The unclaimed parcels beside their orders' own that have been silent since before a moment, longest first; of those on which one of these clocks has run
    out since another.
    """
    slots = {"shop_id": shop_id, "before": before, "kinds": list(kinds), "since": since, "now": now, "limit": limit}
    with tx.cursor(row_factory=class_row(SilentBeside)) as cursor:
        return cursor.execute(SILENT_BESIDE, slots).fetchall()
