"""Which orders get papers: those that may leave, or that have left and need their label again."""

from datetime import UTC, datetime

import pytest

from zhanggui.core.decide.printing import not_to_print
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, OrderFacts, OrderStage, RefundState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TO_SHIP, SHIPPED = OrderStage.TO_SHIP, OrderStage.SHIPPED


def known(*cases: AftersaleFacts, **facts: object) -> OrderKnowledge:
    plain: dict[str, object] = {"order_no": "1", "stage": TO_SHIP, "pay_amount": Fen(2990)}
    return OrderKnowledge(order=OrderFacts(**(plain | facts)), data_as_of=NOW, cases=cases)  # type: ignore[arg-type]  # a test may tell anything


def case(state: AftersaleState, kind: AftersaleKind = AftersaleKind.REFUND_ONLY, **facts: object) -> AftersaleFacts:
    return AftersaleFacts(case_no="A1", order_no="1", state=state, kind=kind, **facts)  # type: ignore[arg-type]  # a test may tell anything


@pytest.mark.parametrize(
    "may",
    [
        known(),
        known(refund=RefundState.NONE, under_review=False, on_hold=False),
        known(stage=SHIPPED, tracking_no="YT1"),
        known(case(AftersaleState.REJECTED)),
        known(case(AftersaleState.CLOSED)),
        known(case(AftersaleState.SELLER_TO_ANSWER, AftersaleKind.EXCHANGE), refund=RefundState.OPEN),
        known(case(AftersaleState.REFUNDED, refund_amount=Fen(100))),
    ],
)
def test_it_prints_what_may_leave(may: OrderKnowledge) -> None:
    assert not_to_print(may) is None


@pytest.mark.parametrize(
    ("forbidden", "word"),
    [
        (known(stage=OrderStage.CANCELLED), "cancelled"),
        (known(refund=RefundState.REFUNDED), "going back"),
        (known(refund=RefundState.REFUNDING), "going back"),
        (known(refund=RefundState.OPEN), "money back"),
        (known(refund=RefundState.UNKNOWN), "not one we know"),
        (known(case(AftersaleState.SELLER_TO_ANSWER)), "money back"),
        (known(case(AftersaleState.PLATFORM_HANDLES, AftersaleKind.UNKNOWN)), "money back"),
        (known(case(AftersaleState.REFUNDED, refund_amount=Fen(2990))), "going back"),
        (known(under_review=True), "reviewing"),
        (known(on_hold=True), "on hold"),
        (known(stage=OrderStage.FORMING), "not formed"),
        (known(stage=OrderStage.RECEIVED), "received"),
        (known(stage=OrderStage.UNKNOWN), "not one we know"),
        (known(stage=None), "not one we know"),
    ],
)
def test_it_says_why_it_prints_nothing(forbidden: OrderKnowledge, word: str) -> None:
    for to_pick in (False, True):
        because = not_to_print(forbidden, to_pick=to_pick)

        assert because is not None
        assert word in because.text


def test_nothing_is_picked_for_what_has_left() -> None:
    because = not_to_print(known(stage=SHIPPED), to_pick=True)

    assert because is not None
    assert "shipped already" in because.text
