"""How many orders stand where and of which variant, by Shanghai day, kept with every write so that no page counts."""

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
ADD_GOODS = """
    insert into goods_totals (shop_id, day, goods_id, spec, orders, refunded, paid)
    select %(shop_id)s, day, goods_id, spec, orders, refunded, paid
    from unnest(%(days)s::date[], %(goods)s::text[], %(specs)s::text[], %(counts)s::bigint[], %(refunded)s::bigint[], %(sums)s::bigint[])
        as delta (day, goods_id, spec, orders, refunded, paid)
    order by day, goods_id, spec
    on conflict (shop_id, day, goods_id, spec) do update
    set orders = goods_totals.orders + excluded.orders, refunded = goods_totals.refunded + excluded.refunded, paid = goods_totals.paid + excluded.paid
"""
DROP_EMPTY_GOODS = "delete from goods_totals where shop_id = %(shop_id)s and day = any(%(days)s::date[]) and orders = 0"

LONGEST_SPEC = 200
"""Variants are told apart by so many characters of their name."""

Place = tuple[date, str, str]


class Totals:
    """Adds up what comes and goes until it is stored."""

    def __init__(self) -> None:
        self._sums: dict[Place, list[int]] = {}
        self._goods: dict[Place, list[int]] = {}

    def come(self, order: OrderFacts) -> None:
        """One order more."""
        self._add(order, 1)

    def go(self, order: OrderFacts) -> None:
        """One order less."""
        self._add(order, -1)

    def store(self, tx: Tx, shop_id: int) -> None:
        """Lets the stored totals follow."""
        self._store_places(tx, shop_id)
        self._store_goods(tx, shop_id)
        self._sums, self._goods = {}, {}

    def _store_places(self, tx: Tx, shop_id: int) -> None:
        changed = [(place, total) for place, total in self._sums.items() if any(total)]
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

    def _store_goods(self, tx: Tx, shop_id: int) -> None:
        changed = [(place, total) for place, total in self._goods.items() if any(total)]
        if not changed:
            return
        slots = {
            "shop_id": shop_id,
            "days": [day for (day, _, _), _ in changed],
            "goods": [goods for (_, goods, _), _ in changed],
            "specs": [spec for (_, _, spec), _ in changed],
            "counts": [total[0] for _, total in changed],
            "refunded": [total[1] for _, total in changed],
            "sums": [total[2] for _, total in changed],
        }
        tx.execute(ADD_GOODS, slots)
        if any(total[0] < 0 for _, total in changed):  # only then can a variant's last order of a day have gone
            tx.execute(DROP_EMPTY_GOODS, {"shop_id": shop_id, "days": slots["days"]})

    def _add(self, order: OrderFacts, sign: int) -> None:
        stage, refund = order.stage or OrderStage.UNKNOWN, order.refund or RefundState.NONE
        day, paid = shanghai_day(listed_at(order)), order.pay_amount or 0
        total = self._sums.setdefault((day, stage.value, refund.value), [0, 0])
        total[0] += sign
        total[1] += sign * paid
        of_goods = self._goods.setdefault((day, order.goods_id or "", (order.spec or "")[:LONGEST_SPEC]), [0, 0, 0])
        of_goods[0] += sign
        of_goods[1] += sign * (refund is RefundState.REFUNDED)
        of_goods[2] += sign * paid
