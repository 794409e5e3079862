"""What the goods of a case cost the shop, and in which state such goods came back before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zhanggui.actions.money.profit import GoodsOfOrder, goods_costs_of
from zhanggui.core.advice.case import ReturnGrade
from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.returns.grades import Grade
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice_goods
from zhanggui.records.db import Tx

GRADES: Mapping[Grade, ReturnGrade] = {
    Grade.AS_NEW: ReturnGrade.AS_NEW,
    Grade.OPENED: ReturnGrade.OPENED,
    Grade.WORN: ReturnGrade.WORN,
    Grade.DAMAGED: ReturnGrade.DAMAGED,
    Grade.WRONG: ReturnGrade.WRONG,
    Grade.FOREIGN: ReturnGrade.WRONG,
}
"""The states of returned pieces as advice knows them."""


class Goods(NamedTuple):
    """What is known of the goods of some cases."""

    costs: Mapping[str, GoodsOfOrder]
    grades: Mapping[str, Mapping[ReturnGrade, int]]

    @classmethod
    def of(cls, tx: Tx, shop_id: ShopId, cases: Sequence[AftersaleFacts], orders: Mapping[str, OrderKnowledge]) -> "Goods":
        """Reads it for all of these cases at once."""
        about = {case.order_no for case in cases if case.order_no}
        skus = sorted({sku for case in cases if (sku := sku_of(case, orders.get(case.order_no or ""))) is not None})
        told = advice_goods.graded_of(tx, shop_id, skus)
        costs = goods_costs_of(tx, shop_id, {no: known.order for no, known in orders.items() if no in about})
        return cls(costs, {sku: as_grades(graded) for sku, graded in told.items()})

    def cost(self, case: AftersaleFacts, known: OrderKnowledge | None) -> Fen | None:
        """What the goods of the case cost; a part of what the order's do where a case of several pieces asks for a part of the money."""
        of_order = self.costs.get(case.order_no or "")
        if of_order is None or known is None:
            return None
        paid, asked = known.order.pay_amount, case.refund_amount
        if of_order.pieces > 1 and paid and asked is not None and 0 < asked < paid:
            return Fen(round(of_order.fen * asked / paid))
        return Fen(of_order.fen)

    def graded(self, case: AftersaleFacts, known: OrderKnowledge | None) -> Mapping[ReturnGrade, int] | None:
        """In which state how many pieces of the goods came back before."""
        return self.grades.get(sku_of(case, known) or "")


def sku_of(case: AftersaleFacts, known: OrderKnowledge | None) -> str | None:
    """The SKU a case is about, where its sources number it."""
    return case.sku_id or (None if known is None else known.order.sku_id)


def as_grades(graded: Mapping[str, int]) -> dict[ReturnGrade, int]:
    """Pieces by the words of returns as pieces by the words of advice."""
    found: Counter[ReturnGrade] = Counter()
    for grade, pieces in graded.items():
        found[GRADES[Grade(grade)]] += pieces
    return dict(found)
