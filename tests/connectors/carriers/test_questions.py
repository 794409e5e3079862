"""Questions to tracking services: what is sent, signed as the services' own clients sign it; and who can be asked about at all."""

import json

import pytest

from zhanggui.connectors.carriers import kdniao, kuaidi100
from zhanggui.connectors.carriers.asking import Account, Parcel, phone_tail
from zhanggui.connectors.carriers.errors import TrackerError
from zhanggui.connectors.carriers.tables import codes_of
from zhanggui.connectors.pdd.doors import UnsafeDoor
from zhanggui.connectors.pdd.errors import Trouble

ACCOUNT = Account("CUSTOMER", "test-api-key", "https://poll.kuaidi100.com/poll/query.do")


def test_the_hundred_is_asked_by_a_signed_form() -> None:
    question = kuaidi100.query(ACCOUNT, Parcel("YT7600000000001", "圆通快递"))

    # upper MD5 over param + key + customer, worked out with md5sum
    assert question.params == {
        "customer": "CUSTOMER",
        "param": '{"com":"yuantong","num":"YT7600000000001","resultv2":"4","order":"asc"}',
        "sign": kuaidi100.signature('{"com":"yuantong","num":"YT7600000000001","resultv2":"4","order":"asc"}', "test-api-key", "CUSTOMER"),
    }
    assert kuaidi100.signature('{"com":"yuantong"}', "K", "C") == "8837AFFD1786D12596635224495A2795"


def test_the_bird_signs_the_vector_of_its_own_python_client() -> None:
    data = '{"LogisticCode": "770000000000001", "OrderCode": "", "ShipperCode": "STO"}'

    assert kdniao.signature(data, "test-api-key") == "OWE5NTA5YTVjOTkwZjRkMTM2NzQ0ZWM3ZjJjOTcyODU="


@pytest.mark.parametrize("request_type", [kdniao.IMMEDIATE, kdniao.IN_TRANSIT])
def test_the_bird_is_asked_by_a_signed_form(request_type: str) -> None:
    question = kdniao.query(ACCOUNT, Parcel("770000000000001", "申通"), request_type)

    assert question.params["RequestData"] == '{"OrderCode":"","ShipperCode":"STO","LogisticCode":"770000000000001"}'
    assert question.params["DataSign"] == kdniao.signature(question.params["RequestData"], "test-api-key")
    assert {name: question.params[name] for name in ("EBusinessID", "RequestType", "DataType")} == {
        "EBusinessID": "CUSTOMER",
        "RequestType": request_type,
        "DataType": "2",
    }


def test_the_last_four_digits_go_only_where_the_carrier_needs_them() -> None:
    sf, yto = Parcel("SF1234567890123", "顺丰速运", "5678"), Parcel("YT7600000000001", "圆通", "5678")

    assert json.loads(kuaidi100.query(ACCOUNT, sf).params["param"])["phone"] == "5678"
    assert json.loads(kdniao.query(ACCOUNT, sf).params["RequestData"])["CustomerName"] == "5678"
    assert "5678" not in str(kuaidi100.query(ACCOUNT, yto).params) + str(kdniao.query(ACCOUNT, yto).params)


@pytest.mark.parametrize(
    ("masked", "tail"),
    [
        ("张* 138****5678", "5678"),
        ("138****5678", "5678"),
        ("张*", ""),
        (None, ""),
        ("138********", ""),
        ("138****567", ""),
        ("138****56789", ""),
        ("张* 13812345678", ""),  # a number in the clear never gets this far, and would not be used
        ("0571****5678", ""),
    ],
)
def test_the_last_four_digits_come_from_the_mask_alone(masked: str | None, tail: str) -> None:
    assert phone_tail(masked) == tail


@pytest.mark.parametrize("query", [kuaidi100.query, kdniao.query])
def test_a_carrier_that_wants_digits_which_nobody_shows_is_not_asked_about(query: object) -> None:
    with pytest.raises(TrackerError) as refused:
        query(ACCOUNT, Parcel("SF1234567890123", "顺丰速运"))  # type: ignore[operator]

    assert (refused.value.do, refused.value.trouble) == ("phone", Trouble.FOREVER)


def test_a_carrier_goes_by_its_code_on_the_platform_where_its_name_says_nothing() -> None:
    assert kuaidi100.query(ACCOUNT, Parcel("YT7600000000001", "logistics_id 900", code="YTO")).params["param"].count("yuantong") == 1


@pytest.mark.parametrize("name", ["某某速递", ""])
def test_a_carrier_without_a_code_is_not_asked_about(name: str) -> None:
    with pytest.raises(TrackerError) as refused:
        kuaidi100.query(ACCOUNT, Parcel("123456789012", name))

    assert (refused.value.do, refused.value.trouble) == ("carrier", Trouble.FOREVER)


@pytest.mark.parametrize(
    ("name", "hundred", "bird"),
    [
        ("顺丰", "shunfeng", "SF"),
        ("中通快递", "zhongtong", "ZTO"),
        ("圆通速递", "yuantong", "YTO"),
        ("申通", "shentong", "STO"),
        ("韵达快递", "yunda", "YD"),
        ("极兔速递", "jtexpress", "JTSD"),
        ("邮政快递包裹", "youzhengguonei", "YZPY"),
        ("邮政EMS", "ems", "EMS"),
        ("德邦快递", "debangkuaidi", "DBL"),
        ("德邦物流", "debangwuliu", ""),
        ("京东物流", "jd", "JD"),
        ("百世快递", "", "HTKY"),
    ],
)
def test_carriers_are_found_by_the_names_that_orders_use(name: str, hundred: str, bird: str) -> None:
    found = codes_of(name)

    assert found is not None
    assert (found.kuaidi100, found.kdniao) == (hundred, bird)


def test_the_key_is_never_shown_nor_sent_in_the_clear() -> None:
    assert "test-api-key" not in repr(ACCOUNT)
    assert "test-api-key" not in str(kuaidi100.query(ACCOUNT, Parcel("YT7600000000001", "圆通")).params)
    with pytest.raises(UnsafeDoor):
        Account("CUSTOMER", "test-api-key", "http://poll.kuaidi100.com/poll/query.do")
