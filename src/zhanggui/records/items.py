"""The SKUs a shop has to do with: what they are called, and what the shop itself knows of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import OrderFacts, SkuFacts
from zhanggui.core.goods.naming import CODE
from zhanggui.records.db import Tx

Place = tuple[str, str]
"""After which SKU a page begins: its product and its name."""
FIRST: Place = ("", "")


class Item(msgspec.Struct, frozen=True):
    """One SKU as the shop knows it."""

    sku: str
    goods_id: str
    title: str | None
    spec: str | None
    code: str | None
    is_told: bool
    weight_g: int | None
    packing_g: int | None
    barcodes: list[str]
    location: str
    warn_at: int | None


class ItemRow(Item, frozen=True):
    """One SKU in a list, with what the platform tells of it."""

    told: str | None
    told_at: datetime | None

    @property
    def facts(self) -> SkuFacts | None:
        """What lists of products tell of it."""
        return None if self.told is None else msgspec.json.decode(self.told, type=SkuFacts)


OF_SKUS = """
    select sku, goods_id, title, spec, code, is_told, weight_g, packing_g, barcodes, location, warn_at
    from items where shop_id = %(shop_id)s and sku = any(%(skus)s)
"""
ONE = """
    select sku, items.goods_id, title, spec, code, is_told, weight_g, packing_g, barcodes, location, warn_at,
        skus.facts::text as told, skus.as_of as told_at
    from items
    left join skus on skus.shop_id = items.shop_id and skus.sku_id = items.sku
    where items.shop_id = %(shop_id)s and sku = %(sku)s
"""
LOCATIONS = "select sku, location from items where shop_id = %(shop_id)s and sku = any(%(skus)s) and location <> ''"
NAME_NEW = """
    insert into items (shop_id, sku, code, made_at)
    select %(shop_id)s, sku, code, %(made_at)s
    from unnest(%(skus)s::text[], %(codes)s::text[]) as named (sku, code)
    order by sku
    on conflict (shop_id, sku) do nothing
"""
# what a list of products tells goes over what an order had called it
FOLLOW_TOLD = """
    insert into items (shop_id, sku, goods_id, title, spec, code, is_told, made_at)
    select shop_id, sku_id, coalesce(goods_id, ''), facts ->> 'title', facts ->> 'spec', outer_sku, true, %(made_at)s
    from skus where shop_id = %(shop_id)s and sku_id = any(%(skus)s)
    order by sku_id
    on conflict (shop_id, sku) do update set
        goods_id = excluded.goods_id, title = excluded.title, spec = excluded.spec, code = excluded.code, is_told = true
"""
NO_LONGER_TOLD = """
    update items set is_told = false, goods_id = '', title = null, spec = null, code = null
    where shop_id = %(shop_id)s and sku = any(%(skus)s) and is_told
        and not exists (select 1 from skus where skus.shop_id = %(shop_id)s and skus.sku_id = items.sku)
"""
DROP_UNUSED = """
    delete from items
    where shop_id = %(shop_id)s and sku = any(%(skus)s) and not is_told
        and weight_g is null and packing_g is null and barcodes = '{}' and location = '' and warn_at is null
        and not exists (select 1 from stock_levels where stock_levels.shop_id = %(shop_id)s and stock_levels.sku = items.sku)
        and not exists (select 1 from order_goods where order_goods.shop_id = %(shop_id)s and order_goods.sku = items.sku)
"""
PAGE = """
    select page.*, skus.facts::text as told, skus.as_of as told_at
    from (
        select sku, goods_id, title, spec, code, is_told, weight_g, packing_g, barcodes, location, warn_at
        from items
        where shop_id = %(shop_id)s and (goods_id, sku) > (%(after_goods)s, %(after_sku)s)
            and (%(words)s::text is null or title ilike %(words)s or spec ilike %(words)s)
        order by goods_id, sku
        limit %(limit)s
    ) as page
    left join skus on skus.shop_id = %(shop_id)s and skus.sku_id = page.sku
    order by page.goods_id, page.sku
"""
OF_NUMBER = """
    select items.sku, items.goods_id, title, spec, code, is_told, weight_g, packing_g, barcodes, location, warn_at,
        skus.facts::text as told, skus.as_of as told_at
    from items
    left join skus on skus.shop_id = items.shop_id and skus.sku_id = items.sku
    where items.shop_id = %(shop_id)s and items.sku in (
        select sku from items where shop_id = %(shop_id)s and sku = %(number)s
        union
        select sku from items where shop_id = %(shop_id)s and goods_id = %(number)s
        union
        select sku from items where shop_id = %(shop_id)s and code = %(number)s
        union
        select sku from item_barcodes where shop_id = %(shop_id)s and barcode = %(number)s
    ) and (items.goods_id, items.sku) > (%(after_goods)s, %(after_sku)s)
    order by items.goods_id, items.sku
    limit %(limit)s
"""
OF_LIST = """
    select items.sku, items.goods_id, title, spec, code, is_told, weight_g, packing_g, barcodes, location, warn_at,
        skus.facts::text as told, skus.as_of as told_at
    from items
    left join skus on skus.shop_id = items.shop_id and skus.sku_id = items.sku
    where items.shop_id = %(shop_id)s and items.sku = any(%(skus)s) and (items.goods_id, items.sku) > (%(after_goods)s, %(after_sku)s)
    order by items.goods_id, items.sku
    limit %(limit)s
"""
BY_CODES = "select sku, code from items where shop_id = %(shop_id)s and code = any(%(codes)s) order by sku"
BY_BARCODES = "select barcode, sku from item_barcodes where shop_id = %(shop_id)s and barcode = any(%(barcodes)s)"
DROP_BARCODES = "delete from item_barcodes where shop_id = %(shop_id)s and sku = %(sku)s"
PUT_BARCODES = "insert into item_barcodes (shop_id, barcode, sku) select %(shop_id)s, barcode, %(sku)s from unnest(%(barcodes)s::text[]) as told (barcode)"
SET_OWN = """
    update items set weight_g = %(weight_g)s, packing_g = %(packing_g)s, barcodes = %(barcodes)s, location = %(location)s, warn_at = %(warn_at)s
    where shop_id = %(shop_id)s and sku = %(sku)s
"""
LOCK_ONE = "select 1 from items where shop_id = %(shop_id)s and sku = %(sku)s for no key update"
# what an order calls a SKU that no list of products names
CALLED = """
    select wanted.sku, waiting.facts::text
    from unnest(%(skus)s::text[]) as wanted (sku)
    cross join lateral (
        select orders.facts from order_goods
        join orders on orders.shop_id = order_goods.shop_id and orders.order_no = order_goods.order_no
        where order_goods.shop_id = %(shop_id)s and order_goods.sku = wanted.sku
        limit 1
    ) as waiting
"""
COUNTS = """
    select count(*)::bigint, count(*) filter (where is_told)::bigint, count(distinct goods_id)::bigint from items where shop_id = %(shop_id)s
"""


def of_skus(tx: Tx, shop_id: int, skus: Sequence[str]) -> dict[str, Item]:
    """What the shop knows of these SKUs."""
    if not skus:
        return {}
    with tx.cursor(row_factory=class_row(Item)) as cursor:
        return {row.sku: row for row in cursor.execute(OF_SKUS, {"shop_id": shop_id, "skus": list(skus)})}


def listed(tx: Tx, shop_id: int, skus: Sequence[str], after: Place = FIRST, limit: int | None = None) -> list[ItemRow]:
    """These SKUs, or a page of them, with what the platform tells of them, those of one product together."""
    with tx.cursor(row_factory=class_row(ItemRow)) as cursor:
        return cursor.execute(OF_LIST, {"shop_id": shop_id, "skus": list(skus), "limit": limit, **_after(after)}).fetchall()


def one(tx: Tx, shop_id: int, sku: str) -> ItemRow | None:
    """One SKU, None where the shop has none of that name."""
    with tx.cursor(row_factory=class_row(ItemRow)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "sku": sku}).fetchone()


def page(tx: Tx, shop_id: int, words: str | None, after: Place, limit: int) -> list[ItemRow]:
    """A page of SKUs, those of one product together."""
    like = None if words is None else "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    with tx.cursor(row_factory=class_row(ItemRow)) as cursor:
        return cursor.execute(PAGE, {"shop_id": shop_id, "words": like, "limit": limit, **_after(after)}).fetchall()


def of_number(tx: Tx, shop_id: int, number: str, limit: int, after: Place = FIRST) -> list[ItemRow]:
    """A page of the SKUs that bear this number: their own, their product's, the seller's code, or a barcode."""
    with tx.cursor(row_factory=class_row(ItemRow)) as cursor:
        return cursor.execute(OF_NUMBER, {"shop_id": shop_id, "number": number, "limit": limit, **_after(after)}).fetchall()


def _after(after: Place) -> dict[str, str]:
    return {"after_goods": after[0], "after_sku": after[1]}


def called(tx: Tx, shop_id: int, skus: Sequence[str]) -> dict[str, OrderFacts]:
    """An order for each of these SKUs that any order takes, for what it calls the goods."""
    decode = msgspec.json.Decoder(OrderFacts).decode
    return {sku: decode(text) for sku, text in tx.execute(CALLED, {"shop_id": shop_id, "skus": list(skus)})} if skus else {}


def locations(tx: Tx, shop_id: int, skus: Sequence[str]) -> dict[str, str]:
    """Where these SKUs are picked, the usual place left out."""
    return dict(tx.execute(LOCATIONS, {"shop_id": shop_id, "skus": list(skus)}).fetchall()) if skus else {}


def by_codes(tx: Tx, shop_id: int, codes: Sequence[str]) -> dict[str, list[str]]:
    """The SKUs that bear these codes of the seller's."""
    found: dict[str, list[str]] = {}
    for sku, code in tx.execute(BY_CODES, {"shop_id": shop_id, "codes": list(codes)}) if codes else ():
        found.setdefault(code, []).append(sku)
    return found


def by_barcodes(tx: Tx, shop_id: int, barcodes: Sequence[str]) -> dict[str, str]:
    """The SKU that bears each of these barcodes."""
    return dict(tx.execute(BY_BARCODES, {"shop_id": shop_id, "barcodes": list(barcodes)}).fetchall()) if barcodes else {}


def name_new(tx: Tx, shop_id: int, named: Iterable[str], made_at: datetime) -> None:
    """Makes SKUs known that were not, by the names that orders have for them; what is known of others stays."""
    skus = sorted(set(named))
    if skus:
        codes = [sku.removeprefix(CODE) if sku.startswith(CODE) else None for sku in skus]
        tx.execute(NAME_NEW, {"shop_id": shop_id, "made_at": made_at, "skus": skus, "codes": codes})


def follow_told(tx: Tx, shop_id: int, skus: Sequence[str], made_at: datetime) -> None:
    """Lets the names of SKUs follow what lists of products tell of them now."""
    if skus:
        tx.execute(FOLLOW_TOLD, {"shop_id": shop_id, "skus": list(skus), "made_at": made_at})
        tx.execute(NO_LONGER_TOLD, {"shop_id": shop_id, "skus": list(skus)})


def drop_unused(tx: Tx, shop_id: int, skus: Sequence[str]) -> None:
    """Forgets those of these SKUs that nothing speaks of any more."""
    if skus:
        tx.execute(DROP_UNUSED, {"shop_id": shop_id, "skus": list(skus)})


def set_own(
    tx: Tx, shop_id: int, sku: str, *, weight_g: int | None, packing_g: int | None, barcodes: Sequence[str], location: str, warn_at: int | None
) -> None:
    """Keeps what the shop itself knows of a SKU."""
    slots = {"shop_id": shop_id, "sku": sku, "weight_g": weight_g, "packing_g": packing_g, "barcodes": list(barcodes), "location": location, "warn_at": warn_at}
    tx.execute(SET_OWN, slots)
    tx.execute(DROP_BARCODES, slots)
    if barcodes:
        tx.execute(PUT_BARCODES, slots)


def counts(tx: Tx, shop_id: int) -> tuple[int, int, int]:
    """How many SKUs the shop has to do with, how many of them a list of products names, and of how many products they are."""
    row = tx.execute(COUNTS, {"shop_id": shop_id}).fetchone()
    return (0, 0, 0) if row is None else (row[0], row[1], row[2])
