"""Of an order in several parcels: what is called back, what still has to come, and what may still reach the buyer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from zhanggui.core.acts import AgreeRefund, CancelSending, Ship
from zhanggui.core.dispatch import Dispatch, DispatchState
from zhanggui.core.dispatch.acting import not_by_itself
from zhanggui.core.dispatch.judging import asks_for_recall
from zhanggui.core.dispatch.parcels import awaited_with, may_still_arrive, not_called_back, numbers_of_goods, to_call_back
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, FurtherParcel, OrderFacts, OrderStage, ParcelKind, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.recalls.needing import needless

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
PAID = AftersaleFacts(case_no="S1", order_no="O1", kind=AftersaleKind.REFUND_ONLY, state=AftersaleState.REFUNDED)
SECOND, THIRD = FurtherParcel(ParcelKind.EXTRA, "中通快递", "YT2"), FurtherParcel(ParcelKind.GIFT, None, "YT3")
LEFT = Dispatch(order_no="O1", state=DispatchState.HANDED_OVER, carrier="圆通快递", tracking_no="YT1", printed_at=NOW, further=(SECOND, THIRD))
HOME = Dispatch(order_no="O1", state=DispatchState.RECALLED, tracking_no="YT1", further=(SECOND,))


def way(number: str, *stages: ScanStage) -> tuple[ScanFacts, ...]:
    return tuple(ScanFacts(tracking_no=number, at=NOW + timedelta(hours=hour), text="", stage=stage) for hour, stage in enumerate(stages))


def known(*scans: ScanFacts, dispatch: Dispatch | None = LEFT, back: tuple[str, ...] = (), called: tuple[str, ...] = (), **order: Any) -> OrderKnowledge:
    facts = OrderFacts(**{"order_no": "O1", "stage": OrderStage.SHIPPED, "tracking_no": "YT1"} | order)
    recalled = frozenset((*called, *back))
    return OrderKnowledge(order=facts, data_as_of=NOW, cases=(PAID,), scans=scans, dispatch=dispatch, called_back=recalled, back=frozenset(back))


def test_each_parcel_of_goods_is_called_back_with_its_carrier() -> None:
    assert to_call_back(LEFT, known()) == (("圆通快递", "YT1"), ("中通快递", "YT2"))
    assert to_call_back(LEFT, known(*way("YT1", ScanStage.DELIVERED))) == (("中通快递", "YT2"),)
    assert to_call_back(LEFT, known(back=("YT2",))) == (("圆通快递", "YT1"),)
    assert to_call_back(Dispatch(order_no="O1", carrier="圆通快递"), known()) == (("圆通快递", ""),)


def test_what_was_noted_later_is_called_back_once() -> None:
    assert not_called_back(LEFT, known(called=("YT1",))) == (("中通快递", "YT2"),)
    assert not_called_back(LEFT, known(called=("YT1", "YT2"))) == ()
    assert not_called_back(LEFT, known(*way("YT2", ScanStage.DELIVERED), back=("YT1",))) == ()
    assert not_called_back(Dispatch(order_no="O1", state=DispatchState.HANDED_OVER, tracking_no="YT1"), known()) == ()


@pytest.mark.parametrize(
    ("scans", "back", "asks"),
    [
        ((), (), True),
        (way("YT1", ScanStage.DELIVERED), (), True),
        (way("YT2", ScanStage.DELIVERED), (), True),
        (way("YT1", ScanStage.DELIVERED) + way("YT2", ScanStage.DELIVERED), (), False),
        (way("YT1", ScanStage.DELIVERED), ("YT2",), False),
        ((), ("YT1", "YT2"), True),
    ],
    ids=[
        "both out",
        "the first delivered",
        "the other delivered",
        "both delivered",
        "one delivered, the other here",
        "both here, and nobody said so of the order",
    ],
)
def test_an_order_is_asked_back_while_any_parcel_of_it_is_out(scans: tuple[ScanFacts, ...], back: tuple[str, ...], *, asks: bool) -> None:
    assert (asks_for_recall(LEFT, known(*scans, back=back)) is not None) is asks


def test_nothing_is_asked_back_of_an_order_that_was_received() -> None:
    assert asks_for_recall(LEFT, known(received_at=NOW)) is None


def test_a_further_parcel_need_not_come_back_once_the_money_is_asked_for_no_more() -> None:
    because = needless("YT2", LEFT, OrderKnowledge(order=OrderFacts(order_no="O1", stage=OrderStage.SHIPPED), data_as_of=NOW))

    assert because is not None
    assert because.text == "The buyer asks for the money back no more."
    assert needless("YT2", LEFT, known()) is None
    assert needless("YT9", LEFT, OrderKnowledge(order=OrderFacts(order_no="O1", stage=OrderStage.SHIPPED), data_as_of=NOW)) is None


def test_the_others_are_awaited_until_they_are_here_gifts_aside() -> None:
    assert (awaited_with("YT1", LEFT, known()), awaited_with("YT2", LEFT, known())) == (("YT2",), ("YT1",))
    assert awaited_with("YT1", LEFT, known(back=("YT2",))) == ()


@pytest.mark.parametrize(
    ("told", "numbers"),
    [
        ({}, ("YT1", "YT2")),
        ({"dispatch": None, "further_parcels": (SECOND, THIRD)}, ("YT1", "YT2")),
        ({"dispatch": Dispatch(order_no="O1", further=(SECOND,))}, ("YT1", "YT2")),
        ({"tracking_no": "YT0"}, ("YT1", "YT2")),
        ({"dispatch": None}, ("YT1",)),
    ],
    ids=["by its labels", "by the platform", "noted by hand", "a new label", "in one parcel"],
)
def test_the_goods_left_under_these_numbers(told: dict[str, Any], numbers: tuple[str, ...]) -> None:
    assert numbers_of_goods(known(**told)) == numbers


@pytest.mark.parametrize(
    ("scans", "told", "out"),
    [
        ((), {}, ("YT2", "YT3")),
        (way("YT2", ScanStage.REFUSED) + way("YT3", ScanStage.DELIVERED), {}, ("YT2",)),
        (way("YT2", ScanStage.REFUSED, ScanStage.RETURN_TO_SENDER), {"back": ("YT3",)}, ()),
        ((), {"received_at": NOW}, ()),
        ((), {"dispatch": None, "further_parcels": (SECOND,)}, ("YT2",)),
        ((), {"dispatch": Dispatch(order_no="O1", state=DispatchState.DESTROYED, tracking_no="YT1", further=(SECOND, THIRD))}, ("YT3",)),
        ((), {"dispatch": HOME, "back": ("YT1", "YT2")}, ()),
        ((), {"dispatch": HOME, "back": ("YT2",), "called": ("YT1",)}, ("YT1",)),
    ],
)
def test_further_parcels_may_still_reach_the_buyer(scans: tuple[ScanFacts, ...], told: dict[str, Any], out: tuple[str, ...]) -> None:
    assert may_still_arrive(known(*scans, **told)) == out


def test_only_money_waits_for_a_person() -> None:
    why = [
        not_by_itself(AgreeRefund(order_no="O1", case_no="S1", amount=Fen(1)), known()),
        not_by_itself(CancelSending(order_no="O1", case_no="S1", amount=Fen(1)), known()),
        not_by_itself(Ship(order_no="O1", tracking_no="YT1", carrier="圆通快递"), known()),
    ]

    assert [each is not None for each in why] == [True, True, False]
