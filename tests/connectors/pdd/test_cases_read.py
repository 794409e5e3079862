"""An after-sales case off the wire becomes facts, though the list and the case itself code and count differently."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.connectors.pdd.samples import ORDER_SN, detailed, listed, wire
from zhanggui.connectors.pdd.case_facts import case_sighting, doubt_of, listed_alone
from zhanggui.connectors.pdd.values import OddWire
from zhanggui.connectors.pdd.wording import words
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, ClaimedReceipt, InstantRefund
from zhanggui.core.money import Fen

ASKED_AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
EXPIRES_AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FROM_LIST = AftersaleFacts(
    case_no="30000000007",
    order_no=ORDER_SN,
    kind=AftersaleKind.RETURN_AND_REFUND,
    state=AftersaleState.SELLER_TO_ANSWER,
    kind_text="退货退款",
    state_text="退货退款，待商家处理",
    reason="质量问题",
    applied_at=ASKED_AT,
    updated_at=ASKED_AT,
    order_amount=Fen(5231),
    refund_amount=Fen(5231),
    goods_id="560009000000",
    status_code=3,
    is_instant=False,
)


def of_list(**changes: Any) -> AftersaleFacts:
    return case_sighting(listed=wire(listed(**changes))).facts


def of_detail(**changes: Any) -> AftersaleFacts:
    return case_sighting(detailed=wire(detailed(**changes))).facts


def test_it_reads_a_case_of_the_list_in_yuan_and_shanghai_time() -> None:
    sighting = case_sighting(listed=wire(listed()))

    assert sighting.facts == FROM_LIST
    assert "expire_at" not in sighting.given
    assert "shipped" not in sighting.given
    assert sighting.as_of == ASKED_AT


def test_it_reads_the_case_itself_in_fen_and_milliseconds() -> None:
    sighting = case_sighting(detailed=wire(detailed()))

    told = sighting.facts
    assert (told.order_amount, told.refund_amount, told.expire_at, told.shipped, told.updated_at) == (5231, 5231, EXPIRES_AT, True, ASKED_AT)
    assert "applied_at" not in sighting.given  # recreated_at may be a later asking: the list tells when it began
    assert sighting.as_of == ASKED_AT


@pytest.mark.parametrize(
    ("in_list", "in_detail", "kind"),
    [
        (2, 1, AftersaleKind.REFUND_ONLY),
        (3, 2, AftersaleKind.RETURN_AND_REFUND),
        (4, 3, AftersaleKind.EXCHANGE),
        (5, 4, AftersaleKind.RESEND),
        (6, 5, AftersaleKind.REPAIR),
    ],
)
def test_it_minds_the_two_numberings_of_kinds(in_list: int, in_detail: int, kind: AftersaleKind) -> None:
    assert of_list(after_sales_type=in_list).kind is kind
    assert of_detail(after_sales_type=str(in_detail)).kind is kind


def test_it_keeps_unknown_numbers_visible() -> None:
    told = of_list(after_sales_type=1, after_sales_status=19)

    assert (told.kind, told.kind_text) == (AftersaleKind.UNKNOWN, "after_sales_type 1")
    assert (told.state, told.state_text) == (AftersaleState.UNKNOWN, "after_sales_status 19")
    assert of_detail(after_sales_type=6).kind is AftersaleKind.UNKNOWN


def test_it_knows_every_documented_state() -> None:
    assert sorted(words().after_sales_status) == [*range(2, 19), 21, 22, 24, 25, 27, 31, 32, 33]


def test_it_sees_that_the_goods_are_on_their_way_back() -> None:
    assert of_list(tracking_number="YT7600000000009").state is AftersaleState.SELLER_TO_RECEIVE
    assert of_detail(express_no="YT7600000000009").state is AftersaleState.SELLER_TO_RECEIVE
    assert of_detail(express_no="YT7600000000009").return_tracking_no == "YT7600000000009"
    assert of_list(tracking_number="YT7600000000009", after_sales_type=2, after_sales_status=2).state is AftersaleState.SELLER_TO_ANSWER


@pytest.mark.parametrize("written", ["2026-11-21 09:00:00", 1795222800, "1795222800", 1795222800000])
def test_it_takes_the_list_s_moments_however_they_are_written(written: object) -> None:
    assert of_list(updated_time=written).updated_at == ASKED_AT


def test_it_joins_the_list_and_the_case_itself_into_one() -> None:
    joined = case_sighting(wire(listed()), wire(detailed()))

    assert joined.facts.applied_at == ASKED_AT
    assert joined.facts.expire_at == EXPIRES_AT
    assert joined.facts.shipped is True
    assert joined.as_of == ASKED_AT


def test_it_lets_the_newer_of_both_count_and_drops_a_limit_of_the_turn_before() -> None:
    later = listed(after_sales_status=7, updated_time="2026-11-21 10:00:00")

    joined = case_sighting(wire(later), wire(detailed()))

    assert joined.facts.state is AftersaleState.BUYER_TO_SEND
    assert joined.facts.expire_at is None
    assert "expire_at" in joined.given  # one that was known before holds no more either
    assert joined.as_of == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("changes", [{"after_sales_status": 2}, {"after_sales_type": 2}, {"refund_amount": "20.00"}])
def test_it_drops_a_limit_of_what_was_asked_before(changes: dict[str, Any]) -> None:
    later = listed(updated_time="2026-11-21 10:00:00", **changes)

    joined = case_sighting(wire(later), wire(detailed()))

    assert (joined.facts.state, joined.facts.expire_at) == (AftersaleState.SELLER_TO_ANSWER, None)
    assert "expire_at" in joined.given


def test_it_keeps_the_limit_of_a_case_that_asks_for_the_same_as_before() -> None:
    later = listed(updated_time="2026-11-21 10:00:00", after_sale_reason="少件")

    assert case_sighting(wire(later), wire(detailed())).facts.expire_at == EXPIRES_AT


def test_it_takes_a_case_told_within_one_second_for_one_version() -> None:
    later_that_second = detailed(updated_time=1795222800500, refund_amount=523100)

    joined = case_sighting(wire(listed()), wire(later_that_second))

    assert (joined.as_of, joined.facts.refund_amount) == (ASKED_AT, 5231)
    assert doubt_of(wire(listed()), wire(later_that_second)) is not None


def test_a_case_of_which_there_is_only_the_list_has_no_limit_any_more() -> None:
    alone = listed_alone(wire(listed()), None)

    assert (alone.facts, alone.as_of) == (FROM_LIST, ASKED_AT)
    assert "expire_at" in alone.given


@pytest.mark.parametrize(
    ("changes", "is_over"), [({}, False), ({"refund_amount": "50.00"}, True), ({"after_sales_type": 2}, True), ({"after_sales_status": 5}, True)]
)
def test_the_limit_that_is_held_stays_where_the_list_alone_asks_for_the_same(changes: dict[str, object], is_over: bool) -> None:
    held = case_sighting(wire(listed()), wire(detailed())).facts

    alone = listed_alone(wire(listed(updated_time="2026-11-21 10:00:00", **changes)), held)

    assert ("expire_at" in alone.given) is is_over


def test_it_doubts_a_case_that_is_told_two_amounts() -> None:
    doubt = doubt_of(wire(listed()), wire(detailed(refund_amount=52)))

    assert doubt is not None
    assert (doubt.slots["listed_fen"], doubt.slots["detailed_fen"]) == (5231, 52)
    assert case_sighting(wire(listed()), wire(detailed(refund_amount=52))).facts.refund_amount == 5231
    assert doubt_of(wire(listed()), wire(detailed())) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"refund_amount": "五十"}, "refund_amount"),
        ({"refund_amount": "5.555"}, "refund_amount"),
        ({"created_time": "yesterday"}, "created_time"),
        ({"after_sales_status": "open"}, "after_sales_status"),
        ({"order_sn": [1]}, "order_sn"),
    ],
)
def test_it_names_the_field_of_a_case_that_cannot_be_taken(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(OddWire) as odd:
        of_list(**changes)

    assert odd.value.field == field
    assert odd.value.number == ("" if field == "id" else "30000000007")


def test_it_refuses_yuan_where_fen_are_due() -> None:
    with pytest.raises(OddWire, match="refund_amount"):
        of_detail(refund_amount="52.31")


def test_it_does_not_join_two_cases() -> None:
    with pytest.raises(OddWire):
        case_sighting(wire(listed(id=1)), wire(detailed(id=2)))


def test_it_reads_what_the_buyer_claims_and_what_the_platform_hurries() -> None:
    told = of_list(user_shipping_status="1", speed_refund_flag=1, speed_refund_status="1", dispute_refund_status=0, refund_operator_role=2, goods_number="3")

    assert told.claimed_receipt is ClaimedReceipt.NOT_RECEIVED
    assert (told.is_instant, told.instant_refund, told.is_disputed) == (True, InstantRefund.ELIGIBLE, False)
    assert (told.status_code, told.operator_role, told.quantity) == (3, 2, 3)


def test_it_takes_numbers_nobody_has_explained_for_unknown_or_for_nothing_said() -> None:
    assert of_list(speed_refund_status="9").instant_refund is InstantRefund.UNKNOWN
    assert of_list(speed_refund_status="").instant_refund is None
    assert of_list(speed_refund_status="0").instant_refund is None
    assert of_list(user_shipping_status="7").claimed_receipt is None


@pytest.mark.parametrize(
    ("images", "are_there", "pictures"), [(["a", "b"], True, 2), ([], False, 0), (..., False, 0), ([], True, None), (..., ..., None), (None, True, None)]
)
def test_it_counts_the_buyer_s_pictures_where_they_are_told(images: object, are_there: object, pictures: int | None) -> None:
    assert of_detail(images=images, exist_images=are_there).pictures == pictures


def test_it_reads_the_parcel_that_went_out_again_and_whether_the_platform_stepped_in() -> None:
    told = of_detail(
        after_sales_type=3,
        after_sales_status=18,
        join_or_not="1",
        shipping_name="圆通快递",
        remark="请补发 13800138000",
        exchange_shipping_detail={"merchant_exchange_trunk_number": "YT7600000000010", "customer_send_back_trunk_number": "YT7600000000009"},
    )

    assert (told.replacement_no, told.has_joined, told.return_carrier) == ("YT7600000000010", True, "圆通快递")
    assert told.remark is not None
    assert "13800138000" not in told.remark
