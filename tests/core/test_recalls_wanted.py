"""Whether a parcel under way should come back: what the buyer sends back himself need not, what nobody sends back must."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.core.dispatch.judging import asks_for_recall
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, ClaimedReceipt, OrderFacts, OrderStage, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.recalls.needing import is_received, needless, scans_under
from zhanggui.core.recalls.states import RecallEvent, RecallState, recall_after, recall_stands

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
LEFT = Dispatch(order_no="O1", state=DispatchState.HANDED_OVER, tracking_no="YT1")
PAID = AftersaleFacts(case_no="S1", order_no="O1", kind=AftersaleKind.REFUND_ONLY, state=AftersaleState.REFUNDED)


def sent_back(state: AftersaleState, **fields: Any) -> AftersaleFacts:
    return AftersaleFacts(case_no="S2", order_no="O1", kind=AftersaleKind.RETURN_AND_REFUND, state=state, **fields)


def known(*cases: AftersaleFacts, scans: tuple[ScanFacts, ...] = ()) -> OrderKnowledge:
    return OrderKnowledge(order=OrderFacts(order_no="O1", stage=OrderStage.SHIPPED, tracking_no="YT1"), data_as_of=NOW, cases=cases, scans=scans)


@pytest.mark.parametrize("state", [AftersaleState.CLOSED, AftersaleState.REJECTED])
def test_a_return_that_came_to_nothing_keeps_no_parcel_away_whose_money_has_gone(state: AftersaleState) -> None:
    assert asks_for_recall(LEFT, known(sent_back(state), PAID)) is not None
    assert needless("YT1", LEFT, known(sent_back(state), PAID)) is None


@pytest.mark.parametrize(
    "state", [AftersaleState.SELLER_TO_ANSWER, AftersaleState.BUYER_TO_SEND, AftersaleState.SELLER_TO_RECEIVE, AftersaleState.PLATFORM_HANDLES]
)
def test_what_the_buyer_is_to_send_back_is_not_called_back(state: AftersaleState) -> None:
    because = needless("YT1", LEFT, known(sent_back(state), PAID))

    assert asks_for_recall(LEFT, known(sent_back(state), PAID)) is None
    assert because is not None
    assert because.text == "The buyer sends the goods back himself."


def test_a_withdrawn_return_alone_says_that_the_money_is_asked_back_no_more() -> None:
    because = needless("YT1", LEFT, known(sent_back(AftersaleState.CLOSED)))

    assert because is not None
    assert because.text == "The buyer asks for the money back no more."


@pytest.mark.parametrize("had", [{"return_tracking_no": "ZT9"}, {"return_sent_at": NOW}, {"claimed_receipt": ClaimedReceipt.RECEIVED}])
def test_a_return_that_was_paid_for_goods_the_buyer_had_calls_nothing_back(had: dict[str, Any]) -> None:
    assert asks_for_recall(LEFT, known(sent_back(AftersaleState.REFUNDED, **had))) is None


def test_a_return_that_was_paid_while_the_parcel_was_under_way_does() -> None:
    arrived = ScanFacts(tracking_no="YT1", at=NOW, text="已签收", stage=ScanStage.DELIVERED)

    assert asks_for_recall(LEFT, known(sent_back(AftersaleState.REFUNDED))) is not None
    assert asks_for_recall(LEFT, known(sent_back(AftersaleState.REFUNDED), scans=(arrived,))) is None


def test_what_the_carrier_has_delivered_is_not_called_back_and_a_recall_of_it_was_not_needless() -> None:
    arrived = ScanFacts(tracking_no="YT1", at=NOW, text="已签收", stage=ScanStage.DELIVERED)
    other = ScanFacts(tracking_no="YT2", at=NOW, text="已签收", stage=ScanStage.DELIVERED)
    turned = ScanFacts(tracking_no="YT1", at=NOW + timedelta(hours=1), text="退回", stage=ScanStage.RETURN_TO_SENDER)

    assert asks_for_recall(LEFT, known(PAID)) is not None
    assert asks_for_recall(LEFT, known(PAID, scans=(other,))) is not None
    assert asks_for_recall(LEFT, known(PAID, scans=(arrived,))) is None
    assert asks_for_recall(LEFT, known(PAID, scans=(turned, arrived))) is not None
    assert needless("YT1", LEFT, known(PAID, scans=(arrived,))) is None


@pytest.mark.parametrize(
    ("stage", "tracking_no", "has_it"), [(OrderStage.RECEIVED, "YT1", True), (OrderStage.SHIPPED, "YT1", False), (OrderStage.RECEIVED, "YT2", False)]
)
def test_a_buyer_has_the_parcel_of_an_order_that_counts_as_received(stage: OrderStage, tracking_no: str, *, has_it: bool) -> None:
    order = OrderFacts(order_no="O1", stage=stage, tracking_no="YT1")

    assert is_received(tracking_no, OrderKnowledge(order=order, data_as_of=NOW)) is has_it


@pytest.mark.parametrize(
    ("stages", "received_at", "stands"),
    [
        ([ScanStage.REFUSED, ScanStage.DELIVERED], None, RecallState.COMING_BACK),
        ([ScanStage.REFUSED, ScanStage.DELIVERED], NOW, RecallState.FAILED),
        ([ScanStage.DELIVERED], None, RecallState.FAILED),
        ([], None, RecallState.FAILED),
    ],
)
def test_a_signature_after_the_refusal_that_moved_the_order_on_as_well_fails_no_recall(
    stages: list[ScanStage], received_at: datetime | None, stands: RecallState
) -> None:
    order = OrderFacts(order_no="O1", stage=OrderStage.RECEIVED, tracking_no="YT1", received_at=received_at)
    scans = tuple(ScanFacts(tracking_no="YT1", at=NOW + timedelta(days=day), text="", stage=stage) for day, stage in enumerate(stages))
    told = OrderKnowledge(order=order, data_as_of=NOW, scans=scans)

    assert recall_stands(RecallState.AGREED, scans_under("YT1", told), is_received=is_received("YT1", told)) is stands


@pytest.mark.parametrize(
    ("days", "stands"),
    [
        ({ScanStage.REFUSED: 0, ScanStage.DELIVERED: 1}, RecallState.FAILED),
        ({ScanStage.REFUSED: 0, ScanStage.DELIVERED: 3}, RecallState.COMING_BACK),
        ({ScanStage.REFUSED: 0}, RecallState.COMING_BACK),
        ({ScanStage.REFUSED: 0, ScanStage.DELIVERED: 1, ScanStage.RETURN_TO_SENDER: 3}, RecallState.COMING_BACK),
    ],
    ids=["signed for before", "signed for later", "refused only", "on its way back after all"],
)
def test_a_person_says_that_the_buyer_signed_for_what_he_had_refused(days: dict[ScanStage, int], stands: RecallState) -> None:
    scans = [ScanFacts(tracking_no="YT1", at=NOW + timedelta(days=day), text="", stage=stage) for stage, day in days.items()]
    said = recall_after(RecallState.COMING_BACK, RecallEvent.SIGN)

    assert recall_stands(said, scans, said_at=NOW + timedelta(days=2)) is stands
