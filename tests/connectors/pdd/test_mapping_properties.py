"""Whatever the platform sends, it becomes facts or a clear refusal that names the field; and no fen is ever lost on the way."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from tests.connectors.pdd.samples import detailed, listed, order, wire
from zhanggui.connectors.pdd.case_facts import WireCase, WireRefund, case_sighting
from zhanggui.connectors.pdd.messages import pushed
from zhanggui.connectors.pdd.order_facts import WireOrder, line_sightings, order_sighting
from zhanggui.connectors.pdd.scan_facts import WireScan, scan_sightings
from zhanggui.connectors.pdd.values import OddWire, fen, ident, moment, yuan
from zhanggui.core.facts import OrderFacts
from zhanggui.core.moments import in_shanghai

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["", "0", "1", "2", "true", "null", "-1", "1e9", "0.1", "00", "０", "2026-11-20 10:00:00", "2026-02-30 10:00:00", "1795222800", "13800001234"]
    ),
)
ODD = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6)


def records(struct: type[Any], sample: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A good record in which some fields are odd and some are gone."""
    names = st.sampled_from(sorted(struct.__struct_fields__))
    return st.builds(
        lambda odd, gone: {name: value for name, value in {**sample, **odd}.items() if name not in gone},
        st.dictionaries(names, ODD, max_size=6),
        st.sets(names, max_size=6),
    )


def refusal(read: Callable[[bytes], object], told: object) -> OddWire | None:
    """How a record is refused; nothing where it is read. Any other trouble is a failure of the test."""
    try:
        read(wire(told))
    except OddWire as odd:
        return odd
    return None


@given(records(WireOrder, order()))
def test_every_order_is_read_or_refused_with_its_field(told: dict[str, Any]) -> None:
    for read in (order_sighting, line_sightings):
        odd = refusal(read, told)

        assert odd is None or odd.field.split(".")[0] in {*told, "order_sn"}
        assert odd is None or odd.say.slots["field"] == odd.field


@given(records(WireRefund, listed()))
def test_every_case_of_the_list_is_read_or_refused_with_its_field(told: dict[str, Any]) -> None:
    odd = refusal(lambda body: case_sighting(listed=body), told)

    assert odd is None or odd.field in {*told, "id", "after_sales_reason"}


@given(records(WireCase, detailed()))
def test_every_case_itself_is_read_or_refused_with_its_field(told: dict[str, Any]) -> None:
    odd = refusal(lambda body: case_sighting(detailed=body), told)

    assert odd is None or odd.field in {*told, "id"}


@given(records(WireScan, {"desc": "已揽收", "time": "2026-11-20 10:00:00"}))
def test_every_node_is_read_or_refused_with_its_field(told: dict[str, Any]) -> None:
    odd = refusal(lambda body: scan_sightings([body], tracking_no="1"), told)

    assert odd is None or (odd.number == "1" and odd.field in {*told, "time", "desc"})


@given(ODD)
def test_no_frame_of_the_stream_is_too_odd(content: Any) -> None:
    frame = json.dumps({"id": 1, "commandType": "Common", "time": content, "message": {"type": "x", "mallID": content, "content": json.dumps(content)}})

    assert pushed(frame) is not None


@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd(body: bytes) -> None:
    pushed(body)
    for read in (order_sighting, lambda told: case_sighting(listed=told), lambda told: case_sighting(detailed=told)):
        try:
            read(body)
        except OddWire:
            continue


@given(st.integers(-(10**15), 10**15), st.sampled_from(["number", "text", "short", "comma"]))
@example(5231, "number")
@example(10**15, "number")
@example(900719925474093, "number")
def test_no_fen_is_lost_however_an_amount_is_written(amount: int, style: str) -> None:
    exact = Decimal(amount) / 100
    written = {"number": f"{exact:f}", "text": f'"{exact:.2f}"', "short": f'"{exact.normalize():f}"', "comma": f'"{exact:,.2f}"'}[style]
    body = wire(order(pay_amount="AMOUNT")).replace(b'"AMOUNT"', written.encode())

    assert order_sighting(body).facts.pay_amount == amount


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_a_fraction_of_a_fen_is_refused_and_never_rounded(amount: Decimal) -> None:
    whole = amount * 100 == (amount * 100).to_integral_value()

    try:
        told = yuan(f"{amount:f}", "pay_amount")
    except OddWire:
        assert not whole
    else:
        assert whole
        assert told == amount * 100


@given(st.integers(-(10**15), 10**15))
def test_fen_stay_fen(amount: int) -> None:
    assert fen(amount, "refund_amount") == amount
    assert fen(str(amount), "refund_amount") == amount


@given(st.datetimes(datetime(2001, 9, 10), datetime(2099, 12, 30)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_a_moment_is_the_same_however_it_is_written(naive: datetime) -> None:
    at = naive.replace(microsecond=0, tzinfo=UTC)
    seconds = int(at.timestamp())

    written: list[str | int] = [f"{in_shanghai(at):%Y-%m-%d %H:%M:%S}", at.isoformat(), seconds, str(seconds), seconds * 1000, str(seconds * 1000)]

    assert {moment(each, "at") for each in written} == {at}
    assert moment(seconds * 1000 + 7, "at") == at + timedelta(milliseconds=7)


@given(st.integers(1, 2**63 - 1))
def test_an_id_of_64_bits_keeps_all_its_digits(number: int) -> None:
    assert ident(number, "goods_id") == str(number)
    assert ident(str(number), "goods_id") == str(number)
    assert order_sighting(wire(order(item_list=[{"goods_id": number}]))).facts.goods_id == str(number)


@given(st.sets(st.sampled_from(sorted(WireOrder.__struct_fields__)), min_size=1))
def test_it_gives_no_field_that_the_wire_is_silent_about(kept: set[str]) -> None:
    told = {name: value for name, value in order().items() if name in kept | {"order_sn"}}

    sighting = order_sighting(wire(told))

    silent = set(OrderFacts.__struct_fields__) - sighting.given
    assert all(getattr(sighting.facts, name) is None for name in silent)
    assert ("pay_amount" in sighting.given) is ("pay_amount" in told)
    assert ("receiver_masked" in sighting.given) is bool({"receiver_name_mask", "receiver_phone_mask"} & told.keys())
    assert ("stage" in sighting.given) is ("order_status" in told)
    assert "receive_amount" not in sighting.given
