"""An order off the wire becomes facts: units, moments, words and masks, and only what the wire speaks of."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.connectors.pdd.samples import ORDER_SN, order, wire
from zhanggui.connectors.pdd.carriers import Carrier, carriers_of
from zhanggui.connectors.pdd.order_facts import line_sightings, order_sighting
from zhanggui.connectors.pdd.values import OddWire
from zhanggui.core.facts import FurtherParcel, OrderFacts, OrderStage, ParcelKind, RefundState, ShippingKind
from zhanggui.core.money import Fen


def facts(**changes: Any) -> OrderFacts:
    return order_sighting(wire(order(**changes))).facts


def test_it_reads_an_order_that_waits_to_be_shipped() -> None:
    sighting = order_sighting(wire(order()))

    assert sighting.facts == OrderFacts(
        order_no=ORDER_SN,
        stage=OrderStage.TO_SHIP,
        refund=RefundState.NONE,
        status_text="待发货",
        refund_text="无售后或售后取消",
        created_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
        paid_at=datetime(2026, 11, 20, 2, 0, 15, tzinfo=UTC),
        group_formed_at=datetime(2026, 11, 20, 2, 1, tzinfo=UTC),
        ship_by=datetime(2026, 11, 22, 2, 1, tzinfo=UTC),
        shipping_kind=ShippingKind.SPOT,
        under_review=False,
        on_hold=False,
        delay_allowed=True,
        goods_amount=Fen(5980),
        postage=Fen(0),
        seller_discount=Fen(499),
        platform_discount=Fen(250),
        pay_amount=Fen(5231),
        quantity=2,
        title="纯棉短袖T恤",
        goods_id="560009000000",
        sku_id="1400090000005",
        spec="黑色,XL",
        outer_sku="G0001-06",
        outer_goods="G0001",
        buyer_note="请尽快发货",
        receiver_masked="林** 138****5678",
        province="浙江省",
        city="金华市",
        district="义乌市",
        group_no="1398698135153",
        tags=("region_black_delay_shipping",),
        warehouse="义乌一仓",
    )
    assert sighting.as_of == datetime(2026, 11, 20, 2, 1, tzinfo=UTC)


def test_it_gives_only_what_the_wire_speaks_of() -> None:
    told = order_sighting(wire({"order_sn": ORDER_SN, "updated_at": "2026-11-20 10:01:00", "receive_time": None, "pay_amount": "3"}))

    assert told.given == {"order_no", "received_at", "pay_amount"}
    assert told.facts == OrderFacts(order_no=ORDER_SN, pay_amount=Fen(300))


@pytest.mark.parametrize(
    ("status", "refund", "stage", "text"),
    [
        (1, 1, OrderStage.TO_SHIP, "待发货"),
        (1, 4, OrderStage.CANCELLED, "未发货，退款成功"),
        (2, 2, OrderStage.SHIPPED, "已发货，待收货"),
        (2, 4, OrderStage.SHIPPED, "已发货，退款成功"),
        (3, 1, OrderStage.RECEIVED, "已收货"),
        (3, 4, OrderStage.RECEIVED, "已收货，退款成功"),
        (0, 1, OrderStage.UNKNOWN, "order_status 0"),
        ("97", 1, OrderStage.UNKNOWN, "order_status 97"),
    ],
)
def test_it_words_a_status_as_the_export_would(status: object, refund: int, stage: OrderStage, text: str) -> None:
    told = facts(order_status=status, refund_status=refund)

    assert (told.stage, told.status_text) == (stage, text)


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({"group_status": 0, "confirm_status": 0}, OrderStage.FORMING),
        ({"group_status": 2, "confirm_status": 2}, OrderStage.CANCELLED),
        ({"confirm_status": 2, "order_status": 2}, OrderStage.CANCELLED),
        ({"confirm_status": None, "group_status": ...}, OrderStage.TO_SHIP),
    ],
)
def test_it_asks_the_group_first(changes: dict[str, Any], stage: OrderStage) -> None:
    assert facts(**changes).stage is stage


def test_it_keeps_an_unknown_refund_visible() -> None:
    told = facts(refund_status=6)

    assert (told.refund, told.refund_text) == (RefundState.UNKNOWN, "refund_status 6")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"is_pre_sale": 1, "pre_sale_time": "2026-12-01 00:00:00"}, ShippingKind.PRESALE),
        ({"delivery_one_day": "1"}, ShippingKind.ONE_DAY),
        ({"shipping_type": 1}, ShippingKind.BOOKED),
        ({"shipping_type": "3", "is_pre_sale": 1}, ShippingKind.BOOKED),
        ({"shipping_type": 2}, ShippingKind.SPOT),
    ],
)
def test_it_tells_how_it_is_to_be_shipped(changes: dict[str, Any], kind: ShippingKind) -> None:
    assert facts(**changes).shipping_kind is kind


def test_it_reads_a_presale_date_only_of_a_presale() -> None:
    assert facts(is_pre_sale=1, pre_sale_time="2026-12-01 00:00:00").presale_ship_at == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert facts(pre_sale_time="2026-12-01 00:00:00").presale_ship_at is None


@pytest.mark.parametrize(
    ("day", "hour", "at"),
    [
        ("2026-12-01", "09:00-12:00", datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ("2026-12-01", "", datetime(2026, 11, 30, 16, 0, tzinfo=UTC)),
        ("下周二", "上午", None),
    ],
)
def test_it_reads_a_booked_day(day: str, hour: str, at: datetime | None) -> None:
    assert facts(shipping_type=1, yyps_date=day, yyps_time=hour).booked_at == at


@pytest.mark.parametrize(("risk", "under_review"), [(0, False), (1, True), ("1", True), (2, True), (None, None)])
def test_it_takes_no_number_it_does_not_know_for_leave_to_ship(risk: object, under_review: bool | None) -> None:
    assert facts(risk_control_status=risk).under_review is under_review


def test_it_names_the_carrier_of_the_platform_s_own_list_first() -> None:
    ours = carriers_of([Carrier("85", "YTO", "圆通速递")])

    assert order_sighting(wire(order(logistics_id=85, tracking_number="YT7600000000001")), ours).facts.carrier == "圆通速递"
    assert facts(logistics_id="85", tracking_number=7600000000001).carrier == "圆通快递"
    assert facts(logistics_id="85", tracking_number=7600000000001).tracking_no == "7600000000001"
    assert facts(logistics_id=9999).carrier == "logistics_id 9999"
    assert facts(logistics_id=0).carrier is None


def test_it_never_reads_ciphertext_or_an_address() -> None:
    told = wire(order(receiver_name_mask="林小妹", receiver_phone_mask="13800001234", remark="电话13800005678"))

    kept = msgspec.json.encode(order_sighting(told).facts).decode()

    assert "cipher" not in kept.casefold()
    assert "~0~" not in kept
    assert order_sighting(told).facts.receiver_masked == "林*妹 138****1234"
    assert order_sighting(told).facts.seller_note == "电话138****5678"


def test_it_tells_the_lines_of_an_order_that_has_several() -> None:
    first, second = order()["item_list"][0], order()["item_list"][0] | {"sku_id": 77, "goods_count": "1", "goods_price": "9.90"}

    lines = line_sightings(wire(order(item_list=[first, second])))

    assert [(line.facts.line_no, line.facts.sku_id, line.facts.quantity, line.facts.price) for line in lines] == [
        ("1", "1400090000005", 2, Fen(2990)),
        ("2", "77", 1, Fen(990)),
    ]
    assert [line.facts.outer_sku for line in lines] == ["G0001-06", "G0001-06"]
    assert facts(item_list=[first, second]).quantity == 3
    assert line_sightings(wire(order())) == ()


def test_it_tells_a_gift_as_a_line_beside_what_was_bought() -> None:
    gift = order()["item_list"][0] | {"sku_id": 88, "goods_count": 1, "goods_price": 0, "goods_name": "开心果试吃"}

    lines = line_sightings(wire(order(gift_list=[gift])))

    assert [(line.facts.line_no, line.facts.sku_id, line.facts.is_gift) for line in lines] == [("1", "1400090000005", False), ("g1", "88", True)]
    assert facts(gift_list=[gift]).quantity == 2
    assert facts(gift_list=[gift]).gift_title == "开心果试吃"


@pytest.mark.parametrize(
    ("changes", "combine_key"),
    [
        ({"open_address_id": "OLD", "open_address_id_2": "NEW"}, "NEW"),
        ({"open_address_id": "OLD", "open_address_id_2": ""}, "OLD"),
        ({"open_address_id": "OLD"}, "OLD"),
        ({"open_address_id_2": None}, None),
        ({"open_address_id_2": "x" * 300}, None),
    ],
)
def test_it_keeps_what_orders_to_one_door_have_in_common(changes: dict[str, Any], combine_key: str | None) -> None:
    assert facts(**changes).combine_key == combine_key


def test_it_keeps_the_names_of_the_tags_that_are_lit() -> None:
    tags = [
        {"name": "no_trace_delivery", "value": 1},
        {"name": "free_sf", "value": "1"},
        {"name": "conso_order", "value": 0},
        {"name": "给我 13812345678", "value": 1},
    ]

    assert facts(order_tag_list=tags).tags == ("free_sf", "no_trace_delivery")
    assert facts(order_tag_list=...).tags is None


def test_it_tells_the_parcels_beside_the_order_s_own() -> None:
    parcels = facts(
        extra_delivery_list=[{"logistics_id": 85, "tracking_number": "YT0000000000001"}, {"logistics_id": 85, "tracking_number": ""}],
        gift_delivery_list=[{"logistics_id": 999999, "tracking_number": "G1"}],
    ).further_parcels

    assert parcels == (
        FurtherParcel(ParcelKind.EXTRA, "圆通快递", "YT0000000000001"),
        FurtherParcel(ParcelKind.GIFT, "logistics_id 999999", "G1"),
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"order_sn": None}, "order_sn"),
        ({"order_sn": 2.6112e14}, "order_sn"),
        ({"pay_amount": 52.315}, "pay_amount"),
        ({"pay_amount": "52.3.1"}, "pay_amount"),
        ({"pay_amount": True}, "pay_amount"),
        ({"postage": [1]}, "postage"),
        ({"confirm_time": "soon"}, "confirm_time"),
        ({"confirm_time": 179522280012}, "confirm_time"),
        ({"last_ship_time": "2026-13-01 00:00:00"}, "last_ship_time"),
        ({"updated_at": "1999-01-01 00:00:00"}, "updated_at"),
        ({"order_status": "shipped"}, "order_status"),
        ({"is_pre_sale": "maybe"}, "is_pre_sale"),
        ({"item_list": {"goods_id": 1}}, "item_list"),
        ({"item_list": [None]}, "item_list"),
        ({"item_list": [{"goods_id": 5.6e11}]}, "item_list.goods_id"),
        ({"remark": {"a": 1}}, "remark"),
    ],
)
def test_it_names_the_field_of_an_order_that_cannot_be_taken(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(OddWire) as odd:
        order_sighting(wire(order(**changes)))

    assert odd.value.field == field
    assert odd.value.number == ("" if field == "order_sn" else ORDER_SN)
    assert odd.value.say.slots["field"] == field


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"17", b'"order"', b'{"order_sn":', b"\xff\xfe"])
def test_it_refuses_what_is_no_record(body: bytes) -> None:
    with pytest.raises(OddWire):
        order_sighting(body)


def test_it_keeps_every_digit_of_an_amount_that_no_float_holds() -> None:
    told = wire(order()).replace(b'"pay_amount": 52.31', b'"pay_amount": 9007199254740.93')

    assert order_sighting(told).facts.pay_amount == Fen(900719925474093)
    with pytest.raises(OddWire, match="pay_amount"):
        order_sighting(wire(order()).replace(b'"pay_amount": 52.31', b'"pay_amount": 52.310000000000000001'))
