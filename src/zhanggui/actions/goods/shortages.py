"""What is promised beyond what lies there, as to-dos and as the list of whom to tell first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from zhanggui.core.clocks.restocking import ShipTerm, restock_deadline
from zhanggui.core.deadlines import Deadline
from zhanggui.core.facts import OrderFacts
from zhanggui.core.goods.shortage import Shortage, Waiting, in_telling_order, shortage_of
from zhanggui.core.money import Fen
from zhanggui.core.risks import Risk, finding_risk
from zhanggui.core.rules import Rulebook
from zhanggui.records import around, items, stock, waiting_orders
from zhanggui.records.db import Tx
from zhanggui.records.items import Item
from zhanggui.records.waiting_orders import WaitingOrder

_AT_ONCE = 2000


class Short(NamedTuple):
    """What is short of one SKU: the orders, and the ship-by of the first that is due."""

    shortage: Shortage
    first: WaitingOrder | None
    risk_rule: str | None


def restock_deadlines(tx: Tx, shop_id: int, skus: Sequence[str], rulebook: Rulebook, now: datetime) -> list[tuple[Deadline, datetime]]:
    """The to-dos of those of these SKUs that are short; what was never counted is not judged."""
    short = shortages(tx, shop_id, skus, rulebook, now)
    named = items.of_skus(tx, shop_id, sorted(short))
    found: list[tuple[Deadline, datetime]] = []
    for sku, one in short.items():
        ship_by = None if one.first is None else one.first.ship_by()
        if ship_by is not None:
            found.append((restock_deadline(sku, title_of(sku, named.get(sku)), one.shortage, ShipTerm(ship_by, one.risk_rule)), now))
    return found


def shortages(tx: Tx, shop_id: int, skus: Sequence[str], rulebook: Rulebook, now: datetime) -> dict[str, Short]:
    """What is short, by SKU. Those with enough on their shelves are left out."""
    found: dict[str, Short] = {}
    for sku, total in stock.sums(tx, shop_id, skus).items():
        if total.on_hand is not None and total.reserved > max(total.on_hand, 0):
            found[sku] = _short(tx, shop_id, sku, total.on_hand, rulebook, now)
    return found


def title_of(sku: str, item: Item | None) -> str:
    """The SKU as one would say it."""
    if item is None or not item.title:
        return (item.code if item else None) or sku
    return f"{item.title} {item.spec}" if item.spec else item.title


def _short(tx: Tx, shop_id: int, sku: str, on_hand: int, rulebook: Rulebook, now: datetime) -> Short:
    rows = {row.order_no: row for row in waiting_orders.of_sku(tx, shop_id, sku)}
    bare = shortage_of((_waiting(row, Fen(0), Fen(0)) for row in rows.values()), on_hand)
    priced: list[Waiting] = []
    rule: str | None = None
    numbers = [order.order_no for order in bare.uncovered]
    for start in range(0, len(numbers), _AT_ONCE):
        facts = {no: known.facts for no, known in around.orders(tx, shop_id, numbers[start : start + _AT_ONCE]).items()}
        for no in numbers[start : start + _AT_ONCE]:
            risk = _risk(facts, rows[no], rulebook, now)
            rule = rule or risk.cite
            priced.append(_waiting(rows[no], risk.fen, (facts[no].pay_amount if no in facts else None) or Fen(0)))
    told = in_telling_order(priced)
    first = next((rows[order.order_no] for order in told if order.due_at is not None), None)
    return Short(Shortage(tuple(told), bare.missing), first, rule)


def _waiting(row: WaitingOrder, cost: Fen, pay_amount: Fen) -> Waiting:
    return Waiting(order_no=row.order_no, pieces=row.pieces, due_at=row.due_at, formed_at=row.formed_at, cost=cost, pay_amount=pay_amount)


def _risk(facts: Mapping[str, OrderFacts], row: WaitingOrder, rulebook: Rulebook, now: datetime) -> Risk:
    """What it costs by the rule of goods that are out of stock, in force when the order is due."""
    order = facts.get(row.order_no)
    return Risk(Fen(0), None) if order is None else finding_risk("out_of_stock", order, row.due_at or now, rulebook)
