"""Electronic waybills: the same number for the same purpose, given back once, counted."""

import json
from typing import Any

from tests.emulator.caller import YTO, Caller

NAME = "param_waybill_cloud_print_apply_new_request"


def document(shop: Caller, order_sn: str, object_id: str = "1") -> dict[str, Any]:
    """One document for an order, with its ciphertext as the receiver."""
    order = shop.order(order_sn)
    recipient = {"name": order["receiver_name"], "mobile": order["receiver_phone"], "address": {"province": order["province"], "detail": order["address"]}}
    return {
        "object_id": object_id, "user_id": 1, "template_url": "https://file-link.pinduoduo.com/yto_one",
        "order_info": {"order_channels_type": "PDD", "trade_order_list": [order_sn]},
        "package_info": {"id": "1", "items": [{"name": "x", "count": 1}]}, "recipient": recipient,
    }  # fmt: skip


def taken(shop: Caller, *documents: dict[str, Any], code: str = "YTO") -> list[dict[str, Any]]:
    """The numbers taken for these documents."""
    request = {
        "wp_code": code,
        "need_encrypt": True,
        "sender": {"name": "林", "mobile": "13800000000", "address": {}},
        "trade_order_info_dtos": list(documents),
    }
    modules: list[dict[str, Any]] = shop.call("pdd.waybill.get", **{NAME: request})["modules"]
    return modules


def test_it_gives_the_same_number_for_the_same_purpose(shop: Caller) -> None:
    first, second = shop.new_orders(2)
    wanted = document(shop, first)

    once, again, other = taken(shop, wanted)[0], taken(shop, wanted)[0], taken(shop, document(shop, second))[0]

    assert once["waybill_code"] == again["waybill_code"] != other["waybill_code"]
    assert once["waybill_code"].startswith("YT")
    assert set(json.loads(once["print_data"])) == {"encryptedData", "signature", "templateUrl", "ver", "userid"}
    assert len(shop.ledger(effect="waybill.taken")) == 2


def test_it_counts_what_is_left_and_gives_back_once(shop: Caller) -> None:
    number = taken(shop, document(shop, shop.new_orders()[0]))[0]["waybill_code"]

    assert shop.call("pdd.waybill.cancel", waybill_code=number, wp_code="YTO")["cancel_result"] is True
    assert shop.refusal("pdd.waybill.cancel", waybill_code=number, wp_code="YTO")["sub_code"] == "WAYBILL_NOT_FOUND"
    account = shop.call("pdd.waybill.search", wp_code="YTO")["waybill_apply_subscription_cols"][0]["branch_account_cols"][0]
    assert (account["quantity"], account["allocated_quantity"], account["cancel_quantity"]) == (4_999_999, 1, 1)
    assert len(shop.call("pdd.waybill.search", wp_code="")["waybill_apply_subscription_cols"]) == 7


def test_a_number_that_travels_cannot_be_given_back(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    number = taken(shop, document(shop, order_sn))[0]["waybill_code"]
    shop.ship(order_sn, number, YTO)

    assert shop.refusal("pdd.waybill.cancel", waybill_code=number, wp_code="YTO")["sub_code"] == "WAYBILL_ALREADY_USED"


def test_it_updates_and_finds_numbers(shop: Caller) -> None:
    number = taken(shop, document(shop, shop.new_orders()[0]))[0]
    updated = shop.call("pdd.waybill.update", param_waybill_cloud_print_update_request={"waybill_code": number["waybill_code"], "wp_code": "YTO"})

    found = shop.call("pdd.waybill.query.by.waybillcode", param_list=[{"object_id": "1", "waybill_code": number["waybill_code"], "wp_code": "YTO"}])

    assert updated["print_data"] != number["print_data"]
    assert found["modules"][0]["print_data"] == updated["print_data"]


def test_it_refuses_eleven_documents_and_foreign_orders(shop: Caller) -> None:
    wanted = document(shop, shop.new_orders()[0])
    request = {"wp_code": "YTO", "sender": {}, "trade_order_info_dtos": [wanted] * 11}
    foreign = wanted | {"order_info": {"order_channels_type": "PDD", "trade_order_list": ["260302-000000000000001"]}}

    assert shop.refusal("pdd.waybill.get", **{NAME: request})["error_code"] == 21001
    assert shop.refusal("pdd.waybill.get", **{NAME: request | {"trade_order_info_dtos": [foreign]}})["error_code"] == 45001
    assert shop.refusal("pdd.waybill.get", **{NAME: request | {"wp_code": "DHL"}})["sub_code"] == "WAYBILL_NOT_SUBSCRIBED"


def test_it_names_templates(shop: Caller) -> None:
    datas = shop.call("pdd.cloudprint.stdtemplates.get", wp_code="JTSD")["result"]["datas"]

    assert datas[0]["standard_templates"][0]["standard_template_url"] == "https://file-link.pinduoduo.com/jtsd_one"
    assert shop.call("pdd.cloudprint.customares.get", template_id=1)["result"]["datas"][0]["keys"]
