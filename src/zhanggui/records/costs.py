"""What after-sales cost: entries that are added and taken back, never changed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.sealing import MARK, is_sealed, opened, ring_of, sealed

BUYER_KEY = "buyer_keys.secret"
"""The place of the key that digests of buyers are made with: in the database it lies sealed, so that whoever holds a backup cannot make them."""


class CostRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as it stands in the table. Money in fen."""

    cost_no: int
    order_no: str
    case_no: str | None
    kind: str
    cause: str
    sku: str | None
    fen: int
    at: datetime
    note: str
    made_by: int | None
    made_by_name: str | None
    void_at: datetime | None


class CostGroup(msgspec.Struct, frozen=True):
    """What the entries of one sort come to."""

    name: str
    entries: int
    orders: int
    fen: int


INSERT = """
    insert into costs (shop_id, order_no, case_no, kind, cause, sku, fen, at, note, once, buyer, buyer_until, made_by, made_at)
    values (%(shop_id)s, %(order_no)s, %(case_no)s, %(kind)s, %(cause)s, %(sku)s, %(fen)s, %(at)s, %(note)s, %(once)s, %(buyer)s, %(buyer_until)s,
        %(made_by)s, %(at)s)
    on conflict do nothing
    returning cost_no
"""
BY_ONCE = "select cost_no from costs where shop_id = %(shop_id)s and once = %(once)s"
VOID = """
    update costs set void_at = %(at)s, void_by = %(by)s where shop_id = %(shop_id)s and cost_no = %(cost_no)s and void_at is null
    returning order_no, kind, fen
"""
REVIVE = """
    update costs set void_at = null, void_by = null, kind = %(kind)s, cause = %(cause)s, fen = %(fen)s
    where shop_id = %(shop_id)s and once = %(once)s and void_at is not null and (void_by is null or %(even_of_person)s)
"""
FREIGHTS_OF_STEPS = """
    select count(*) from costs
    where shop_id = %(shop_id)s and order_no = %(order_no)s and kind = 'extra_freight' and starts_with(once, 'step:') and void_at is null
"""
VOID_OF = """
    update costs set void_at = %(at)s, void_by = null
    where shop_id = %(shop_id)s and order_no = %(order_no)s and starts_with(once, %(origin)s) and void_at is null
    returning kind, fen
"""
BY_KIND = "select kind, sum(fen)::bigint, count(*)::bigint from costs where shop_id = %(shop_id)s and order_no = %(order_no)s and void_at is null group by kind"
OF_BUYER = """
    select coalesce(sum(fen), 0)::bigint, count(distinct order_no)::bigint from costs
    where shop_id = %(shop_id)s and buyer = %(buyer)s and at > %(since)s and void_at is null
"""
OF_ORDERS = """
    select order_no, kind, sum(fen)::bigint from costs where shop_id = %(shop_id)s and order_no = any(%(nos)s) and void_at is null group by order_no, kind
"""
PAGE = """
    select cost_no, order_no, case_no, kind, cause, sku, fen, at, note, costs.made_by, people.display_name as made_by_name, void_at
    from (
        select * from costs as listed
        where listed.shop_id = %(shop_id)s and (at, cost_no) < (%(before_at)s, %(before_no)s)
        order by at desc, cost_no desc
        limit %(limit)s
    ) as costs
    left join people on people.person_id = costs.made_by
    order by at desc, cost_no desc
"""
LISTED_OF_ORDER = """
    select cost_no, order_no, case_no, kind, cause, sku, fen, at, note, costs.made_by, people.display_name as made_by_name, void_at
    from costs left join people on people.person_id = costs.made_by
    where shop_id = %(shop_id)s and order_no = %(order_no)s
    order by at, cost_no
"""
BY_CAUSE = """
    select cause as name, count(*)::bigint as entries, count(distinct order_no)::bigint as orders, sum(fen)::bigint as fen from costs
    where shop_id = %(shop_id)s and at >= %(since)s and at < %(until)s and void_at is null group by cause order by fen desc, name
"""
BY_KINDS = """
    select kind as name, count(*)::bigint as entries, count(distinct order_no)::bigint as orders, sum(fen)::bigint as fen from costs
    where shop_id = %(shop_id)s and at >= %(since)s and at < %(until)s and void_at is null group by kind order by fen desc, name
"""
BY_SKU = """
    select coalesce(items.title || coalesce(' ' || items.spec, ''), costs.sku, '') as name, entries, orders, costs.fen
    from (
        select sku, count(*)::bigint as entries, count(distinct order_no)::bigint as orders, sum(fen)::bigint as fen from costs as told
        where told.shop_id = %(shop_id)s and at >= %(since)s and at < %(until)s and void_at is null
        group by sku order by sum(fen) desc, sku limit %(limit)s
    ) as costs
    left join items on items.shop_id = %(shop_id)s and items.sku = costs.sku
    order by costs.fen desc, name
"""
BUYERS_OVER = """
    select max(order_no) as name, count(*)::bigint as entries, count(distinct order_no)::bigint as orders, sum(fen)::bigint as fen from costs
    where shop_id = %(shop_id)s and buyer is not null and at > %(since)s and void_at is null
    group by buyer having sum(fen) > %(cap)s
    order by sum(fen) desc, max(order_no)
    limit %(limit)s
"""
KEY = "select secret from buyer_keys where shop_id = %(shop_id)s"
MAKE_KEY = "insert into buyer_keys (shop_id, secret, made_at) values (%(shop_id)s, %(secret)s, %(at)s) on conflict (shop_id) do nothing"
FORGET = "update costs set buyer = null where shop_id = %(shop_id)s and buyer is not null and buyer_until <= %(now)s"
SETTINGS = "select buyer_cap, received_after_days from money_settings where shop_id = %(shop_id)s"
SET_SETTINGS = """
    insert into money_settings (shop_id, buyer_cap, received_after_days, made_by, made_at)
    values (%(shop_id)s, %(buyer_cap)s, %(received_after_days)s, %(by)s, %(at)s)
    on conflict (shop_id) do update set buyer_cap = excluded.buyer_cap, received_after_days = excluded.received_after_days,
        made_by = excluded.made_by, made_at = excluded.made_at
"""


def insert(tx: Tx, shop_id: int, slots: dict[str, object]) -> int | None:
    """The number of the new entry; None where it was written down before."""
    row = tx.execute(INSERT, {"shop_id": shop_id, **slots}).fetchone()
    return None if row is None else int(row[0])


def by_once(tx: Tx, shop_id: int, once: str) -> int | None:
    """The entry that bears this name."""
    row = tx.execute(BY_ONCE, {"shop_id": shop_id, "once": once}).fetchone()
    return None if row is None else int(row[0])


def void(tx: Tx, shop_id: int, cost_no: int, by: int | None, at: datetime) -> tuple[str, str, int] | None:
    """Takes the entry back: its order, kind and sum; None where it does not stand."""
    return tx.execute(VOID, {"shop_id": shop_id, "cost_no": cost_no, "by": by, "at": at}).fetchone()


def revive(tx: Tx, shop_id: int, once: str, kind: str, cause: str, fen: int, *, even_of_person: bool) -> bool:
    """Whether the entry of this name had been taken back and stands again now; one that a person took back only where that is wanted."""
    slots = {"shop_id": shop_id, "once": once, "kind": kind, "cause": cause, "fen": fen, "even_of_person": even_of_person}
    return tx.execute(REVIVE, slots).rowcount == 1


def void_of(tx: Tx, shop_id: int, order_no: str, origin: str, at: datetime) -> list[tuple[str, int]]:
    """Takes back what stands of an order by names that begin so; kind and sum of each."""
    return [(kind, fen) for kind, fen in tx.execute(VOID_OF, {"shop_id": shop_id, "order_no": order_no, "origin": origin, "at": at})]


def freights_of_steps(tx: Tx, shop_id: int, order_no: str) -> int:
    """How many entries of freight of an order stand that a step by hand wrote down."""
    row = tx.execute(FREIGHTS_OF_STEPS, {"shop_id": shop_id, "order_no": order_no}).fetchone()
    return int(row[0]) if row else 0


def by_kind(tx: Tx, shop_id: int, order_no: str) -> list[tuple[str, int, int]]:
    """What the order has cost, by kind, and in how many entries."""
    return tx.execute(BY_KIND, {"shop_id": shop_id, "order_no": order_no}).fetchall()


def of_buyer(tx: Tx, shop_id: int, buyer: bytes, since: datetime) -> tuple[int, int]:
    """What the buyer has cost since then, and over how many orders."""
    row = tx.execute(OF_BUYER, {"shop_id": shop_id, "buyer": buyer, "since": since}).fetchone()
    return row or (0, 0)


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, dict[str, int]]:
    """What each of these orders has cost, by kind."""
    found: dict[str, dict[str, int]] = {}
    for no, kind, fen in tx.execute(OF_ORDERS, {"shop_id": shop_id, "nos": list(order_nos)}):
        found.setdefault(no, {})[kind] = fen
    return found


def page(tx: Tx, shop_id: int, before: tuple[datetime, int], limit: int) -> list[CostRecord]:
    """The entries, newest first, before one of them; those taken back too."""
    slots = {"shop_id": shop_id, "before_at": before[0], "before_no": before[1], "limit": limit}
    with tx.cursor(row_factory=class_row(CostRecord)) as cursor:
        return cursor.execute(PAGE, slots).fetchall()


def listed_of_order(tx: Tx, shop_id: int, order_no: str) -> list[CostRecord]:
    """Every entry of one order, the oldest first; those taken back too."""
    with tx.cursor(row_factory=class_row(CostRecord)) as cursor:
        return cursor.execute(LISTED_OF_ORDER, {"shop_id": shop_id, "order_no": order_no}).fetchall()


def by_cause(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[CostGroup]:
    """What every cause came to in a time."""
    return _groups(tx, BY_CAUSE, {"shop_id": shop_id, "since": since, "until": until})


def by_kinds(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[CostGroup]:
    """What every kind came to in a time."""
    return _groups(tx, BY_KINDS, {"shop_id": shop_id, "since": since, "until": until})


def by_sku(tx: Tx, shop_id: int, since: datetime, until: datetime, limit: int) -> list[CostGroup]:
    """What the SKUs that cost most came to in a time."""
    return _groups(tx, BY_SKU, {"shop_id": shop_id, "since": since, "until": until, "limit": limit})


def buyers_over(tx: Tx, shop_id: int, since: datetime, cap: int, limit: int) -> list[CostGroup]:
    """The buyers who cost more than the cap since then, each named by one of their orders."""
    return _groups(tx, BUYERS_OVER, {"shop_id": shop_id, "since": since, "cap": cap, "limit": limit})


def buyer_key(tx: Tx, shop_id: int, new: bytes, at: datetime) -> bytes:
    """The key of the shop's digests of buyers; this one where there was none."""
    row = tx.execute(KEY, {"shop_id": shop_id}).fetchone()
    if row is None:
        tx.execute(MAKE_KEY, {"shop_id": shop_id, "secret": sealed(tx, shop_id, new.hex(), BUYER_KEY).encode(), "at": at})
        row = tx.execute(KEY, {"shop_id": shop_id}).fetchone()
    assert row is not None
    return _opened_key(tx, shop_id, bytes(row[0]))


def known_buyer_key(tx: Tx, shop_id: int) -> bytes | None:
    """The key, None where no cost was ever written down."""
    row = tx.execute(KEY, {"shop_id": shop_id}).fetchone()
    return None if row is None else _opened_key(tx, shop_id, bytes(row[0]))


def _opened_key(tx: Tx, shop_id: int, kept: bytes) -> bytes:
    """The key itself; one of before lies there as it is."""
    if not kept.startswith(MARK.encode()):
        return kept
    key = opened(tx, shop_id, kept.decode(), BUYER_KEY)
    if is_sealed(key):
        raise ring_of(tx).refusal()
    return bytes.fromhex(key)


def forget_buyers(tx: Tx, shop_id: int, now: datetime) -> None:
    """Lets entries forget whose they were once their time is over."""
    tx.execute(FORGET, {"shop_id": shop_id, "now": now})


def settings(tx: Tx, shop_id: int) -> tuple[int | None, int | None]:
    """The shop's own cap for one buyer, and after how many days it has an order's money; None where it set none."""
    row = tx.execute(SETTINGS, {"shop_id": shop_id}).fetchone()
    return row or (None, None)


def set_settings(tx: Tx, shop_id: int, buyer_cap: int | None, received_after_days: int | None, by: int | None, at: datetime) -> None:
    """Keeps what the shop sets."""
    tx.execute(SET_SETTINGS, {"shop_id": shop_id, "buyer_cap": buyer_cap, "received_after_days": received_after_days, "by": by, "at": at})


def _groups(tx: Tx, statement: str, slots: dict[str, object]) -> list[CostGroup]:
    with tx.cursor(row_factory=class_row(CostGroup)) as cursor:
        return cursor.execute(statement, slots).fetchall()
