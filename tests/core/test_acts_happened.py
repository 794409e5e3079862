"""Whether an act happened, by the facts: a table."""

import pytest

from zhanggui.core.acts import AgreeRefund, AgreeReturn, NoteOrder, ReportPrint, Request, Ship
from zhanggui.core.acts.grounds import Grounds, changed
from zhanggui.core.acts.happened import Happened, happened
from zhanggui.core.facts import AftersaleFacts, AftersaleState, OrderFacts, OrderStage, RefundState
from zhanggui.core.money import Fen

REFUND = AgreeRefund(order_no="1", case_no="9", amount=Fen(100))
RETURN = AgreeReturn(order_no="1", case_no="9")
SHIP = Ship(order_no="1", tracking_no="YT1", carrier="圆通快递")
NOTE = NoteOrder(order_no="1", note="装紧")
REPORT = ReportPrint(order_no="1", tracking_no="YT1", carrier_id="85")
S = AftersaleState


@pytest.mark.parametrize(
    ("request_", "state", "expected"),
    [
        (REFUND, S.SELLER_TO_ANSWER, Happened.NO),
        (REFUND, S.SELLER_TO_RECEIVE, Happened.NO),
        (REFUND, S.REFUNDED, Happened.YES),
        (REFUND, S.DONE, Happened.YES),
        (REFUND, S.CLOSED, Happened.OTHERWISE),
        (REFUND, S.REJECTED, Happened.OTHERWISE),
        (REFUND, S.PLATFORM_HANDLES, Happened.OTHERWISE),
        (REFUND, S.UNKNOWN, Happened.UNCLEAR),
        (REFUND, None, Happened.UNCLEAR),
        (RETURN, S.SELLER_TO_ANSWER, Happened.NO),
        (RETURN, S.BUYER_TO_SEND, Happened.YES),
        (RETURN, S.SELLER_TO_RECEIVE, Happened.YES),
        (RETURN, S.CLOSED, Happened.OTHERWISE),
        (RETURN, S.UNKNOWN, Happened.UNCLEAR),
    ],
)
def test_it_reads_the_state_of_the_case(request_: Request, state: AftersaleState | None, expected: Happened) -> None:
    assert happened(request_, OrderFacts(order_no="1"), AftersaleFacts(case_no="9", state=state)) is expected


def test_it_does_not_believe_a_case_that_its_order_contradicts() -> None:
    order = OrderFacts(order_no="1", refund=RefundState.REFUNDED)

    assert happened(REFUND, order, AftersaleFacts(case_no="9", state=S.SELLER_TO_ANSWER)) is Happened.UNCLEAR


@pytest.mark.parametrize(
    ("stage", "tracking_no", "expected"),
    [
        (OrderStage.TO_SHIP, None, Happened.NO),
        (OrderStage.TO_SHIP, "YT1", Happened.NO),
        (OrderStage.SHIPPED, "YT1", Happened.YES),
        (OrderStage.RECEIVED, "YT1", Happened.YES),
        (OrderStage.SHIPPED, "ZT2", Happened.OTHERWISE),
        (OrderStage.CANCELLED, None, Happened.OTHERWISE),
        (OrderStage.UNKNOWN, None, Happened.UNCLEAR),
        (None, None, Happened.UNCLEAR),
    ],
)
def test_it_reads_whether_the_order_left_with_our_number(stage: OrderStage | None, tracking_no: str | None, expected: Happened) -> None:
    assert happened(SHIP, OrderFacts(order_no="1", stage=stage, tracking_no=tracking_no), None) is expected


@pytest.mark.parametrize(
    ("stands", "before", "expected"),
    [("装紧", None, Happened.YES), (" 装紧 ", None, Happened.YES), (None, None, Happened.NO), ("旧", "旧", Happened.NO), ("别的", "旧", Happened.OTHERWISE)],
)
def test_it_reads_the_note(stands: str | None, before: str | None, expected: Happened) -> None:
    assert happened(NOTE, OrderFacts(order_no="1", seller_note=stands), None, before) is expected


def test_it_never_knows_of_a_printed_label_nor_of_what_nobody_told() -> None:
    assert happened(REPORT, OrderFacts(order_no="1", stage=OrderStage.TO_SHIP), None) is Happened.UNCLEAR
    assert happened(REFUND, None, None) is Happened.UNCLEAR
    assert happened(SHIP, None, None) is Happened.UNCLEAR


def test_it_tells_what_an_act_rested_on_and_no_longer_holds() -> None:
    same = changed(Grounds(state="seller_to_answer"), Grounds(state="seller_to_answer"))
    amount = changed(Grounds(refund_amount=Fen(100)), Grounds(refund_amount=Fen(90)))
    parcel = changed(Grounds(), Grounds(return_tracking_no="SF1"))

    assert same is None
    assert amount is not None
    assert amount.slots == {"before_fen": 100, "after_fen": 90}
    assert parcel is not None
    assert parcel.slots == {"fields": "return_tracking_no"}
