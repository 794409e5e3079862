"""The gateway: six ways in, one signature, the error table, the wrappers."""

import time
from urllib.parse import urlencode

import pytest

from tests.emulator.caller import Caller, quiet, running, sign
from zhanggui.emulator.methods.registry import METHODS
from zhanggui.emulator.wire.envelope import request_id, xml_of
from zhanggui.emulator.wire.wrappers import wrapper_of

TIME = "pdd.time.get"
COMMON = ("type", "client_id", "timestamp", "data_type", "sign")


@pytest.mark.parametrize("path", ["/api/router", "/api/router/"])
def test_it_takes_all_six_parameter_forms(shop: Caller, path: str) -> None:
    sent = shop.signed("pdd.order.status.get", {"order_sns": "260301-000000000000000"})
    system = {name: value for name, value in sent.items() if name in (*COMMON, "access_token")}
    business = {name: value for name, value in sent.items() if name not in system}

    answers = [
        shop.http.post(path, json=sent),
        shop.http.post(path, data=sent),
        shop.http.post(f"{path}?{urlencode(system)}", data=business),
        shop.http.get(path, params=sent),
        shop.http.post(path, files={name: (None, value) for name, value in sent.items()}),
        shop.http.post(path, content=str(sent).replace("'", '"'), headers={"content-type": "text/plain"}),
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert answer.json()["order_status_get_response"]["order_status_list"] == [{"orderSn": "260301-000000000000000", "order_status": 0, "refund_status": 0}]


def test_it_answers_head_without_a_body(shop: Caller) -> None:
    answer = shop.http.head("/api/router")

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("name", ["type", "client_id", "timestamp", "sign"])
def test_it_misses_a_common_parameter(shop: Caller, name: str) -> None:
    sent = shop.signed(TIME, token=False)
    del sent[name]

    error = shop.http.post("/api/router", json=sent).json()["error_response"]

    assert (error["error_code"], error["error_msg"]) == (10001, f"公共参数错误:{name}")
    assert (error["sub_code"], error["sub_msg"]) == (None, "")
    assert len(error["request_id"]) == 17


@pytest.mark.parametrize(
    ("common", "code"),
    [
        ({"type": "pdd.goods.comments.get"}, 10017),
        ({"client_id": "somebody"}, 10016),
        ({"timestamp": "1400000000"}, 10001),
        ({"timestamp": "soon"}, 10001),
        ({"data_type": "xml"}, 10001),
        ({"access_token": "f" * 40}, 20032),
    ],
)
def test_it_refuses_what_is_not_right(shop: Caller, common: dict[str, str], code: int) -> None:
    sent = shop.signed("pdd.mall.info.get") | common
    del sent["sign"]
    sent["sign"] = sign(shop.line.client_secret, sent)

    error = shop.http.post("/api/router", json=sent).json()["error_response"]

    assert error["error_code"] == code


def test_it_refuses_a_wrong_signature(shop: Caller) -> None:
    sent = shop.signed(TIME, token=False) | {"sign": "0" * 32}

    assert shop.http.post("/api/router", json=sent).json()["error_response"]["error_code"] == 20004


def test_it_refuses_a_body_it_cannot_read(shop: Caller) -> None:
    answer = shop.http.post("/api/router", content=b'{"type": ', headers={"content-type": "application/json"})

    assert answer.json()["error_response"]["error_code"] == 10000


def test_it_takes_milliseconds_when_told_to() -> None:
    stamp = str(int(time.time() * 1000))
    with running(quiet()) as tolerant:
        assert "time_get_response" in tolerant.raw(TIME, timestamp=stamp)
    with running(quiet(gate={"millisecond_timestamps": False})) as strict:
        assert strict.raw(TIME, timestamp=stamp)["error_response"]["error_msg"] == "公共参数错误:timestamp"


def test_it_needs_a_token_only_where_a_shop_is_asked_about(shop: Caller) -> None:
    assert "logistics_companies_get_response" in shop.raw("pdd.logistics.companies.get", token=False)
    assert shop.raw("pdd.mall.info.get", token=False)["error_response"]["error_msg"] == "公共参数错误:access_token"


def test_it_withholds_a_permission_package() -> None:
    with running(quiet(gate={"packages_withheld": ["refund"]})) as caller:
        assert caller.refusal("pdd.refund.address.list.get")["error_code"] == 20031
        assert caller.call("pdd.mall.info.get")["mall_id"] == int(caller.line.shop_id)


def test_it_refuses_addresses_that_are_not_on_the_list() -> None:
    with running(quiet(gate={"allowed_addresses": ["10.1.1.1"]})) as caller:
        assert caller.refusal("pdd.mall.info.get")["error_code"] == 20005


def test_it_empties_its_buckets_and_fills_them_again(shop: Caller) -> None:
    shop.http.post("/_limits", json={"limits": [{"method": "pdd.mall.info.get", "per": "shop", "calls": 2, "seconds": 2}]})

    codes = [shop.raw("pdd.mall.info.get").get("error_response", {}).get("error_code", 0) for _ in range(3)]
    time.sleep(1.1)

    assert codes == [0, 0, 70031]
    assert "mall_info_get_response" in shop.raw("pdd.mall.info.get")


def test_it_says_when_the_method_itself_is_full(shop: Caller) -> None:
    shop.http.post("/_limits", json={"limits": [{"method": TIME, "per": "method", "calls": 1, "seconds": 60}]})

    shop.raw(TIME, token=False)

    assert shop.raw(TIME, token=False)["error_response"]["error_code"] == 52101


@pytest.mark.parametrize(
    ("method", "wrapper"),
    [
        ("pdd.order.list.get", "order_list_get_response"),
        ("pdd.order.information.get", "order_info_get_response"),
        ("pdd.order.number.list.increment.get", "order_sn_increment_get_response"),
        ("pdd.logistics.ordertrace.get", "logistics_ordertrace_get_resposne"),
        ("pdd.logistics.isv.trace.notify.sub", "logistics_isv_trace_notify_sub"),
        ("pdd.refund.information.get", ""),
        ("pdd.erp.order.sync", ""),
        ("pdd.refund.agree", "response"),
        ("pdd.waybill.get", "pdd_waybill_get_response"),
        ("pdd.goods.sku.price.update", "goods_update_sku_price_response"),
        ("pdd.pmc.user.cancel", "tmc_user_cancel_response"),
        ("pdd.pop.auth.token.create", "pop_auth_token_create_response"),
    ],
)
def test_it_wraps_by_the_table(method: str, wrapper: str) -> None:
    assert wrapper_of(method) == wrapper
    assert method in METHODS


def test_it_gives_every_answer_a_request_id(shop: Caller) -> None:
    first, second = (shop.call(TIME)["request_id"] for _ in range(2))

    assert first != second
    assert len({request_id(1700000000, serial) for serial in range(10_000)}) == 10_000


def test_it_answers_in_xml_when_asked(shop: Caller) -> None:
    answer = shop.http.post("/api/router", data=shop.signed(TIME, token=False, data_type="XML"))

    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?><time_get_response><time>2026-03-02 09:00:00</time>')
    assert xml_of({"a": [1, True], "b": None}).endswith("<a>1</a><a>true</a><b></b>")
