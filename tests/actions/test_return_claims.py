"""Return parcels that the carrier lost or broke are seen, claimed for, and known to the advice."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.actions.cases.telling import CASE, ORDER, case_told, order_told, platform_tells, scan_told
from tests.cast import Cast
from zhanggui.actions.advice.seeing import case_seen
from zhanggui.actions.claims.making import Particulars, begin_claim, step_claim
from zhanggui.actions.claims.seeing import ClaimsPage, claims_seen
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.advice.case import ReturnLeg
from zhanggui.core.claims.states import ClaimEvent, ClaimState, Leg, Loss
from zhanggui.core.facts import AftersaleKind, AftersaleState, ScanStage
from zhanggui.core.money import Fen
from zhanggui.core.verdicts import Act
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import claims
from zhanggui.records.claims import ClaimRecord
from zhanggui.records.platform_carriers import CarrierRecord, keep

NOW = datetime(2026, 3, 6, 2, tzinfo=UTC)
BACK = "SF2026030600017"
DAYS = timedelta(days=1)


def on_way_back(house: House, people: Cast, at: datetime = NOW, **more: object) -> None:
    """A bowl on its way back since 5 March, seen once by its carrier; as the platform tells it at a moment."""
    told = {
        "kind": AftersaleKind.RETURN_AND_REFUND,
        "state": AftersaleState.SELLER_TO_RECEIVE,
        "return_tracking_no": BACK,
        "return_carrier": "顺丰速运",
        "return_sent_at": NOW - DAYS,
        "applied_at": NOW - 2 * DAYS,
        "refund_amount": Fen(4990),
    }
    seen = scan_told(NOW - DAYS, tracking_no=BACK, text="【杭州网点】已揽收", stage=ScanStage.PICKED_UP)
    platform_tells(house, people.shop_id, [order_told(NOW - 5 * DAYS), case_told(at, **told | more), seen], at)


def page(house: House, people: Cast, at: datetime) -> ClaimsPage:
    return claims_seen(house, people.mei, people.shop_id, at)


def the_claim(house: House, people: Cast, claim_no: int) -> ClaimRecord:
    with house.pool.connection() as tx:
        found = claims.one(tx, people.shop_id, claim_no)
    assert found is not None
    return found


@pytest.mark.parametrize("code", [CASE, BACK, f" {BACK.lower()} "])
def test_it_claims_for_the_return_parcel_whichever_of_its_numbers_is_typed(house: House, people: Cast, code: str) -> None:
    on_way_back(house, people)

    claim = the_claim(house, people, begin_claim(house, people.mei, people.shop_id, code, Loss.LOST, NOW, Particulars(freight=Fen(800))))

    assert (claim.leg, claim.case_no, claim.order_no, claim.tracking_no, claim.carrier) == (Leg.RETURN, CASE, ORDER, BACK, "顺丰速运")
    assert (claim.goods_value, claim.asked, claim.noticed_at) == (4990, 4990, NOW)
    assert begin_claim(house, people.mei, people.shop_id, "", Loss.LOST, NOW, case_no=CASE) == claim.claim_no


def test_the_number_of_the_order_still_means_the_parcel_that_went_out(house: House, people: Cast) -> None:
    on_way_back(house, people)

    claim = the_claim(house, people, begin_claim(house, people.mei, people.shop_id, ORDER, Loss.LOST, NOW))

    assert (claim.leg, claim.case_no, claim.tracking_no) == (Leg.OUTGOING, None, "YT7600000000001")


def test_damage_on_the_way_back_counts_from_its_delivery(house: House, people: Cast) -> None:
    on_way_back(house, people, return_delivered_at=NOW - timedelta(hours=5))

    claim = the_claim(house, people, begin_claim(house, people.mei, people.shop_id, BACK, Loss.DAMAGED, NOW))

    assert claim.noticed_at == NOW - timedelta(hours=5)


def test_it_lists_a_return_parcel_once_it_was_silent_for_so_long_that_it_counts_as_lost(house: House, people: Cast) -> None:
    on_way_back(house, people)

    shown = {days: [(lost.case_no, lost.tracking_no, lost.value, lost.was_seen) for lost in page(house, people, NOW + days * DAYS).lost] for days in (8, 10)}

    assert shown == {8: [], 10: [(CASE, BACK, 4990, True)]}


def test_it_still_lists_it_after_the_money_went_back_by_time_out_until_it_is_claimed(house: House, people: Cast) -> None:
    on_way_back(house, people)
    later = NOW + 12 * DAYS
    on_way_back(house, people, NOW + 8 * DAYS, state=AftersaleState.REFUNDED)

    before = page(house, people, later).lost
    begin_claim(house, people.mei, people.shop_id, "", Loss.LOST, later, case_no=CASE)

    assert [lost.case_no for lost in before] == [CASE]
    assert page(house, people, later).lost == ()


def test_a_return_that_was_delivered_is_not_lost(house: House, people: Cast) -> None:
    on_way_back(house, people)
    arrived = scan_told(NOW, tracking_no=BACK, text="已签收", stage=ScanStage.DELIVERED)
    platform_tells(house, people.shop_id, [arrived], NOW)

    assert page(house, people, NOW + 30 * DAYS).lost == ()


def test_the_advice_knows_of_the_claim(house: House, people: Cast) -> None:
    on_way_back(house, people)
    before = case_seen(house, people.mei, people.shop_id, CASE, NOW).facts.return_leg
    claim_no = begin_claim(house, people.mei, people.shop_id, BACK, Loss.LOST, NOW)

    claimed = case_seen(house, people.mei, people.shop_id, CASE, NOW).facts.return_leg
    step_claim(house, people.mei, people.shop_id, claim_no, ClaimEvent.DROP, NOW)

    assert (before, claimed) == (ReturnLeg.ON_THE_WAY, ReturnLeg.LOST)
    assert case_seen(house, people.mei, people.shop_id, CASE, NOW).facts.return_leg is ReturnLeg.ON_THE_WAY


def test_a_return_that_arrived_after_it_was_claimed_as_lost_is_to_be_opened(house: House, people: Cast) -> None:
    on_way_back(house, people)
    begin_claim(house, people.mei, people.shop_id, BACK, Loss.LOST, NOW)
    on_way_back(house, people, NOW + DAYS, return_delivered_at=NOW + DAYS)

    seen = case_seen(house, people.mei, people.shop_id, CASE, NOW + DAYS)

    assert (seen.facts.return_leg, seen.verdict.act) == (ReturnLeg.DELIVERED, Act.INSPECT_RETURN)


def test_the_letter_says_that_the_shop_is_the_receiver(house: House, people: Cast) -> None:
    on_way_back(house, people)
    begin_claim(house, people.mei, people.shop_id, BACK, Loss.LOST, NOW)

    row = page(house, people, NOW).rows[0]

    assert row.letter is not None
    assert row.letter.zh.startswith(f"您好，顺丰速运：我方是单号{BACK}退货包裹的收件人，该包裹丢失，货值49.90元")
    assert row.state is ClaimState.TO_FILE


def test_it_refuses_what_names_no_return_parcel(house: House, people: Cast) -> None:
    on_way_back(house, people, return_tracking_no=None, return_sent_at=None)

    for code in (BACK, CASE, "260301-999999999999999", ""):
        with pytest.raises(Refused):
            begin_claim(house, people.mei, people.shop_id, code, Loss.LOST, NOW)
    with pytest.raises(NotAllowed):
        begin_claim(house, people.zheng, people.shop_id, CASE, Loss.LOST, NOW)


def test_the_to_do_of_a_return_that_stands_still_says_to_ask_then_to_claim(house: House, people: Cast) -> None:
    on_way_back(house, people, expire_at=NOW + 20 * DAYS)

    told = {days: case_seen(house, people.mei, people.shop_id, CASE, NOW + days * DAYS).verdict.act for days in (1, 3, 12)}

    assert told == {1: Act.INSPECT_RETURN, 3: Act.CHASE_CARRIER, 12: Act.CLAIM}


def test_where_no_event_was_ever_read_it_is_given_five_days(house: House, people: Cast) -> None:
    told = {"kind": AftersaleKind.RETURN_AND_REFUND, "state": AftersaleState.SELLER_TO_RECEIVE, "return_tracking_no": BACK, "expire_at": NOW + 20 * DAYS}
    platform_tells(house, people.shop_id, [order_told(NOW - 5 * DAYS), case_told(NOW, **told)], NOW)

    seen = {days: case_seen(house, people.mei, people.shop_id, CASE, NOW + days * DAYS).verdict.act for days in (4, 5)}

    assert seen == {4: Act.INSPECT_RETURN, 5: Act.CHASE_CARRIER}


@pytest.mark.parametrize(("number", "carrier"), [("YT8816402275913", "圆通快递"), ("123456", None)])
def test_a_carrier_that_no_source_names_is_told_by_the_shape_of_its_numbers(house: House, people: Cast, number: str, carrier: str | None) -> None:
    on_way_back(house, people, return_carrier=None, return_tracking_no=number)

    assert the_claim(house, people, begin_claim(house, people.mei, people.shop_id, CASE, Loss.LOST, NOW)).carrier == carrier


def test_a_carrier_told_by_the_shape_of_its_numbers_goes_by_the_name_of_the_platform_s_list(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        keep(tx, [CarrierRecord("85", "YTO", "圆通速递", is_available=True)], "https://gw-api.pinduoduo.com/api/router", NOW)

    on_way_back(house, people, return_carrier=None, return_tracking_no="YT8816402275913")

    assert the_claim(house, people, begin_claim(house, people.mei, people.shop_id, CASE, Loss.LOST, NOW)).carrier == "圆通速递"
