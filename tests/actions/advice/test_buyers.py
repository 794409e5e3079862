"""Who counts as having had many refunds: by orders, and not for what the shop or its carrier failed in."""

from datetime import timedelta
from typing import Any

import pytest

from tests.actions.cases.telling import case_told, order_told, platform_tells
from tests.actions.complaints.court import NOW
from tests.cast import Cast
from zhanggui.actions.advice.buyers import buyers_of
from zhanggui.actions.advice.findings import FoundOut, find_out
from zhanggui.actions.advice.learning import learn_in
from zhanggui.actions.claims.making import Particulars, begin_claim
from zhanggui.actions.house import House
from zhanggui.core.advice.case import Buyer, Fault
from zhanggui.core.claims.states import Loss
from zhanggui.core.facts import AftersaleKind, AftersaleState, OrderFacts
from zhanggui.core.money import Fen
from zhanggui.records.db import Tx, transact

SENT, PAID = NOW - timedelta(days=20), {"state": AftersaleState.REFUNDED, "status_code": 10, "shipped": True}
WHO: dict[str, Any] = {"receiver_masked": "张* 138****1234", "province": "浙江省", "city": "杭州市", "district": "余杭区"}


def _no(number: int) -> str:
    return f"260301-{number:015}"


def _buys(house: House, people: Cast, *cases: dict[str, Any]) -> None:
    """One buyer's orders, one for each of these cases and for each number among them."""
    numbers = {case.get("order", number) for number, case in enumerate(cases, 1)}
    told = [order_told(SENT, order_no=_no(number), tracking_no=f"YT{number:013}", **WHO) for number in numbers]
    for number, case in enumerate(cases, 1):
        facts = {name: value for name, value in case.items() if name != "order"}
        told.append(case_told(SENT + timedelta(days=1), case_no=str(number), order_no=_no(case.get("order", number)), **PAID | facts))
    platform_tells(house, people.shop_id, told, NOW)


def _counted(house: House, people: Cast) -> Buyer:
    def work(tx: Tx) -> Buyer:
        learn_in(tx, house, people.shop_id, NOW)
        return buyers_of(tx, people.shop_id, {"one": OrderFacts(order_no="one", **WHO)})["one"]

    return transact(house.pool, work)


def test_refunds_are_counted_by_order(house: House, people: Cast) -> None:
    back = {"reason": "质量问题", "kind": AftersaleKind.RETURN_AND_REFUND}
    _buys(house, people, {"reason": "质量问题"}, back | {"order": 1}, back, {"reason": "不想要了", "state": AftersaleState.CLOSED, "status_code": 12})

    assert _counted(house, people) == Buyer(orders=3, refunds=2, kept_goods=1)


@pytest.mark.parametrize(("reason", "shipped"), [("缺货", True), ("快递无跟踪记录", True), ("未按约定时间发货", True), ("不想要了", False)])
def test_what_the_shop_failed_in_or_never_sent_makes_nobody_a_refunder(house: House, people: Cast, reason: str, *, shipped: bool) -> None:
    _buys(house, people, *[{"reason": reason, "shipped": shipped}] * 3)

    assert _counted(house, people) == Buyer(orders=3)


def test_a_parcel_that_did_not_come_counts_unless_somebody_knows_that_it_was_lost(house: House, people: Cast) -> None:
    _buys(house, people, *[{"reason": "未收到货"}] * 3)
    before = _counted(house, people)
    find_out(house, people.mei, people.shop_id, "1", FoundOut(fault=Fault.CARRIER), NOW)
    find_out(house, people.mei, people.shop_id, "2", FoundOut(is_lost=True), NOW)
    found_out = _counted(house, people)
    begin_claim(house, people.mei, people.shop_id, _no(3), Loss.LOST, NOW, Particulars(goods_value=Fen(1200)))

    assert before == Buyer(orders=3, refunds=3, kept_goods=3)
    assert found_out == Buyer(orders=3, refunds=1, kept_goods=1)
    assert _counted(house, people) == Buyer(orders=3)
