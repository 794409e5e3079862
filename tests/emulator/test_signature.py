"""Signatures: the printed vectors, and what holds for any parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.emulator.caller import sign
from zhanggui.emulator.sockets.digest import digest, is_digest
from zhanggui.emulator.wire.parameters import from_body, from_json
from zhanggui.emulator.wire.signature import is_signed, signed

GUIDE = {
    "access_token": "asd78172s8ds9a921j9qqwda12312w1w21211", "client_id": "1", "data_type": "XML", "order_status": "1",
    "page": "1", "page_size": "10", "timestamp": "1480411125", "type": "pdd.order.number.list.get",
}  # fmt: skip
AGREE = {
    "access_token": "tok", "client_id": "1", "data_type": "JSON", "timestamp": "1700000000", "type": "pdd.refund.agree",
    "request": '{"order_sn":"260101-123456789012345","after_sales_id":1001,"operate_desc":"同意"}',
}  # fmt: skip
SEND = {
    "access_token": "tok", "client_id": "1", "logistics_id": "115", "order_sn": "260101-123456789012345", "timestamp": "1700000000",
    "tracking_number": "76000000000001", "type": "pdd.logistics.online.send",
}  # fmt: skip
NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12).filter(lambda name: name != "sign")
PARAMETERS = st.dictionaries(NAMES, st.text(max_size=30), max_size=8)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [(GUIDE, "E4DE3ED21002510DED352819E7AE6775"), (AGREE, "8105E39A8B0BA9A5F71461A278F94D18"), (SEND, "FD774D64082FF8E77B8AE78D8006E96E")],
)
def test_it_signs_the_printed_vectors(parameters: dict[str, str], expected: str) -> None:
    assert signed("testSecret", parameters) == expected
    assert is_signed("testSecret", parameters | {"sign": expected}, expected)


def test_it_makes_the_printed_digest_of_the_message_socket() -> None:
    expected = "OTgxODMwNDI2NWZiN2NiNzA2NzIxOTI0ZjJlMDMxMjE="

    assert digest("app", "1700000000000", "secret") == expected
    assert is_digest("app", "1700000000000", "secret", expected.rstrip("="))
    assert not is_digest("app", "1700000000001", "secret", expected)


@given(PARAMETERS, st.text(min_size=1, max_size=20))
def test_it_agrees_with_a_second_hand_on_any_parameters(parameters: dict[str, str], secret: str) -> None:
    assert signed(secret, parameters) == sign(secret, parameters)


@given(PARAMETERS, NAMES, st.text(min_size=1, max_size=5))
def test_it_notices_any_change(parameters: dict[str, str], name: str, more: str) -> None:
    signature = signed("secret", parameters)
    changed = parameters | {name: parameters.get(name, "") + more}

    assert not is_signed("secret", changed, signature)


@given(PARAMETERS)
def test_it_takes_a_signature_made_without_the_empty_ones(parameters: dict[str, str]) -> None:
    filled = {name: value for name, value in parameters.items() if value}

    assert is_signed("secret", parameters, signed("secret", filled))


def test_it_reads_scalars_of_a_json_body_as_they_were_signed() -> None:
    body = '{"page": 1, "use_has_next": true, "off": false, "rate": 1.50, "name": "同\\u610f", "none": null, "request": {"a": [1, 2]}}'

    expected = {"page": "1", "use_has_next": "true", "off": "false", "rate": "1.50", "name": "同意", "request": '{"a": [1, 2]}'}
    assert from_json(body.encode()) == expected


def test_it_reads_a_form_body() -> None:
    assert from_body("application/x-www-form-urlencoded", b"a=1&b=%E5%90%8C&c=") == {"a": "1", "b": "同", "c": ""}
