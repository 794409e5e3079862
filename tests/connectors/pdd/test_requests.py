"""What each call sends: the method, its parameters as text, whether it needs a token, whether it may change something."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from zhanggui.connectors.pdd import aftersales, logistics, messages, orders, shipping, shop, tokens
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.doors import App, production_doors
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.line import parameters
from zhanggui.core.money import Fen

START, END = datetime(2026, 11, 21, 1, 0, tzinfo=UTC), datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
ORDER, CASE, NUMBER = "261120-123456789012345", "30000000007", "YT7600000000001"
PAGED = {"page": "2", "page_size": "100", "use_has_next": "true"}

READS: list[tuple[Call[Any], str, Mapping[str, str], bool]] = [
    (
        orders.orders_updated(START, END, 2, use_has_next=True),
        "pdd.order.number.list.increment.get",
        {"start_updated_at": "1795222800", "end_updated_at": "1795224600", "is_lucky_flag": "0", "order_status": "5", "refund_status": "5"} | PAGED,
        True,
    ),
    (
        orders.orders_confirmed(START, END, 2, use_has_next=True),
        "pdd.order.list.get",
        {"start_confirm_at": "1795222800", "end_confirm_at": "1795224600", "order_status": "5", "refund_status": "5"} | PAGED,
        True,
    ),
    (orders.order_detail(ORDER), "pdd.order.information.get", {"order_sn": ORDER}, True),
    (orders.order_status([ORDER, "b"]), "pdd.order.status.get", {"order_sns": f"{ORDER},b"}, True),
    (
        aftersales.refunds_updated(7, START, END, 1, 50),
        "pdd.refund.list.increment.get",
        {
            "after_sales_status": "7",
            "after_sales_type": "1",
            "start_updated_at": "1795222800",
            "end_updated_at": "1795224600",
            "page": "1",
            "page_size": "50",
            "order_sn": "",
        },
        True,
    ),
    (aftersales.refund_detail(ORDER, CASE), "pdd.refund.information.get", {"order_sn": ORDER, "after_sales_id": CASE}, True),
    (aftersales.status_check([ORDER]), "pdd.refund.status.check", {"order_sns": ORDER}, True),
    (aftersales.refund_addresses(), "pdd.refund.address.list.get", {}, True),
    (logistics.companies(), "pdd.logistics.companies.get", {}, False),
    (logistics.trace("YTO", NUMBER), "pdd.logistics.ordertrace.get", {"company_code": "YTO", "mail_no": NUMBER, "cache": "false"}, False),
    (shop.platform_time(), "pdd.time.get", {}, False),
    (shop.mall_info(), "pdd.mall.info.get", {}, True),
    (
        shipping.pre_check(ORDER, "YTO", NUMBER),
        "pdd.open.logistics.pre.check",
        {"order_sn": ORDER, "ship_code": "YTO", "tracking_number": NUMBER},
        True,
    ),
]

ACTS: list[tuple[Call[Any], str, Mapping[str, str], bool]] = [
    (
        shipping.ship(ORDER, "85", NUMBER),
        "pdd.logistics.online.send",
        {"order_sn": ORDER, "logistics_id": "85", "tracking_number": NUMBER, "redelivery_type": "1"},
        True,
    ),
    (
        shipping.ship(ORDER, "85", NUMBER, redelivery=True),
        "pdd.logistics.online.send",
        {"order_sn": ORDER, "logistics_id": "85", "tracking_number": NUMBER, "redelivery_type": "2"},
        True,
    ),
    (
        shipping.extra_parcels(ORDER, [("85", NUMBER)]),
        "pdd.order.upload.extra.logistics",
        {"order_sn": ORDER, "extra_track_list": f'[{{"shipping_id":85,"tracking_number":"{NUMBER}"}}]', "extra_track_type": "1"},
        True,
    ),
    (shipping.note_order(ORDER, "易碎", 2, "脆"), "pdd.order.note.update", {"order_sn": ORDER, "note": "易碎", "tag": "2", "tag_name": "脆"}, True),
    (shipping.note_order(ORDER, "易碎", 2), "pdd.order.note.update", {"order_sn": ORDER, "note": "易碎"}, True),
    (
        shipping.report_printed(ORDER, "85", NUMBER),
        "pdd.erp.order.sync",
        {"order_sn": ORDER, "order_state": "1", "waybill_no": NUMBER, "logistics_id": "85"},
        True,
    ),
    (shipping.agree_refund(ORDER, CASE), "pdd.refund.agree", {"request": f'{{"order_sn":"{ORDER}","after_sales_id":{CASE}}}'}, True),
    (
        shipping.agree_return(ORDER, CASE, "请寄回", "101"),
        "pdd.refund.returngoods.agree",
        {"request": f'{{"order_sn":"{ORDER}","after_sales_id":{CASE},"operate_desc":"请寄回","return_address_id":"101"}}'},
        True,
    ),
    (
        shipping.cancel_sending(ORDER, CASE, held_back=True, amount=Fen(5231), at=START),
        "pdd.rdc.pddgenius.sendgoods.cancel",
        {"param": f'{{"tid":"{ORDER}","refund_id":{CASE},"status":"SUCCESS","operate_time":1795222800000,"refund_fee":5231}}'},
        True,
    ),
    (
        shipping.cancel_sending(ORDER, CASE, held_back=False, amount=None, at=START, reason=shipping.ALREADY_PRINTED),
        "pdd.rdc.pddgenius.sendgoods.cancel",
        {"param": f'{{"tid":"{ORDER}","refund_id":{CASE},"status":"FAIL","operate_time":1795222800000,"fail_reason_code":1003}}'},
        True,
    ),
    (logistics.follow_trace("YTO", NUMBER), "pdd.logistics.isv.trace.notify.sub", {"ship_code": "YTO", "track_no": NUMBER, "tel": ""}, False),
    (messages.permit_messages(["a", "b"]), "pdd.pmc.user.permit", {"topics": "a,b"}, True),
    (tokens.token_from_code("C"), "pdd.pop.auth.token.create", {"code": "C"}, False),
    (tokens.token_from_refresh("R"), "pdd.pop.auth.token.refresh", {"refresh_token": "R"}, False),
]


@pytest.mark.parametrize(("call", "method", "params", "needs_token"), READS)
def test_it_asks(call: Call[Any], method: str, params: Mapping[str, str], needs_token: bool) -> None:
    assert (call.method, dict(call.params), call.needs_token, call.is_act) == (method, params, needs_token, False)


@pytest.mark.parametrize(("call", "method", "params", "needs_token"), ACTS)
def test_it_acts(call: Call[Any], method: str, params: Mapping[str, str], needs_token: bool) -> None:
    assert (call.method, dict(call.params), call.needs_token, call.is_act) == (method, params, needs_token, True)


def test_it_sends_nothing_empty_and_signs_everything() -> None:
    sent = parameters(App("id", "secret", production_doors()), aftersales.refunds_updated(7, START, END, 1), "tok", START)

    assert "order_sn" not in sent
    assert {name: sent[name] for name in ("type", "client_id", "access_token", "timestamp", "data_type", "version")} == {
        "type": "pdd.refund.list.increment.get",
        "client_id": "id",
        "access_token": "tok",
        "timestamp": "1795222800",
        "data_type": "JSON",
        "version": "V1",
    }
    assert len(sent["sign"]) == 32


def test_it_sends_no_token_where_none_is_needed_and_refuses_to_go_without_one() -> None:
    app = App("id", "secret", production_doors())

    assert "access_token" not in parameters(app, shop.platform_time(), "tok", START)
    with pytest.raises(PlatformError) as problem:
        parameters(app, shop.mall_info(), None, START)
    assert problem.value.trouble is Trouble.TOKEN


def test_it_shows_no_secret() -> None:
    app, call = App("id", "very-secret", production_doors()), tokens.token_from_refresh("very-secret")

    assert "very-secret" not in f"{app!r} {app} {call!r} {call}"
