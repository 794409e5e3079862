"""Whatever is sent, the platform answers or refuses; it never breaks."""

import functools

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.emulator.caller import START_SECONDS, quiet, sign
from zhanggui.emulator.clock import Clock
from zhanggui.emulator.ledger import KEYS
from zhanggui.emulator.methods.registry import METHODS
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.wire.gateway import answer
from zhanggui.emulator.wire.parameters import UnreadableBodyError, from_body
from zhanggui.emulator.world.world import World

NAMES = (
    *KEYS, "request", "param", "param_list", "data_list", "extra_track_list", "extra_track_type", "note", "tag", "tag_name", "ship_code", "track_no", "tel",
    "param_waybill_cloud_print_apply_new_request", "param_waybill_cloud_print_update_request", "wp_code", "template_id", "order_list", "city_id", "image",
    "sku_price_list", "update_type", "outer_id", "goods_name", "outer_goods_id", "created_at_from", "created_at_end", "topics", "owner_id", "code",
    "refresh_token", "is_lucky_flag", "order_status", "refund_status", "after_sales_type", "use_has_next",
)  # fmt: skip
WORDS = st.one_of(
    st.integers(-(2**70), 2**70).map(str), st.sampled_from(["0", "1", "2", "3", "5", "10", "100", str(START_SECONDS), str(START_SECONDS + 600), "true"]),
    st.text(max_size=12), st.sampled_from(["[]", "{}", "[{}]", "null", '[{"sku_id": 1}]', '{"order_sn": "x", "after_sales_id": 1}', "\ud7ff", "²", "１"]),
)  # fmt: skip


@functools.cache
def platform() -> Platform:
    """One platform for all examples, with a past to stumble over."""
    scenario = quiet(size={"history": 300, "history_days": 30}, buyers={"refund_received": 0.3})
    return Platform(scenario, Clock(start=scenario.starts_at(), speed=0.0))


def sent(method: str, business: dict[str, str]) -> dict[str, object]:
    """The answer to a well-signed call."""
    here = platform()
    parameters = {
        **business, "type": method, "client_id": here.app.client_id, "access_token": here.grants[0].access_token, "timestamp": str(here.first.now),
    }  # fmt: skip
    parameters["sign"] = sign(here.app.client_secret, parameters)
    body: dict[str, object] = msgspec.json.decode(answer(here, parameters, "127.0.0.1").body)
    return body


@pytest.mark.parametrize("method", sorted(METHODS))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=12))
def test_every_method_answers_or_refuses(method: str, business: dict[str, str]) -> None:
    assert "request_id" in str(sent(method, business))


def real(world: World) -> dict[str, str]:
    """Parameters that fit an order and a case that are there."""
    case = world.cases.at(0)
    order_sn, number = world.order_sn(case.row), "YT7600000000001"
    inner = {
        "order_sn": order_sn, "after_sales_id": case.case_id, "tid": order_sn, "refund_id": case.case_id, "status": "SUCCESS", "shipping_id": 85,
        "tracking_number": number, "warehouse_status": 1,
    }  # fmt: skip
    text = msgspec.json.encode(inner).decode()
    return {
        "order_sn": order_sn, "order_sns": order_sn, "after_sales_id": str(case.case_id), "logistics_id": "85", "tracking_number": number, "request": text,
        "param": text, "order_state": "1", "waybill_no": number, "goods_id": str(world.catalog.goods[0].goods_id), "is_onsale": "1", "quantity": "3",
        "sku_id": str(world.catalog.skus[0].sku_id), "ship_code": "YTO", "company_code": "YTO", "mail_no": number, "track_no": number, "order_list": order_sn,
        "start_confirm_at": str(START_SECONDS - 86400), "end_confirm_at": str(START_SECONDS), "order_status": "5", "refund_status": "5", "note": "x",
    }  # fmt: skip


@pytest.mark.parametrize("method", sorted(METHODS))
@settings(max_examples=12, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=3))
def test_every_method_stands_half_right_parameters(method: str, business: dict[str, str]) -> None:
    assert "request_id" in str(sent(method, real(platform().first) | business))


@given(st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", ""]), st.binary(max_size=200))
def test_any_body_is_read_or_refused(content_type: str, body: bytes) -> None:
    try:
        found = from_body(content_type, body)
    except UnreadableBodyError:
        return
    assert {type(text) for pair in found.items() for text in pair} <= {str}
