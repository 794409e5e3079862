"""Which of these orders find no goods on the shelf, as things stand."""

from collections.abc import Mapping, Sequence

from zhanggui.actions.goods.shortages import title_of
from zhanggui.core.goods.shortage import Waiting, shortage_of
from zhanggui.core.money import Fen
from zhanggui.records import items, order_goods, stock, waiting_orders
from zhanggui.records.db import Tx

MOST_RECKONED = 5_000
"""With more pieces waiting for one SKU, who gets the last of them is not worked out order by order: each of its orders counts as short."""


def short_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """By order what it waits for in vain: those that must leave first are served first. What was never counted is not judged."""
    taken = [row for row in order_goods.of_orders(tx, shop_id, order_nos) if row.state == "reserved"]
    sums = stock.sums(tx, shop_id, sorted({row.sku for row in taken}))
    short = {sku: total for sku, total in sums.items() if total.on_hand is not None and total.reserved > max(total.on_hand, 0)}
    if not short:
        return {}
    named = items.of_skus(tx, shop_id, sorted(short))
    uncovered = {sku: None if total.reserved > MOST_RECKONED else _uncovered(tx, shop_id, sku, total.on_hand or 0) for sku, total in short.items()}
    found: dict[str, tuple[str, ...]] = {}
    for row in taken:
        if row.sku in short and ((without := uncovered[row.sku]) is None or row.order_no in without):
            found[row.order_no] = (*found.get(row.order_no, ()), title_of(row.sku, named.get(row.sku)))
    return found


def _uncovered(tx: Tx, shop_id: int, sku: str, on_hand: int) -> frozenset[str]:
    rows = waiting_orders.of_sku(tx, shop_id, sku)
    waiting = (Waiting(order_no=row.order_no, pieces=row.pieces, due_at=row.due_at, formed_at=row.formed_at, cost=Fen(0)) for row in rows)
    return frozenset(order.order_no for order in shortage_of(waiting, on_hand).uncovered)
