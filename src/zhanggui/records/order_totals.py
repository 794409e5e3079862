"""How many orders stand where, by Shanghai day, kept with every write so that no page counts."""

from collections.abc import Iterable
from datetime import date

from zhanggui.core.facts import OrderFacts, OrderStage, RefundState
from zhanggui.core.moments import shanghai_day
from zhanggui.records.db import Tx
from zhanggui.records.facts.orders import listed_at

ADD = """
    insert into order_totals (shop_id, day, stage, refund, orders, paid)
    select %(shop_id)s, day, stage, refund, orders, paid
    from unnest(%(days)s::date[], %(stages)s::text[], %(refunds)s::text[], %(counts)s::bigint[], %(sums)s::bigint[]) as delta (day, stage, refund, orders, paid)
    order by day, stage, refund
    on conflict (shop_id, day, stage, refund) do update set orders = order_totals.orders + excluded.orders, paid = order_totals.paid + excluded.paid
"""
DROP_EMPTY = "delete from order_totals where shop_id = %(shop_id)s and orders = 0"

Place = tuple[date, str, str]


class Totals:
    """Adds up what comes and goes until it is stored."""

    def __init__(self) -> None:
        self._sums: dict[Place, list[int]] = {}

    def come(self, order: OrderFacts) -> None:
        """One order more."""
        self._add(order, 1)

    def go(self, order: OrderFacts) -> None:
        """One order less."""
        self._add(order, -1)

    def store(self, tx: Tx, shop_id: int) -> None:
        """Lets the stored totals follow."""
        changed: Iterable[tuple[Place, list[int]]] = [(place, total) for place, total in self._sums.items() if any(total)]
        self._sums = {}
        if not changed:
            return
        slots = {
            "shop_id": shop_id,
            "days": [day for (day, _, _), _ in changed],
            "stages": [stage for (_, stage, _), _ in changed],
            "refunds": [refund for (_, _, refund), _ in changed],
            "counts": [total[0] for _, total in changed],
            "sums": [total[1] for _, total in changed],
        }
        tx.execute(ADD, slots)
        tx.execute(DROP_EMPTY, {"shop_id": shop_id})

    def _add(self, order: OrderFacts, sign: int) -> None:
        stage = order.stage or OrderStage.UNKNOWN
        place = (shanghai_day(listed_at(order)), stage.value, (order.refund or RefundState.NONE).value)
        total = self._sums.setdefault(place, [0, 0])
        total[0] += sign
        total[1] += sign * (order.pay_amount or 0)
