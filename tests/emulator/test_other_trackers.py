"""快递鸟 and 快递100 see the same parcels, each in its own wire form."""

import hashlib
import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.caller import DAY, Caller
from zhanggui.emulator.carriers.kdniao import data_sign

NUMBER = "YT7600000000001"


@pytest.fixture
def travelled(shop: Caller) -> Caller:
    """A shop with one parcel that has arrived."""
    shop.ship(shop.new_orders()[0], NUMBER)
    shop.step(8 * DAY)
    return shop


def bird(shop: Caller, data: dict[str, Any], kind: str = "1002", key: str = "", *, twice: bool = False) -> dict[str, Any]:
    """An answer of 快递鸟."""
    text = json.dumps(data)
    form = {
        "RequestData": quote(text) if twice else text, "EBusinessID": shop.line.client_id, "RequestType": kind, "DataType": "2",
        "DataSign": data_sign(text, key or shop.line.client_secret),
    }  # fmt: skip
    answer: dict[str, Any] = shop.http.post("/Ebusiness/EbusinessOrderHandle.aspx", data=form).json()
    return answer


def hundred(shop: Caller, key: str = "", **param: str) -> dict[str, Any]:
    """An answer of 快递100."""
    text = json.dumps({"com": "yuantong", "num": NUMBER, **param})
    sign = hashlib.md5(f"{text}{key or shop.line.client_secret}{shop.line.client_id}".encode(), usedforsecurity=False).hexdigest().upper()
    answer: dict[str, Any] = shop.http.post("/poll/query.do", data={"customer": shop.line.client_id, "param": text, "sign": sign}).json()
    return answer


def test_the_bird_signs_the_printed_vector() -> None:
    data = '{"LogisticCode": "770000000000001", "OrderCode": "", "ShipperCode": "STO"}'

    assert data_sign(data, "test-api-key") == "OWE5NTA5YTVjOTkwZjRkMTM2NzQ0ZWM3ZjJjOTcyODU="


@pytest.mark.parametrize("twice", [False, True])
def test_the_bird_tells_the_scans_oldest_first(travelled: Caller, twice: bool) -> None:
    found = bird(travelled, {"LogisticCode": NUMBER, "ShipperCode": "YTO", "OrderCode": ""}, twice=twice)

    assert travelled.ledger(method="kdniao", LogisticCode=NUMBER)[0]["outcome"] == "ok"
    assert (found["Success"], found["State"], found["Traces"][0]["Action"], found["StateEx"]) == (True, "3", "1", "301")


def test_the_bird_refuses_and_knows_nothing(travelled: Caller) -> None:
    data = {"LogisticCode": NUMBER, "ShipperCode": "YTO"}

    assert bird(travelled, data, key="wrong")["Success"] is False
    assert bird(travelled, data | {"LogisticCode": "YT0000000000009"})["Reason"] == "暂无轨迹信息"
    assert bird(travelled, data, kind="2002")["Shippers"][0]["ShipperCode"] == "YTO"
    assert bird(travelled, data, kind="1008")["ResultCode"] == "100"


def test_the_hundred_tells_the_scans_newest_first(travelled: Caller) -> None:
    found = hundred(travelled, resultv2="4")

    assert travelled.ledger(method="kuaidi100.query")[0]["keys"] == {"com": "yuantong", "num": NUMBER}
    assert (found["status"], found["state"], found["ischeck"], found["data"][0]["status"]) == ("200", "3", "1", "签收")
    assert found["data"][-1]["statusCode"] == "103"


def test_the_hundred_refuses_and_knows_nothing(travelled: Caller) -> None:
    assert hundred(travelled, key="wrong")["returnCode"] == "503"
    assert hundred(travelled, num="YT0000000000009")["returnCode"] == "500"
    assert hundred(travelled, com="shunfeng")["returnCode"] == "408"
    poll = json.dumps({"company": "yuantong", "number": NUMBER, "key": travelled.line.client_secret})
    assert travelled.http.post("/poll", data={"param": poll}).json()["returnCode"] == "200"
