"""Text messages to ciphertext numbers, promises to buyers, carriers for cities."""

from tests.emulator.caller import Caller, quiet, running

SEND, RECORDS = "pdd.open.msg.service.send.msg", "pdd.open.msg.service.query.msg.record"


def test_it_texts_ciphertext_numbers_only(shop: Caller) -> None:
    number = shop.order(shop.new_orders()[0])["receiver_phone"]
    message = {"sign_name": "林家小店", "template_code": 7, "template_param": {"day": "明天"}}

    clear = shop.refusal(SEND, phone_numbers=["13800000000"], **message)
    sent = shop.call(SEND, phone_numbers=[number], **message)
    found = shop.call(RECORDS, phone_number=number, send_date="20260302", page_number=1, page_size=10)

    assert (clear["error_code"], sent["code"]) == (21001, 0)
    assert (found["total_count"], found["sms_send_details"][0]["template_code"]) == (1, "7")
    assert shop.refusal(RECORDS, phone_number=number, send_date="20260101", page_number=1, page_size=10)["error_code"] == 21001
    assert shop.refusal(RECORDS, phone_number=number, send_date="today", page_number=1, page_size=10)["error_code"] == 21001


def test_it_tells_what_was_promised_by_order_or_by_promise() -> None:
    with running(quiet(buyers={"promise": 1.0})) as shop:
        order_sn = shop.new_orders()[0]
        before = shop.call("pdd.order.promise.info.get", order_sn=order_sn)["promise_info"]
        shop.ship(order_sn, "YT7600000000001")
        after = shop.call("pdd.order.promise.info.get", promise_id=before["promise_id"])["promise_info"]

        assert (before["order_sn"], before["promise_status"], after["promise_status"]) == (order_sn, 1, 3)


def test_it_knows_no_promise_where_none_was_made(shop: Caller) -> None:
    assert shop.refusal("pdd.order.promise.info.get", order_sn=shop.new_orders()[0])["sub_code"] == "PROMISE_NOT_FOUND"
    assert shop.refusal("pdd.order.promise.info.get", promise_id=1)["sub_code"] == "PROMISE_NOT_FOUND"


def test_it_recommends_carriers_and_names_regions(shop: Caller) -> None:
    result = shop.call("pdd.logistics.available.company.recommend", city_id=[383, 76])["result"]
    regions = shop.raw("pdd.logistics.address.get", token=False)["logistics_address_get_response"]["logistics_address_list"]

    assert [each["city_id"] for each in result] == [383, 76]
    assert 85 in result[0]["company_id"]
    assert {region["region_type"] for region in regions if region["id"] in (31, 383)} == {1, 2}
