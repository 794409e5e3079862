"""What an order left: every known part counted, every unknown one said."""

from datetime import date
from pathlib import Path

import pytest

from tests.actions.money.telling import NOW, ONE, TWO, fee, income, line, order, refund, tell
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.money.costs import note_cost
from zhanggui.actions.money.profit import profit_page, profits, put_goods_cost, take_cost_sheet
from zhanggui.actions.refused import Refused
from zhanggui.core.carriers.prices import PriceBand
from zhanggui.core.ledger.costs import Cost, CostCause, CostKind
from zhanggui.core.ledger.profit import PartName, PartSource, Profit
from zhanggui.core.money import Fen
from zhanggui.records import carriers, dispatches

SKUS = tuple({"fact": "sku", "sku_id": sku_id, "goods_id": "g1", "title": "坚果礼盒"} for sku_id in ("s1", "s2"))
GOODS = {"sku_id": "s1", "goods_id": "g1", "title": "坚果礼盒", "quantity": 2, "province": "浙江省"}


def test_an_order_without_bill_and_costs_says_what_is_unknown(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE, **GOODS))

    profit = _of(house, people)

    assert profit.fen is None
    assert profit.known == 12000
    assert profit.unknown == (PartName.FEE, PartName.GOODS, PartName.FREIGHT)
    assert profit.part(PartName.INCOME).source is PartSource.EXPECTED


def test_every_part_is_counted_and_what_was_only_moved_is_not(house: House, people: Cast, tmp_path: Path) -> None:
    tell(
        house, people, tmp_path,
        *SKUS, order(ONE, **GOODS), income(1, ONE, 12000), fee(2, ONE, 72), refund(3, ONE, 2000), line(4, ONE, expense=300, description="延迟发货_扣款"),
        line(5, ONE, expense=9999, description="提现"), line(6, ONE, expense=1, description="没有见过"),
    )  # fmt: skip
    put_goods_cost(house, people.lin, people.shop_id, "s1", Fen(1500), date(2026, 1, 1), NOW)
    put_goods_cost(house, people.lin, people.shop_id, "s1", Fen(9000), date(2026, 3, 2), NOW)
    _weighed(house, people)
    with house.pool.connection() as tx:
        carriers.put_prices(tx, people.shop_id, [PriceBand("YTO", "浙江", 0, Fen(280))])
    for kind, fen in ((CostKind.RESEND, 500), (CostKind.GOODWILL_PAYMENT, 400)):
        note_cost(house, people.lin, people.shop_id, Cost(order_no=ONE, kind=kind, cause=CostCause.MISSING, fen=Fen(fen)), NOW)

    profit = _of(house, people)

    assert {part.name.value: part.fen for part in profit.parts} == {
        "profit_income": 12000,
        "profit_refund": -2000,
        "profit_fee": -72,
        "profit_deduction": -300,
        "profit_goods": -3000,  # as it was when the group formed
        "profit_freight": -280,
        "profit_aftersales": -500,  # the goodwill payment goes through the bill
    }
    assert profit.fen == 5848


def test_a_cancelled_order_costs_neither_goods_nor_freight(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE, **GOODS, stage="cancelled", shipped_at=None, tracking_no=None, refund="refunded", refund_amount=12000))

    assert _of(house, people).fen == 0


def test_a_refund_of_which_nobody_tells_the_sum_is_unknown_and_not_nothing(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE, **GOODS, stage="cancelled", shipped_at=None, tracking_no=None, refund="refunded"))

    profit = _of(house, people)

    assert (profit.fen, profit.unknown) == (None, (PartName.REFUND,))


def test_a_sheet_of_costs_is_taken_row_by_row(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, *SKUS, order(ONE, **GOODS), order(TWO, **{**GOODS, "sku_id": "s2"}))
    sheet = tmp_path / "costs.csv"
    sheet.write_text("商家编码,规格ID,成本\n,s1,15.00\n,s2,abc\n,s9,3\n,s1,\n", "utf-8")

    taken = take_cost_sheet(house, people.lin, people.shop_id, sheet, date(2026, 1, 1), NOW)

    assert (taken.kept, [one.place.row for one in taken.refused]) == (1, [3, 4])
    assert _of(house, people).part(PartName.GOODS).fen == -3000
    with pytest.raises(Refused):
        put_goods_cost(house, people.lin, people.shop_id, "s9", Fen(1), date(2026, 1, 1), NOW)


def test_the_page_lists_the_newest_first(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE), order(TWO, group_formed_at="2026-03-02 10:00:00"))

    first = profit_page(house, people.lin, people.shop_id, limit=1)
    second = profit_page(house, people.lin, people.shop_id, before=first.next_row, limit=1)

    assert [row.order.order_no for row in (*first.rows, *second.rows)] == [TWO, ONE]
    assert second.next_row is None


def _weighed(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        tx.execute(
            "insert into dispatches (shop_id, order_no, state, weight_g, moved_at) values (%s, %s, 'handed_over', 800, %s)",
            (people.shop_id, ONE, NOW),
        )
        assert dispatches.of_orders(tx, people.shop_id, [ONE])[ONE].weight_g == 800


def _of(house: House, people: Cast) -> Profit:
    with house.pool.connection() as tx:
        return profits(tx, people.shop_id, [ONE])[ONE]
