"""Shipping through the gateway: once, changed, further parcels, checks, and what the carriers then say."""

from tests.emulator.caller import DAY, HOUR, SF, YTO, Caller, quiet, running

NUMBER, OTHER = "YT7600000000001", "YT7600000000002"


def test_it_ships_once_and_tells_the_second_time(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]

    assert shop.ship(order_sn, NUMBER)["is_success"] is True
    again = shop.refusal("pdd.logistics.online.send", order_sn=order_sn, logistics_id=YTO, tracking_number=OTHER)

    assert (again["error_code"], again["sub_code"]) == (50001, "LOGISTICS_ALREADY_SHIPPED")
    order = shop.order(order_sn)
    assert (order["order_status"], order["tracking_number"], order["logistics_id"]) == (2, NUMBER, YTO)
    assert order["shipping_time"] == "2026-03-02 09:00:00"


def test_it_overwrites_the_number_of_a_shipped_order(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    early = shop.refusal("pdd.logistics.online.send", order_sn=order_sn, logistics_id=YTO, tracking_number=NUMBER, redelivery_type=2)
    shop.ship(order_sn, NUMBER)
    shop.step(HOUR)

    shop.call("pdd.logistics.online.send", order_sn=order_sn, logistics_id=SF, tracking_number="SF1234567890123", redelivery_type=2)

    order = shop.order(order_sn)
    assert early["sub_code"] == "ORDER_NOT_SHIPPED"
    assert (order["tracking_number"], order["logistics_id"], order["shipping_time"]) == ("SF1234567890123", SF, "2026-03-02 09:00:00")


def test_it_ships_nothing_with_an_open_case(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.step(3 * HOUR)
    shop.do("buyer.asks", order_sn=order_sn)

    refused = shop.refusal("pdd.logistics.online.send", order_sn=order_sn, logistics_id=YTO, tracking_number=NUMBER)

    assert refused["sub_code"] == "ORDER_IN_AFTER_SALES"
    assert shop.order(order_sn)["order_status"] == 1
    assert shop.call("pdd.refund.status.check", order_sns=order_sn)["order_sns_exists_refund"] == [{"order_sn": order_sn}]


def test_it_checks_before_shipping(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]

    fits = shop.call("pdd.open.logistics.pre.check", order_sn=order_sn, ship_code="YTO", tracking_number=NUMBER)
    does_not = shop.call("pdd.open.logistics.pre.check", order_sn=order_sn, ship_code="SF", tracking_number=NUMBER)

    assert (fits["allowed"], does_not["allowed"]) == (True, False)


def test_it_keeps_further_parcels_apart(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    tracks = [{"shipping_id": YTO, "tracking_number": OTHER}]
    early = shop.refusal("pdd.order.upload.extra.logistics", order_sn=order_sn, extra_track_list=tracks, extra_track_type=1)
    shop.ship(order_sn, NUMBER)

    for kind in (1, 2, 3):
        shop.call("pdd.order.upload.extra.logistics", order_sn=order_sn, extra_track_list=tracks, extra_track_type=kind)

    order = shop.order(order_sn)
    expected = [{"logistics_id": YTO, "tracking_number": OTHER}]
    assert early["sub_code"] == "ORDER_NOT_SHIPPED"
    assert [order[name] for name in ("extra_delivery_list", "resend_delivery_list", "gift_delivery_list")] == [expected] * 3


def test_it_refuses_carriers_and_orders_it_does_not_know(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]

    assert shop.refusal("pdd.logistics.online.send", order_sn=order_sn, logistics_id=2, tracking_number=NUMBER)["sub_code"] == "LOGISTICS_COMPANY_NOT_FOUND"
    assert shop.refusal("pdd.logistics.online.send", order_sn="260302-000000000000001", logistics_id=YTO, tracking_number=NUMBER)["error_code"] == 45001


def test_it_lists_a_carrier_that_has_ceased_and_takes_no_parcel_of_it(shop: Caller) -> None:
    listed = {each["id"]: each["available"] for each in shop.call("pdd.logistics.companies.get")["logistics_companies"]}
    refused = shop.refusal("pdd.logistics.online.send", order_sn=shop.new_orders()[0], logistics_id=902, tracking_number=NUMBER)

    assert (listed[901], listed[902], listed[YTO]) == (1, 0, 1)
    assert refused["sub_code"] == "LOGISTICS_COMPANY_UNAVAILABLE"


def test_a_parcel_is_scanned_until_it_is_signed_for(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, NUMBER)
    nothing_yet = shop.refusal("pdd.logistics.ordertrace.get", company_code="YTO", mail_no=NUMBER, cache=False)
    shop.step(DAY)
    first = shop.call("pdd.logistics.ordertrace.get", company_code="YTO", mail_no=NUMBER)["trace_list"]
    shop.step(8 * DAY)
    last = shop.call("pdd.logistics.ordertrace.get", company_code="YTO", mail_no=NUMBER)["trace_list"]

    assert (nothing_yet["error_code"], nothing_yet["sub_code"]) == (50001, "ISV_TRACK_ERROR")
    assert first[0]["status_desc"] == "揽收"
    assert last[: len(first)] == first
    assert (last[-1]["action"], last[-1]["status_desc"]) == ("SIGN", "签收")
    order = shop.order(order_sn)
    assert (order["order_status"], order["receive_time"]) == (3, last[-1]["time"])


def test_a_parcel_can_be_lost_on_purpose(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    early = shop.http.post("/_do", json={"act": "parcel.stops", "order_sn": order_sn})
    shop.ship(order_sn, NUMBER)
    shop.step(DAY)
    before = shop.call("pdd.logistics.ordertrace.get", company_code="YTO", mail_no=NUMBER)["trace_list"]
    shop.do("parcel.stops", order_sn=order_sn)
    shop.step(8 * DAY)

    assert early.status_code == 409
    assert shop.call("pdd.logistics.ordertrace.get", company_code="YTO", mail_no=NUMBER)["trace_list"] == before
    assert shop.order(order_sn)["order_status"] == 2
    assert (shop.state("parcels")[0]["fate"], shop.state("indicators")[0]["logistics_abnormal_rate"]) == ("lost", 1.0)


def test_a_number_in_the_wrong_shape_is_never_scanned(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "12345678", carrier=SF)
    shop.step(3 * DAY)

    assert shop.refusal("pdd.logistics.ordertrace.get", company_code="SF", mail_no="12345678")["sub_code"] == "ISV_TRACK_ERROR"
    assert next((each["kind"], each["why"]) for each in shop.state("penalties")) == ("false_shipment", "上传运单号24小时内无揽收记录")


def test_old_parcels_can_be_traced_too() -> None:
    with running(quiet(size={"history": 40, "history_days": 30})) as shop:
        old = next(line["order"] for line in shop.state("orders") if line["order"]["order_status"] == 3)
        code = {85: "YTO", 44: "SF", 384: "JTSD"}[old["logistics_id"]]

        traced = shop.call("pdd.logistics.ordertrace.get", company_code=code, mail_no=old["tracking_number"])["trace_list"]

        assert traced[-1]["time"] == old["receive_time"]
        assert traced[0]["time"] > old["shipping_time"]
