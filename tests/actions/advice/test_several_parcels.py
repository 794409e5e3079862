"""Money for an order in several parcels: nothing goes by itself while one may still reach the buyer, and no more is taken to be back than is."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.actions.cases.telling import ORDER, case_told, order_told, platform_tells, scan_told
from tests.actions.complaints.court import NOW
from tests.cast import Cast
from zhanggui.actions.advice.seeing import case_seen
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide, set_limits
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, AgreeRefund
from zhanggui.core.advice.case import CaseToAdvise, Goods, Stopping
from zhanggui.core.facts import AftersaleState, FurtherParcel, OrderStage, ParcelKind, ScanStage
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import RecallEvent
from zhanggui.people.permissions import operator
from zhanggui.records.db import transact

CASE, FIRST, SECOND = "9000002", "YT7600000000001", "YT7600000000002"
ASKED, SENT = NOW - timedelta(days=1), NOW - timedelta(days=4)
RECALLING: dict[str, Any] = {"state": AftersaleState.SELLER_TO_RECEIVE, "status_code": 33}


@pytest.fixture
def shop(house: House, people: Cast) -> House:
    """A shop that agrees to refunds by itself."""
    bounds: dict[str, Any] = {"level": ActLevel.ACT, "wait_minutes": 0, "most_money": Fen(100_000), "daily_money": Fen(1_000_000)}
    limits = msgspec.structs.replace(act_terms()[ActKind.REFUND_AGREE].limits, **bounds)
    set_limits(house, people.lin, people.shop_id, ActKind.REFUND_AGREE, limits, SENT)
    return house


def asks(shop: House, people: Cast, kind: ParcelKind = ParcelKind.EXTRA, **fields: Any) -> None:
    """An order in two parcels, whose buyer wants the money back."""
    told = {"case_no": CASE, "shipped": True, "reason": "不想要了", "refund_amount": Fen(3000), "applied_at": ASKED, "updated_at": ASKED}
    sent = order_told(SENT, further_parcels=(FurtherParcel(kind, "圆通快递", SECOND),))
    platform_tells(shop, people.shop_id, [sent, case_told(ASKED, **told | fields)], NOW)


def scanned(shop: House, people: Cast, number: str, *stages: ScanStage) -> None:
    """What the carrier tells of a parcel, a day after another."""
    scans = [scan_told(SENT + timedelta(days=day), tracking_no=number, text=stage.value, stage=stage) for day, stage in enumerate(stages, 1)]
    platform_tells(shop, people.shop_id, scans, NOW)


def goes(shop: House, people: Cast, *, by_itself: bool = True) -> int:
    request = AgreeRefund(order_no=ORDER, case_no=CASE, amount=Fen(3000))
    by = operator("worker") if by_itself else people.lin
    return transact(shop.pool, lambda tx: decide(tx, shop, by, people.shop_id, request, NOW, by_itself=by_itself))


def seen(shop: House, people: Cast) -> CaseToAdvise:
    return case_seen(shop, people.lin, people.shop_id, CASE, NOW).facts


def called_back(shop: House, people: Cast, number: str, *events: RecallEvent) -> None:
    recall_no = begin_recall(shop, people.lin, people.shop_id, number, "", NOW)
    for event in events:
        step_recall(shop, people.lin, people.shop_id, recall_no, event, NOW)


@pytest.mark.parametrize("kind", ParcelKind)
def test_nothing_goes_by_itself_while_a_further_parcel_may_still_arrive(shop: House, people: Cast, kind: ParcelKind) -> None:
    asks(shop, people, kind)
    scanned(shop, people, FIRST, ScanStage.RETURN_TO_SENDER)
    scanned(shop, people, SECOND, ScanStage.IN_TRANSIT)

    with pytest.raises(Refused, match="may still reach the buyer"):
        goes(shop, people)

    assert goes(shop, people, by_itself=False) > 0


@pytest.mark.parametrize("stage", [ScanStage.DELIVERED, ScanStage.RETURN_TO_SENDER])
def test_it_goes_once_the_further_parcel_has_arrived_or_comes_back(shop: House, people: Cast, stage: ScanStage) -> None:
    asks(shop, people)
    scanned(shop, people, FIRST, ScanStage.RETURN_TO_SENDER)
    scanned(shop, people, SECOND, ScanStage.IN_TRANSIT, stage)

    assert goes(shop, people) > 0


def test_it_goes_where_a_person_has_said_that_the_further_parcel_is_here(shop: House, people: Cast) -> None:
    asks(shop, people)
    scanned(shop, people, FIRST, ScanStage.RETURN_TO_SENDER)
    called_back(shop, people, SECOND, RecallEvent.TELL, RecallEvent.RECEIVE)

    assert goes(shop, people) > 0


def test_it_goes_where_the_buyer_has_received_the_order(shop: House, people: Cast) -> None:
    asks(shop, people)
    beside = (FurtherParcel(ParcelKind.EXTRA, "圆通快递", SECOND),)
    platform_tells(shop, people.shop_id, [order_told(ASKED, stage=OrderStage.RECEIVED, received_at=ASKED, further_parcels=beside)], NOW)

    assert goes(shop, people) > 0


@pytest.mark.parametrize(
    ("kind", "stages", "goods"),
    [
        (ParcelKind.EXTRA, [], Goods.ON_THE_WAY),
        (ParcelKind.RESEND, [ScanStage.IN_TRANSIT], Goods.ON_THE_WAY),
        (ParcelKind.EXTRA, [ScanStage.DELIVERED], Goods.DELIVERED),
        (ParcelKind.EXTRA, [ScanStage.REFUSED], Goods.COMING_BACK),
        (ParcelKind.GIFT, [ScanStage.DELIVERED], Goods.COMING_BACK),
    ],
)
def test_the_goods_come_back_only_where_all_of_them_do(shop: House, people: Cast, kind: ParcelKind, stages: list[ScanStage], goods: Goods) -> None:
    asks(shop, people, kind)
    scanned(shop, people, FIRST, ScanStage.REFUSED, ScanStage.RETURN_TO_SENDER)
    scanned(shop, people, SECOND, *stages)

    assert seen(shop, people).goods is goods


def test_no_money_goes_for_what_is_called_back_before_each_parcel_is_stopped(shop: House, people: Cast) -> None:
    asks(shop, people, **RECALLING)
    called_back(shop, people, FIRST, RecallEvent.TELL, RecallEvent.RECEIVE)
    one = seen(shop, people)
    with pytest.raises(Refused, match="being called back"):
        goes(shop, people, by_itself=False)
    called_back(shop, people, SECOND, RecallEvent.AGREE)
    stopped = seen(shop, people)
    called_back(shop, people, SECOND, RecallEvent.RECEIVE)

    assert (one.goods, one.stopping) == (Goods.ON_THE_WAY, Stopping.ASKED)
    assert (stopped.goods, stopped.stopping) == (Goods.ON_THE_WAY, Stopping.CONFIRMED)
    assert (seen(shop, people).goods, goes(shop, people) > 0) == (Goods.BACK, True)


@pytest.mark.parametrize("stages", [[ScanStage.DELIVERED], [ScanStage.REFUSED, ScanStage.DELIVERED]])
def test_what_the_buyer_has_of_it_was_not_stopped(shop: House, people: Cast, stages: list[ScanStage]) -> None:
    asks(shop, people, **RECALLING)
    scanned(shop, people, SECOND, *stages)
    called_back(shop, people, FIRST, RecallEvent.TELL, RecallEvent.RECEIVE)

    assert (seen(shop, people).goods, seen(shop, people).stopping) == (Goods.DELIVERED, Stopping.FAILED)


@pytest.mark.parametrize(("stage", "alone"), [(ScanStage.IN_TRANSIT, False), (ScanStage.DELIVERED, True)])
def test_the_page_says_that_a_person_has_to_send_it(shop: House, people: Cast, stage: ScanStage, *, alone: bool) -> None:
    asks(shop, people, ParcelKind.GIFT)
    scanned(shop, people, FIRST, ScanStage.RETURN_TO_SENDER)
    scanned(shop, people, SECOND, stage)

    found = case_seen(shop, people.lin, people.shop_id, CASE, NOW)

    assert [(each.kind, each.by_itself) for each in found.proposals] == [(ActKind.REFUND_AGREE, alone)]
