"""The Goods page: the shop's SKUs with their stock, those that are short, and one SKU with everything known of it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.goods.shortages import shortages, title_of
from zhanggui.actions.goods.stock import Stock, stock_of
from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.facts import SkuFacts
from zhanggui.core.goods.shortage import Waiting
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import goods_readings, items, stock, waiting_orders
from zhanggui.records.db import Tx
from zhanggui.records.items import ItemRow
from zhanggui.records.stock import Level, StockChange
from zhanggui.records.waiting_orders import WaitingOrder

PAGE = 50
WAITING_SHOWN = 50
MOST_SHORT = 2_000


class GoodsRow(msgspec.Struct, frozen=True):
    """One SKU in the list."""

    item: ItemRow
    title: str
    facts: SkuFacts | None
    stock: Stock

    @property
    def is_few(self) -> bool:
        """Whether no more are free than the shop wants to be warned at."""
        free = self.stock.free
        return free is not None and self.item.warn_at is not None and free <= self.item.warn_at


class GoodsList(msgspec.Struct, frozen=True):
    """A page of the list, and how it goes on."""

    rows: tuple[GoodsRow, ...]
    next_cursor: str | None
    skus: int
    short: int
    read_at: datetime | None
    """When the products were last read whole from the platform."""


class GoodsView(msgspec.Struct, frozen=True):
    """Everything known of one SKU."""

    row: GoodsRow
    levels: tuple[Level, ...]
    waiting: tuple[Waiting, ...]
    """Orders that wait for it, those first that have to leave first; at most so many as are shown."""
    more_wait: bool
    """Whether others wait beside these."""
    told_first: tuple[Waiting, ...]
    """Those that find no goods, in the order in which their buyers should hear of it."""
    missing: int
    cost: Fen
    changes: tuple[StockChange, ...]
    next_change: int | None
    siblings: tuple[GoodsRow, ...]


def goods_list(
    house: House, by: Person, shop_id: ShopId, *, query: str | None = None, only_short: bool = False, cursor: str | None = None, limit: int = PAGE
) -> GoodsList:
    """A page of the shop's SKUs, those of one product together; `query` is a number, a code, a barcode, or a word of the title."""
    by.need(Permission.GOODS_READ, shop_id)
    with house.pool.connection() as tx:
        short = waiting_orders.short_skus(tx, shop_id, MOST_SHORT)
        found, next_cursor = _found(tx, shop_id, query, short if only_short else None, cursor, limit)
        reading = goods_readings.of_shop(tx, shop_id)
        skus, _, _ = items.counts(tx, shop_id)
        return GoodsList(_rows(tx, shop_id, found), next_cursor, skus, len(short), reading.read_at if reading else None)


def goods_view(house: House, by: Person, shop_id: ShopId, sku: str, now: datetime, *, before: int | None = None) -> GoodsView | None:
    """One SKU with its places, the orders that wait for it and the journal of its stock; None where the shop has none of that name."""
    by.need(Permission.GOODS_READ, shop_id)
    with house.pool.connection() as tx:
        item = items.one(tx, shop_id, sku)
        if item is None:
            return None
        short = shortages(tx, shop_id, [sku], rulebook_in(tx, house, shop_id), now).get(sku)
        changes = stock.changes(tx, shop_id, sku, before, PAGE + 1)
        siblings = items.of_number(tx, shop_id, item.goods_id, PAGE) if item.goods_id else []
        rows = {row.item.sku: row for row in _rows(tx, shop_id, [item, *(one for one in siblings if one.sku != sku)])}
        waiting = waiting_orders.some_of_sku(tx, shop_id, sku, WAITING_SHOWN + 1)
        return GoodsView(
            row=rows.pop(sku),
            levels=tuple(stock.levels(tx, shop_id, [sku])),
            waiting=tuple(_waiting(one) for one in waiting[:WAITING_SHOWN]),
            more_wait=len(waiting) > WAITING_SHOWN,
            told_first=short.shortage.uncovered if short else (),
            missing=short.shortage.missing if short else 0,
            cost=short.shortage.cost if short else Fen(0),
            changes=tuple(changes[:PAGE]),
            next_change=changes[PAGE - 1].change_no if len(changes) > PAGE else None,
            siblings=tuple(rows.values()),
        )


def stock_journal(house: House, by: Person, shop_id: ShopId, *, before: int | None = None, limit: int = PAGE) -> tuple[StockChange, ...]:
    """The newest changes of stock of the whole shop."""
    by.need(Permission.GOODS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(stock.changes(tx, shop_id, None, before, limit))


def _waiting(one: WaitingOrder) -> Waiting:
    return Waiting(order_no=one.order_no, pieces=one.pieces, due_at=one.due_at, formed_at=one.formed_at, cost=Fen(0))


def _found(tx: Tx, shop_id: ShopId, query: str | None, short: Sequence[str] | None, cursor: str | None, limit: int) -> tuple[list[ItemRow], str | None]:
    after = cursors.read(cursor, tuple[str, str]) if cursor else items.FIRST
    if short is not None:
        page = items.listed(tx, shop_id, short, after, limit + 1)
    elif query and items.of_number(tx, shop_id, query, 1):
        page = items.of_number(tx, shop_id, query, limit + 1, after)
    else:
        page = items.page(tx, shop_id, query, after, limit + 1)
    more = len(page) > limit
    last = page[limit - 1] if more else None
    return page[:limit], cursors.write((last.goods_id, last.sku)) if last else None


def _rows(tx: Tx, shop_id: ShopId, found: Sequence[ItemRow]) -> tuple[GoodsRow, ...]:
    stocked = stock_of(tx, shop_id, [item.sku for item in found])
    called = items.called(tx, shop_id, [item.sku for item in found if not item.title])
    return tuple(GoodsRow(item, _title(item, called.get(item.sku)), item.facts, stocked[item.sku]) for item in found)


def _title(item: ItemRow, called: object) -> str:
    title = getattr(called, "title", None)
    spec = getattr(called, "spec", None)
    if item.title or not title:
        return title_of(item.sku, item)
    return f"{title} {spec}" if spec else title
