"""What each call makes of its answer: out of its odd wrapper, in any of the shapes in which the platform has been seen to write it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.connectors.pdd.samples import answered, detailed, listed, order, refused, wire
from zhanggui.connectors.pdd import aftersales, logistics, messages, orders, shipping, shop, tokens, waybill
from zhanggui.connectors.pdd.calls import Call, Done, wrapper_of
from zhanggui.connectors.pdd.case_facts import case_sighting
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.order_facts import order_sighting
from zhanggui.core.facts import OrderStage, RefundState

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
UPDATED = orders.orders_updated(NOW, NOW, 1, use_has_next=False)
CONFIRMED = orders.orders_confirmed(NOW, NOW, 1, use_has_next=True)
REFUNDS = aftersales.refunds_updated(2, NOW, NOW, 1)
DETAIL = aftersales.refund_detail("a", "1")
AGREE, SHIP, PRINTED = shipping.agree_refund("a", "1"), shipping.ship("a", "85", "b"), shipping.report_printed("a", "85", "b")
RETURN, CANCEL = shipping.agree_return("a", "1", "", "101"), shipping.cancel_sending("a", "1", held_back=True, amount=None, at=NOW)
CANNOT_HOLD = shipping.cancel_sending("a", "1", held_back=False, amount=None, at=NOW)

EVERY: list[Call[Any]] = [
    UPDATED,
    CONFIRMED,
    orders.order_detail("a"),
    orders.order_status(["a"]),
    REFUNDS,
    DETAIL,
    aftersales.status_check(["a"]),
    aftersales.refund_addresses(),
    logistics.companies(),
    logistics.trace("YTO", "1"),
    logistics.follow_trace("YTO", "1"),
    shop.platform_time(),
    shop.mall_info(),
    tokens.token_from_code("c"),
    tokens.token_from_refresh("r"),
    SHIP,
    shipping.pre_check("a", "YTO", "1"),
    shipping.extra_parcels("a", []),
    shipping.note_order("a", "b"),
    PRINTED,
    AGREE,
    RETURN,
    CANCEL,
    messages.permit_messages(),
]


def test_it_reads_a_page_of_orders_that_changed() -> None:
    page = UPDATED.decode(answered("order_sn_increment_get_response", order_sn_list=[order(), order(order_sn="261120-2")], total_count="2"))

    assert (page.total, page.has_next) == (2, None)
    assert [order_sighting(each).facts.order_no for each in page.orders] == ["261120-123456789012345", "261120-2"]


def test_it_reads_a_page_of_orders_that_only_tells_whether_there_is_more() -> None:
    page = CONFIRMED.decode(answered("order_list_get_response", order_list=None, has_next=True))

    assert (page.orders, page.total, page.has_next) == ((), None, True)


def test_it_reads_one_order_out_of_its_irregular_wrapper() -> None:
    raw = orders.order_detail("a").decode(answered("order_info_get_response", order_info=order()))

    assert order_sighting(raw).facts.pay_amount == 5231


def test_it_reads_the_status_of_orders_in_camel_case() -> None:
    told = [{"orderSn": "a", "order_status": 2, "refund_status": "4"}, {"order_sn": "b", "order_status": 0, "refund_status": 0}]

    found = orders.order_status(["a", "b"]).decode(answered("order_status_get_response", order_status_list=told))

    assert (found[0].order_no, found[0].stage, found[0].refund, found[0].is_ours) == ("a", OrderStage.SHIPPED, RefundState.REFUNDED, True)
    assert (found[1].order_no, found[1].stage, found[1].is_ours) == ("b", OrderStage.UNKNOWN, False)


def test_it_reads_a_page_of_cases() -> None:
    page = REFUNDS.decode(answered("refund_increment_get_response", refund_list=[listed()], total_count=1))

    assert page.total == 1
    assert case_sighting(listed=page.cases[0]).facts.case_no == "30000000007"


def test_it_reads_a_case_that_stands_without_a_wrapper() -> None:
    raw = DETAIL.decode(wire(detailed()))

    assert case_sighting(detailed=raw).facts.refund_amount == 5231


def test_it_reads_which_orders_have_an_open_case() -> None:
    found = aftersales.status_check(["a", "b"]).decode(answered("refund_status_check_response", order_sns_exists_refund=[{"order_sn": "b"}]))

    assert found == {"b"}


def test_it_reads_return_addresses_without_street_or_name() -> None:
    told = {"id": 1, "refund_address_id": 101, "refund_name": "林小妹", "refund_phone": "13800001234", "refund_address": "路1号", "province_name": "浙江省"}

    found = aftersales.refund_addresses().decode(
        answered("refund_address_list_get_response", refund_address_list=[told | {"is_default": "1", "is_validated": 1, "is_legal": "0"}])
    )

    assert found == (aftersales.ReturnAddress("101", "浙江省", is_default=True, is_usable=False),)


def test_it_reads_the_carriers() -> None:
    told = [
        {"id": 3, "code": "YTO", "logistics_company": "圆通快递", "available": 0},
        {"id": 85, "code": "YTO", "logistics_company": "圆通快递", "available": 1},
        {"id": None, "logistics_company": "x"},
        {"id": 7, "code": "X", "logistics_company": ""},
    ]

    found = logistics.companies().decode(answered("logistics_companies_get_response", logistics_companies=told))

    assert set(found.by_id) == {"3", "85"}
    assert [carrier.id for word in ("圆通快递", "yto", "85") if (carrier := found.named(word))] == ["85", "85", "85"]
    assert found.named("无名") is None


@pytest.mark.parametrize("wrapper", ["logistics_ordertrace_get_resposne", "logistics_ordertrace_get_response"])
def test_it_reads_a_trace_under_the_misspelt_name_and_the_mended_one(wrapper: str) -> None:
    assert len(logistics.trace("YTO", "1").decode(answered(wrapper, trace_list=[{"desc": "a"}]))) == 1


def test_it_takes_no_trace_yet_for_an_empty_one() -> None:
    assert logistics.trace("YTO", "1").decode(refused(50001, "业务服务错误", "ISV_TRACK_ERROR", "暂无物流轨迹")) == ()
    with pytest.raises(PlatformError, match="70031"):
        logistics.trace("YTO", "1").decode(refused(70031, "调用过于频繁"))


def test_it_reads_the_platform_s_time() -> None:
    assert shop.platform_time().decode(answered("time_get_response", time="2026-11-21 09:00:00")) == NOW


def test_it_reads_the_shop() -> None:
    assert shop.mall_info().decode(answered("mall_info_get_response", mall_id=900000010, mall_name="林记")) == shop.Mall("900000010", "林记")


def test_it_reads_a_token_and_never_shows_it() -> None:
    told = {
        "access_token": "a" * 40,
        "refresh_token": "b" * 40,
        "owner_id": 900000010,
        "owner_name": "pdd900000010",
        "expires_in": "31535948",
        "expires_at": 1795222800,
        "refresh_token_expires_in": 31535948,
        "refresh_token_expires_at": 1795222800,
        "scope": ["pdd.order.list.get"],
    }

    token = tokens.token_from_code("c").decode(answered("pop_auth_token_create_response", **told))

    assert (token.access_token, token.owner_id, token.expires_in, token.expires_at) == ("a" * 40, "900000010", timedelta(seconds=31535948), NOW)
    assert "aaaa" not in repr(token)
    assert "bbbb" not in str(token)


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (SHIP, answered("logistics_online_send_response", is_success=True)),
        (SHIP, answered("logistics_online_send_response", is_success="true")),
        (SHIP, answered("logistics_online_send_response", is_success="1")),
        (SHIP, answered("logistics_online_send_response", is_success=1)),
        (SHIP, answered("logistics_online_send_response")),
        (AGREE, answered("response", result={"succ": True, "message": "", "order_sn": "a", "after_sales_id": 1})),
        (RETURN, answered("response", success=True, error_code=0, result={"success": "1", "message": None})),
        (CANCEL, answered("rdc_pddgenius_sendgoods_cancel_response", result={"success": True, "result_data": {"refund_id": 1}})),
        (CANCEL, answered("rdc_pddgenius_sendgoods_cancel_response", result={"result_data": {"refund_id": 1}})),
        (CANNOT_HOLD, answered("rdc_pddgenius_sendgoods_cancel_response", result={"result_data": None})),
        (shipping.note_order("a", "b"), answered("response", success=True, error_code=0, error_msg="")),
        (PRINTED, wire({"success": True, "result": True, "error_code": 0, "error_msg": "", "request_id": "1"})),
        (PRINTED, answered("erp_order_sync_response", is_success=True)),
        (logistics.follow_trace("YTO", "1"), answered("logistics_isv_trace_notify_sub", is_success=True)),
        (messages.permit_messages(), answered("pmc_user_permit_response", is_success=True)),
        (shipping.extra_parcels("a", []), answered("upload_extra_logistics_response", success=True)),
    ],
)
def test_it_reads_that_an_act_was_done(call: Call[Done], body: bytes) -> None:
    assert isinstance(call.decode(body), Done)


@pytest.mark.parametrize(
    ("call", "body", "said"),
    [
        (SHIP, answered("logistics_online_send_response", is_success=False), ""),
        (SHIP, answered("logistics_online_send_response", is_success="0", message="运单号重复"), "运单号重复"),
        (AGREE, answered("response", result={"succ": False, "message": "状态已变更"}), "状态已变更"),
        (RETURN, answered("response", success=False, error_code=1, error_msg="地址不存在", result=None), "1 地址不存在"),
        (PRINTED, wire({"success": False, "result": False, "error_code": 0, "error_msg": "订单不存在"}), "订单不存在"),
        (AGREE, answered("response", result=None, error_code=50001, error_msg="售后单状态已变更"), "50001 售后单状态已变更"),
        (SHIP, answered("logistics_online_send_response", error_code="1", error_msg="运单号重复"), "1 运单号重复"),
        (
            CANCEL,
            answered("rdc_pddgenius_sendgoods_cancel_response", result={"success": False, "message": "已发货", "result_data": {"refund_id": 1}}),
            "已发货",
        ),
        (CANCEL, answered("rdc_pddgenius_sendgoods_cancel_response", error_code=1, error_msg="已发货", result={"result_data": {"refund_id": 1}}), "1 已发货"),
    ],
)
def test_it_reads_that_an_act_was_not_done(call: Call[Done], body: bytes, said: str) -> None:
    with pytest.raises(PlatformError) as problem:
        call.decode(body)

    assert (problem.value.trouble, problem.value.do, problem.value.reason) == (Trouble.PERSON, "refused", said)
    assert not problem.value.may_have_acted


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (AGREE, answered("response", result=None, error_code=0)),
        (RETURN, answered("response")),
        (CANCEL, answered("rdc_pddgenius_sendgoods_cancel_response", result={"result_data": None})),
        (CANCEL, answered("rdc_pddgenius_sendgoods_cancel_response", result={"result_data": {"refund_id": 0}})),
        (waybill.give_back("YTO", "1"), answered("pdd_waybill_cancel_response")),
    ],
)
def test_it_takes_no_silence_for_a_yes_where_money_or_goods_go(call: Call[Any], body: bytes) -> None:
    with pytest.raises(PlatformError) as problem:
        call.decode(body)

    assert (problem.value.do, problem.value.may_have_acted) == ("strange", True)


@pytest.mark.parametrize(("told", "allowed"), [(True, True), ("false", False), (0, False), ("1", True)])
def test_it_reads_whether_a_parcel_would_be_taken(told: object, allowed: bool) -> None:
    assert shipping.pre_check("a", "YTO", "1").decode(answered("logistics_pre_check_response", allowed=told)) is allowed


@pytest.mark.parametrize("call", EVERY, ids=lambda call: call.method)
def test_it_knows_a_refusal_whatever_was_asked(call: Call[Any]) -> None:
    with pytest.raises(PlatformError) as problem:
        call.decode(refused("10019", "access_token已过期"))

    told = problem.value
    assert (told.trouble, told.code, told.text, told.method, told.request_id) == (Trouble.TOKEN, 10019, "access_token已过期", call.method, "17952228001234567")
    assert not told.may_have_acted


WRAPPER = "wrapper"
ODD = [
    b"",
    b"<html>502</html>",
    b"[1]",
    wire({WRAPPER: "no"}),
    wire({"error_response": {"error_msg": "?"}})[:-3],
    wire({"error_response": []}),
    b"[" * 100_000,
    b"\xff" * 10,
]


@pytest.mark.parametrize("call", EVERY, ids=lambda call: call.method)
@pytest.mark.parametrize("body", ODD)
def test_it_says_of_an_odd_answer_that_it_is_odd(call: Call[Any], body: bytes) -> None:
    with pytest.raises(PlatformError) as problem:
        call.decode(body.replace(WRAPPER.encode(), (wrapper_of(call.method) or "response").encode()))

    assert (problem.value.trouble, problem.value.do) == (Trouble.RETRY, "strange")
    assert problem.value.may_have_acted is call.is_act


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (UPDATED, answered("order_sn_increment_get_response", order_sn_list={"a": 1})),
        (UPDATED, answered("order_sn_increment_get_response", total_count=1)),
        (UPDATED, answered("order_sn_increment_get_response", order_sn_list=[], total_count="many")),
        (DETAIL, wire({"request_id": "1"})),
        (shop.platform_time(), answered("time_get_response", time="soon")),
        (shop.platform_time(), answered("time_get_response", time="")),
        (tokens.token_from_code("c"), answered("pop_auth_token_create_response", access_token="", owner_id=1)),
        (tokens.token_from_code("c"), answered("pop_auth_token_create_response", access_token="x")),
        (shipping.pre_check("a", "YTO", "1"), answered("logistics_pre_check_response", allowed="perhaps")),
    ],
)
def test_it_says_of_an_answer_without_what_was_asked_for_that_it_is_odd(call: Call[Any], body: bytes) -> None:
    with pytest.raises(PlatformError) as problem:
        call.decode(body)

    assert problem.value.do == "strange"


def test_it_does_not_know_how_an_act_went_that_answers_neither_yes_nor_no() -> None:
    with pytest.raises(PlatformError) as problem:
        SHIP.decode(answered("logistics_online_send_response", is_success="maybe"))

    assert problem.value.may_have_acted


def test_it_leaves_the_token_out_of_its_errors() -> None:
    body = answered("pop_auth_token_create_response", access_token="a" * 40, owner_id=[1])

    with pytest.raises(PlatformError) as problem:
        tokens.token_from_code("c").decode(body)

    assert "aaaa" not in f"{problem.value} {problem.value.say}"


def test_it_reads_every_wrapper_the_reference_names() -> None:
    rules = {
        "pdd.order.list.get": "order_list_get_response",
        "pdd.refund.address.list.get": "refund_address_list_get_response",
        "pdd.logistics.isv.trace.notify.sub": "logistics_isv_trace_notify_sub",
        "pdd.waybill.get": "pdd_waybill_get_response",
        "pdd.pmc.user.cancel": "tmc_user_cancel_response",
        "pdd.goods.sku.price.update": "goods_update_sku_price_response",
        "pdd.refund.information.get": "",
    }

    assert {method: wrapper_of(method) for method in rules} == rules
