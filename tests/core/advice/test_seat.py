"""Where advice sees the goods: what went home to the shop did not reach the buyer, whoever signed for it, and what is sent back had left."""

from typing import Any

import msgspec
import pytest

from tests.core.golden import moment
from zhanggui import rulebook
from zhanggui.core.advice.case import CaseToAdvise, Goods
from zhanggui.core.advice.seat import Beside, Seat, case_to_advise
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, ClaimedReceipt, OrderFacts, OrderStage, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen

RULES = rulebook.load()
NOW = moment("2026-03-09 08:00:00")
CASE = AftersaleFacts(case_no="S1", order_no="O1", kind=AftersaleKind.REFUND_ONLY, state=AftersaleState.SELLER_TO_ANSWER, refund_amount=Fen(5990))


def scan(day: int, stage: ScanStage) -> ScanFacts:
    return ScanFacts(tracking_no="YT1", at=moment(f"2026-03-{day:02d} 08:00:00"), text="", stage=stage)


DELIVERED, SENT_BACK, HOME = scan(4, ScanStage.DELIVERED), scan(5, ScanStage.RETURN_TO_SENDER), scan(8, ScanStage.DELIVERED)


def seen(*scans: ScanFacts, stage: OrderStage = OrderStage.SHIPPED, is_back: bool = False) -> CaseToAdvise:
    received_at = NOW if stage is OrderStage.RECEIVED else None
    order = OrderFacts(order_no="O1", stage=stage, tracking_no="YT1", shipped_at=moment("2026-03-02 08:00:00"), received_at=received_at)
    seat = Seat(terms=RULES.advice.terms, beside={"S1": Beside(is_back=is_back)})
    return case_to_advise(CASE, OrderKnowledge(order=order, data_as_of=NOW, scans=scans, cases=(CASE,)), seat, None, NOW, RULES)


@pytest.mark.parametrize("stage", [OrderStage.SHIPPED, OrderStage.RECEIVED])
def test_what_the_shop_signed_for_itself_is_coming_back(stage: OrderStage) -> None:
    found = seen(scan(4, ScanStage.REFUSED), SENT_BACK, HOME, stage=stage)

    assert (found.goods, found.delivered_at) == (Goods.COMING_BACK, None)


def test_it_is_back_where_somebody_said_so() -> None:
    assert seen(SENT_BACK, HOME, is_back=True).goods is Goods.BACK


def test_what_was_delivered_first_was_delivered_then() -> None:
    assert seen(DELIVERED, SENT_BACK, HOME).delivered_at == DELIVERED.at


def test_a_refusal_alone_may_be_followed_by_a_delivery() -> None:
    found = seen(scan(3, ScanStage.REFUSED), DELIVERED)

    assert (found.goods, found.delivered_at) == (Goods.DELIVERED, DELIVERED.at)


def unknown(**fields: Any) -> Goods:
    """Where the goods of a case are whose order nobody knows."""
    case = msgspec.structs.replace(CASE, **fields)
    return case_to_advise(case, None, Seat(terms=RULES.advice.terms), None, NOW, RULES).goods


@pytest.mark.parametrize("kind", [AftersaleKind.RETURN_AND_REFUND, AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR])
def test_what_is_asked_only_of_goods_that_were_sent_tells_that_they_left(kind: AftersaleKind) -> None:
    assert unknown(kind=kind) is Goods.DELIVERED
    assert unknown(kind=kind, reason="物流太慢") is Goods.ON_THE_WAY
    assert unknown(kind=kind, claimed_receipt=ClaimedReceipt.NOT_RECEIVED) is Goods.ON_THE_WAY
    assert unknown(kind=kind, shipped=True) is Goods.ON_THE_WAY
    assert unknown(kind=kind, shipped=False) is Goods.NOT_PRINTED


def test_a_receipt_that_the_buyer_ticked_tells_that_they_came() -> None:
    assert unknown() is Goods.NOT_PRINTED
    assert unknown(claimed_receipt=ClaimedReceipt.RECEIVED) is Goods.DELIVERED
    assert unknown(claimed_receipt=ClaimedReceipt.RECEIVED, shipped=False) is Goods.NOT_PRINTED


@pytest.mark.parametrize("reason", ["少件/漏发", "卖家发错货", "质量问题", "与描述不符", "假冒品牌", "包装破损"])
def test_a_complaint_of_what_lay_in_the_parcel_tells_that_it_came(reason: str) -> None:
    assert unknown(reason=reason) is Goods.DELIVERED
    assert unknown(reason=reason, shipped=True) is Goods.ON_THE_WAY
    assert unknown(reason=reason, shipped=False) is Goods.NOT_PRINTED
    assert unknown(reason=reason, claimed_receipt=ClaimedReceipt.NOT_RECEIVED) is Goods.NOT_PRINTED


@pytest.mark.parametrize("reason", ["不想要了", "其他", "物流太慢", "缺货"])
def test_any_other_reason_tells_nothing_of_the_goods(reason: str) -> None:
    assert unknown(reason=reason) is Goods.NOT_PRINTED
