"""The money of one order, as its page shows it."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.money.costs import spent_on
from zhanggui.actions.money.profit import profits
from zhanggui.core.ledger.costs import TYPED_CAUSES, CostCause, CostKind, Spent
from zhanggui.core.ledger.profit import Profit
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import costs
from zhanggui.records.costs import CostRecord


class OrderCosts(msgspec.Struct, frozen=True, kw_only=True):
    """What was given for an order, and what it left the shop; that is None for whoever may not see money."""

    rows: tuple[CostRecord, ...]
    spent: Spent
    profit: Profit | None
    kinds: tuple[CostKind, ...] = tuple(CostKind)
    causes: tuple[CostCause, ...] = TYPED_CAUSES


def order_costs(house: House, by: Person, shop_id: ShopId, order_no: str, now: datetime) -> OrderCosts | None:
    """The costs of the order; None for whoever may neither write costs down nor see money."""
    sees_money = by.may(Permission.MONEY_READ, shop_id)
    if not sees_money and not by.may(Permission.COSTS_WRITE, shop_id):
        return None
    with house.pool.connection() as tx:
        return OrderCosts(
            rows=tuple(costs.listed_of_order(tx, shop_id, order_no)),
            spent=spent_on(tx, shop_id, order_no, now),
            profit=profits(tx, shop_id, [order_no]).get(order_no) if sees_money else None,
        )
