"""Repairs, parcels refused by agreement, and parcels called back: what only the back office starts and the gateway shows."""

import pytest

from tests.emulator.caller import DAY, HOUR, Caller, quiet, running
from tests.emulator.test_refunds import asked, received

DETAIL, WAREHOUSE = "pdd.refund.information.get", "pdd.nextone.logistics.warehouse.update"


def state_of(shop: Caller, order_sn: str) -> tuple[int, int]:
    """The state of an order's newest case, and the refund status of the order."""
    return shop.call(DETAIL, order_sn=order_sn)["after_sales_status"], shop.order(order_sn)["refund_status"]


def under_way(shop: Caller) -> str:
    """An order whose parcel was picked up and is not yet out for delivery, with a refund asked for."""
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "YT7600000000001")
    while not shop.state("parcels")[0]["scans"]:
        shop.step(HOUR)
    asked(shop, order_sn, 1)
    return order_sn


def test_a_repair_goes_out_and_comes_back() -> None:
    with running(quiet(buyers={"send_back": 1.0})) as shop:
        order_sn = received(shop)
        asked(shop, order_sn, 5)
        first = state_of(shop, order_sn)
        limit = shop.call(DETAIL, order_sn=order_sn)["expire_time"]
        agreed = shop.do("seller.agrees_to_repair", order_sn=order_sn)["status"]
        shop.step(3 * DAY)
        sent = shop.call(DETAIL, order_sn=order_sn)
        shop.do("return.arrives", order_sn=order_sn)
        under_repair = shop.do("seller.sends_repaired", order_sn=order_sn)["status"]
        shop.step(7 * DAY)
        last = state_of(shop, order_sn)

    assert (first, agreed, under_repair, last) == ((21, 2), 22, 27, (25, 1))
    assert limit is not None
    assert (sent["after_sales_status"], bool(sent["express_no"])) == (22, True)


def test_a_repair_whose_goods_never_come_is_closed() -> None:
    with running(quiet(buyers={"send_back": 0.0})) as shop:
        order_sn = received(shop)
        asked(shop, order_sn, 5)
        shop.do("seller.agrees_to_repair", order_sn=order_sn)
        shop.step(8 * DAY)

        assert state_of(shop, order_sn) == (24, 1)


def test_a_buyer_withdraws_a_repair(shop: Caller) -> None:
    order_sn = received(shop)
    asked(shop, order_sn, 5)

    assert shop.do("buyer.withdraws", order_sn=order_sn)["status"] == 24


def test_a_parcel_refused_by_agreement_is_paid_back_when_it_is_refused(shop: Caller) -> None:
    order_sn = under_way(shop)

    agreed = shop.do("seller.agrees_if_refused", order_sn=order_sn)["status"]
    shop.step(9 * DAY)

    assert agreed == 31
    assert state_of(shop, order_sn) == (10, 4)
    assert [scan["action"] for scan in shop.state("parcels")[0]["scans"]][-2:] == ["REJECT", "RETURN_SIGN"]
    assert shop.order(order_sn)["order_status"] == 2


def test_a_parcel_called_back_is_paid_back_when_it_is_home(shop: Caller) -> None:
    order_sn = under_way(shop)

    agreed = shop.do("seller.recalls", order_sn=order_sn)["status"]
    limit = shop.call(DETAIL, order_sn=order_sn)["expire_time"]
    shop.step(3 * DAY)

    assert agreed == 33
    assert limit is not None
    assert state_of(shop, order_sn) == (10, 4)
    assert shop.state("parcels")[0]["fate"] == "recalled"


@pytest.mark.parametrize(("status", "after"), [(1, 4), (2, 2)])
def test_the_warehouse_says_whether_a_recall_succeeded(shop: Caller, status: int, after: int) -> None:
    order_sn = under_way(shop)
    ident = shop.do("seller.recalls", order_sn=order_sn)["after_sales_id"]

    request = {"order_sn": order_sn, "after_sales_id": ident, "warehouse_status": status, "operate_time": 1, "reverse_tracking_number": "YT7600000000001"}
    shop.call(WAREHOUSE, request=request)

    assert state_of(shop, order_sn)[0] == after


def test_only_what_is_on_its_way_can_be_called_back(shop: Caller) -> None:
    order_sn = received(shop)
    asked(shop, order_sn, 1)

    answers = [shop.http.post("/_do", json={"act": act, "order_sn": order_sn}) for act in ("seller.recalls", "seller.agrees_if_refused")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert state_of(shop, order_sn)[0] == 2


def test_the_pictures_of_a_request_can_be_had(shop: Caller) -> None:
    order_sn = received(shop)
    ident = shop.do("buyer.asks", order_sn=order_sn, kind=2, reason="质量问题")["after_sales_id"]

    pictures = shop.call("pdd.refund.images.get", order_sn=order_sn, after_sales_id=ident)["images"]

    assert pictures == shop.call(DETAIL, order_sn=order_sn)["images"]
    assert pictures
