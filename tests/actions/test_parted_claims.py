"""Parcels of an order that went in several are claimed for by their own numbers, at what a person says they are worth."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.actions.cases.telling import ORDER, order_told, platform_tells, scan_told
from tests.cast import Cast
from zhanggui.actions.chasing.gathering import to_chase
from zhanggui.actions.claims.making import Particulars, begin_claim
from zhanggui.actions.claims.seeing import claims_seen
from zhanggui.actions.house import House
from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import settle
from zhanggui.core.claims.states import Leg, Loss
from zhanggui.core.facts import FurtherParcel, ParcelKind, ScanStage
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import RecallEvent
from zhanggui.records import claims
from zhanggui.records.claims import ClaimRecord

NOW = datetime(2026, 3, 6, 2, tzinfo=UTC)
OWN, FURTHER = "YT7600000000001", "78912345678901"
WORTH = Particulars(goods_value=Fen(2000))


def leaves(house: House, people: Cast, kind: ParcelKind) -> None:
    """An order whose own parcel has another beside it, which was delivered five hours ago."""
    order = order_told(NOW - timedelta(days=5), further_parcels=(FurtherParcel(kind, "中通快递", FURTHER),))
    arrived = scan_told(NOW - timedelta(hours=5), tracking_no=FURTHER, text="已签收", stage=ScanStage.DELIVERED)
    platform_tells(house, people.shop_id, [order, arrived], NOW)


def claimed(house: House, people: Cast, code: str, told: Particulars | None = None, loss: Loss = Loss.LOST) -> ClaimRecord:
    claim_no = begin_claim(house, people.mei, people.shop_id, code, loss, NOW, told)
    with house.pool.connection() as tx:
        found = claims.one(tx, people.shop_id, claim_no)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", ParcelKind)
def test_a_parcel_beside_the_orders_own_is_claimed_by_its_number(house: House, people: Cast, kind: ParcelKind) -> None:
    leaves(house, people, kind)

    with pytest.raises(Refused, match=r"worth"):
        claimed(house, people, FURTHER)
    claim = claimed(house, people, f" {FURTHER} ", WORTH, Loss.DAMAGED)

    assert (claim.order_no, claim.tracking_no, claim.carrier, claim.leg) == (ORDER, FURTHER, "中通快递", Leg.OUTGOING)
    assert (claim.goods_value, claim.noticed_at) == (2000, NOW - timedelta(hours=5))


def test_the_homecoming_of_a_parcel_beside_the_orders_own_is_no_delivery(house: House, people: Cast) -> None:
    order = order_told(NOW - timedelta(days=5), further_parcels=(FurtherParcel(ParcelKind.EXTRA, "中通快递", FURTHER),))
    sent_back = scan_told(NOW - timedelta(hours=9), tracking_no=FURTHER, text="退回件", stage=ScanStage.RETURN_TO_SENDER)
    home = scan_told(NOW - timedelta(hours=5), tracking_no=FURTHER, text="已签收", stage=ScanStage.DELIVERED)
    platform_tells(house, people.shop_id, [order, sent_back, home], NOW)

    claim = claimed(house, people, FURTHER, WORTH, Loss.DAMAGED)

    assert claim.noticed_at == NOW


def test_the_number_of_an_order_in_several_parcels_means_none_of_them(house: House, people: Cast) -> None:
    leaves(house, people, ParcelKind.EXTRA)

    with pytest.raises(Refused, match=r"several parcels"):
        claimed(house, people, ORDER, WORTH)
    with pytest.raises(Refused, match=r"worth"):
        claimed(house, people, OWN)
    claim = claimed(house, people, OWN, WORTH)

    assert (claim.tracking_no, claim.goods_value) == (OWN, 2000)


def test_what_was_sent_beside_a_whole_order_takes_nothing_from_its_value(house: House, people: Cast) -> None:
    leaves(house, people, ParcelKind.GIFT)

    claim = claimed(house, people, ORDER)

    assert (claim.tracking_no, claim.goods_value) == (OWN, 5990)


def test_a_claim_for_one_parcel_leaves_the_other_of_its_order_among_the_lost(house: House, people: Cast) -> None:
    order = order_told(NOW - timedelta(days=20), further_parcels=(FurtherParcel(ParcelKind.EXTRA, "中通快递", FURTHER),))
    seen = scan_told(NOW - timedelta(days=19), tracking_no=OWN, text="已揽收", stage=ScanStage.PICKED_UP)
    platform_tells(house, people.shop_id, [order, seen], NOW)
    settle(house, [people.shop_id], NOW)

    claimed(house, people, FURTHER, WORTH)
    (lost,) = claims_seen(house, people.mei, people.shop_id, NOW).lost
    claimed(house, people, lost.tracking_no, WORTH)

    # nobody knows what lay in it, so its value is asked for
    assert (lost.tracking_no, lost.value) == (OWN, None)
    assert claims_seen(house, people.mei, people.shop_id, NOW).lost == ()


def test_a_second_parcel_that_stands_still_is_to_be_asked_about_and_among_the_lost_though_the_first_arrived(house: House, people: Cast) -> None:
    order = order_told(NOW - timedelta(days=20), further_parcels=(FurtherParcel(ParcelKind.EXTRA, "中通快递", FURTHER),))
    first = scan_told(NOW - timedelta(days=17), tracking_no=OWN, text="已签收", stage=ScanStage.DELIVERED)
    second = scan_told(NOW - timedelta(days=19), tracking_no=FURTHER, text="已揽收", stage=ScanStage.PICKED_UP)
    platform_tells(house, people.shop_id, [order, first, second], NOW)
    settle(house, [people.shop_id], NOW)

    (still,) = to_chase(house, people.mei, people.shop_id, NOW).beside
    (lost,) = claims_seen(house, people.mei, people.shop_id, NOW).lost
    claimed(house, people, lost.tracking_no, WORTH)

    told = (ORDER, FURTHER, "中通快递", NOW - timedelta(days=19), "山核桃 500g")
    assert (still.order_no, still.tracking_no, still.carrier, still.since, still.title) == told
    assert (lost.order_no, lost.tracking_no, lost.carrier, lost.since, lost.title, lost.value) == (*told, None)
    assert to_chase(house, people.mei, people.shop_id, NOW).beside == ()
    assert claims_seen(house, people.mei, people.shop_id, NOW).lost == ()


def test_a_second_parcel_that_is_here_again_is_neither_asked_about_nor_among_the_lost(house: House, people: Cast) -> None:
    order = order_told(NOW - timedelta(days=20), further_parcels=(FurtherParcel(ParcelKind.EXTRA, "中通快递", FURTHER),))
    first = scan_told(NOW - timedelta(days=17), tracking_no=OWN, text="已签收", stage=ScanStage.DELIVERED)
    second = scan_told(NOW - timedelta(days=19), tracking_no=FURTHER, text="已揽收", stage=ScanStage.PICKED_UP)
    platform_tells(house, people.shop_id, [order, first, second], NOW)

    def listed() -> tuple[int, int]:
        return len(to_chase(house, people.mei, people.shop_id, NOW).beside), len(claims_seen(house, people.mei, people.shop_id, NOW).lost)

    recall_no = begin_recall(house, people.mei, people.shop_id, FURTHER, "", NOW)
    found = [listed()]
    for event in (RecallEvent.TELL, RecallEvent.RECEIVE):
        step_recall(house, people.mei, people.shop_id, recall_no, event, NOW)
    found.append(listed())
    begin_recall(house, people.mei, people.shop_id, FURTHER, "点错了", NOW)
    found.append(listed())

    assert found == [(1, 1), (0, 0), (1, 1)]
