"""The vectors of the platform's guide and of the clients that others run."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.connectors.pdd.shipping import agree_refund
from zhanggui.connectors.pdd.signing import message_digest, signature

SECRET = "testSecret"


def test_it_signs_the_example_of_the_official_guide() -> None:
    parameters = {
        "access_token": "asd78172s8ds9a921j9qqwda12312w1w21211",
        "client_id": "1",
        "data_type": "XML",
        "order_status": "1",
        "page": "1",
        "page_size": "10",
        "timestamp": "1480411125",
        "type": "pdd.order.number.list.get",
    }

    assert signature(SECRET, parameters) == "E4DE3ED21002510DED352819E7AE6775"


def test_it_signs_a_nested_parameter_as_the_text_that_is_sent() -> None:
    call = agree_refund("260101-123456789012345", "1001", "同意")
    common = {"access_token": "tok", "client_id": "1", "data_type": "JSON", "timestamp": "1700000000", "type": call.method}

    signed = signature(SECRET, {**common, **call.params})

    assert call.params["request"] == '{"order_sn":"260101-123456789012345","after_sales_id":1001,"operate_desc":"同意"}'
    assert signed == "8105E39A8B0BA9A5F71461A278F94D18"


def test_it_signs_a_shipment_like_the_client_that_others_run() -> None:
    parameters = {
        "access_token": "tok",
        "client_id": "1",
        "logistics_id": "115",
        "order_sn": "260101-123456789012345",
        "timestamp": "1700000000",
        "tracking_number": "76000000000001",
        "type": "pdd.logistics.online.send",
    }

    assert signature(SECRET, parameters) == "FD774D64082FF8E77B8AE78D8006E96E"


def test_it_makes_the_digest_of_the_message_socket() -> None:
    assert message_digest("app", 1700000000000, "secret") == "OTgxODMwNDI2NWZiN2NiNzA2NzIxOTI0ZjJlMDMxMjE="


@given(st.dictionaries(st.text(min_size=1), st.text()), st.text())
def test_it_leaves_an_older_signature_out_of_the_new_one(parameters: dict[str, str], secret: str) -> None:
    bare = {name: value for name, value in parameters.items() if name != "sign"}

    assert signature(secret, bare | {"sign": "OLD"}) == signature(secret, bare)
    assert len(signature(secret, bare)) == len(hashlib.md5(usedforsecurity=False).hexdigest())
