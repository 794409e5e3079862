"""Cases through the gateway: two codings, two units, one state a call, and every act once."""

from typing import Any

import pytest

from tests.emulator.caller import DAY, HOUR, START_SECONDS, YTO, Caller

AGREE, RETURN, SWAP = "pdd.refund.agree", "pdd.refund.returngoods.agree", "pdd.refund.exchange.shipping"


def received(shop: Caller) -> str:
    """An order whose buyer has it."""
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "YT7600000000001")
    shop.step(8 * DAY)
    return order_sn


def waiting(shop: Caller) -> str:
    """An order that waits, too old for a refund at once."""
    order_sn = shop.new_orders()[0]
    shop.step(3 * HOUR)
    return order_sn


def asked(shop: Caller, order_sn: str, kind: int) -> dict[str, Any]:
    """The request of a call about a fresh case of this order."""
    ident = shop.do("buyer.asks", order_sn=order_sn, kind=kind)["after_sales_id"]
    return {"order_sn": order_sn, "after_sales_id": ident, "operate_desc": "同意"}


def listed(shop: Caller, status: int, kind: int = 1, **more: object) -> list[dict[str, Any]]:
    """The cases in a state that changed in the last half hour."""
    now = shop.now()
    span = {"start_updated_at": now - 1700, "end_updated_at": now}
    found: list[dict[str, Any]] = shop.call("pdd.refund.list.increment.get", **span, after_sales_status=status, after_sales_type=kind, **more)["refund_list"]
    return found


@pytest.mark.parametrize(("kind", "coded", "status"), [(1, 2, 2), (2, 3, 3), (3, 4, 14), (4, 5, 32), (5, 6, 21)])
def test_it_codes_a_case_one_way_in_the_list_and_another_in_the_detail(shop: Caller, kind: int, coded: int, status: int) -> None:
    order_sn = received(shop)
    case = asked(shop, order_sn, kind)

    item = listed(shop, status)[0]
    detail = shop.call("pdd.refund.information.get", order_sn=order_sn, after_sales_id=case["after_sales_id"])

    assert (item["id"], item["after_sales_type"], item["after_sales_status"]) == (case["after_sales_id"], coded, status)
    assert (detail["id"], detail["after_sales_type"], detail["after_sales_status"]) == (case["after_sales_id"], kind, status)
    assert isinstance(item["refund_amount"], str)
    assert detail["refund_amount"] == round(float(item["refund_amount"]) * 100)
    assert detail["updated_time"] == shop.now() * 1000
    assert [each["id"] for each in listed(shop, status, coded)] == [case["after_sales_id"]]
    assert listed(shop, status, 6 if coded != 6 else 5) == []


def test_the_detail_stands_at_the_top_and_its_limit_only_while_the_seller_must_act(shop: Caller) -> None:
    case = asked(shop, received(shop), 2)
    body = shop.raw("pdd.refund.information.get", {"order_sn": case["order_sn"]})
    shop.call(RETURN, request=case | {"return_address_id": 1})

    after = shop.call("pdd.refund.information.get", order_sn=case["order_sn"])

    assert body["after_sales_status"] == 3
    assert body["expire_time"] == (shop.now() + 36 * HOUR) * 1000
    assert (after["after_sales_status"], after["expire_time"]) == (7, None)


def test_it_wants_one_documented_state_and_a_window_of_half_an_hour(shop: Caller) -> None:
    span = {"start_updated_at": START_SECONDS, "end_updated_at": START_SECONDS + 1800, "after_sales_type": 1}

    assert shop.refusal("pdd.refund.list.increment.get", **span)["error_code"] == 21002
    assert shop.call("pdd.refund.list.increment.get", **span, after_sales_status=0)["refund_list"] == []
    assert shop.refusal("pdd.refund.list.increment.get", **span, after_sales_status=1)["error_code"] == 21001
    assert shop.refusal("pdd.refund.list.increment.get", **span | {"end_updated_at": START_SECONDS + 1801}, after_sales_status=2)["error_code"] == 21001


def test_a_number_overrules_the_other_filters_of_the_list(shop: Caller) -> None:
    case = asked(shop, received(shop), 2)

    assert [item["id"] for item in listed(shop, 10, 6, order_sn=case["order_sn"])] == [case["after_sales_id"]]


def test_agreeing_twice_changes_something_once(shop: Caller) -> None:
    case = asked(shop, waiting(shop), 1)
    first = shop.call(AGREE, request=case)["result"]
    second = shop.refusal(AGREE, request=case)
    shop.step(900)

    assert (first["succ"], first["after_sales_id"]) == (True, case["after_sales_id"])
    assert second["sub_code"] == "AFTER_SALES_STATUS_CHANGED"
    ident = str(case["after_sales_id"])
    told = shop.ledger(method=AGREE, after_sales_id=ident)
    assert [entry["outcome"] for entry in told] == ["ok", "50001"]
    assert len(shop.ledger(effect="refund.agreed", after_sales_id=ident)) == 1
    order = shop.order(case["order_sn"])
    assert (order["order_status"], order["refund_status"], order["after_sales_status"]) == (1, 4, 10)


def test_it_refuses_a_case_of_another_order(shop: Caller) -> None:
    case = asked(shop, waiting(shop), 1)
    other = shop.new_orders()[0]

    assert shop.refusal(AGREE, request=case | {"order_sn": other})["sub_code"] == "AFTER_SALES_NOT_FOUND"
    assert shop.refusal(AGREE, request=case | {"after_sales_id": 1})["sub_code"] == "AFTER_SALES_NOT_FOUND"


def test_a_return_is_agreed_sent_back_and_paid_back(shop: Caller) -> None:
    case = asked(shop, received(shop), 2)
    early = shop.refusal(AGREE, request=case)
    address = shop.call("pdd.refund.address.list.get")["refund_address_list"][0]["refund_address_id"]
    shop.call(RETURN, request=case | {"return_address_id": address})
    shop.do("buyer.sends_back", order_sn=case["order_sn"])
    item = listed(shop, 3)[0]
    shop.call(AGREE, request=case)
    shop.step(900)

    assert early["sub_code"] == "AFTER_SALES_STATUS_CHANGED"
    assert item["tracking_number"]
    assert item["shipping_name"]
    assert listed(shop, 10)[0]["id"] == case["after_sales_id"]
    assert shop.order(case["order_sn"])["refund_status"] == 4


def test_an_exchange_ends_with_the_replacement(shop: Caller) -> None:
    case = asked(shop, received(shop), 3)
    parcel = {"order_sn": case["order_sn"], "after_sales_id": case["after_sales_id"], "shipping_id": YTO, "tracking_number": "YT7600000000009"}
    early = shop.refusal(SWAP, request=parcel)
    shop.call(RETURN, request=case | {"return_address_id": 1})
    shop.do("buyer.sends_back", order_sn=case["order_sn"])
    shop.call(SWAP, request=parcel)
    shop.step(7 * DAY)

    detail = shop.call("pdd.refund.information.get", order_sn=case["order_sn"])
    assert early["sub_code"] == "AFTER_SALES_STATUS_CHANGED"
    assert detail["after_sales_status"] == 16
    assert detail["exchange_shipping_detail"]["merchant_exchange_trunk_number"] == "YT7600000000009"
    assert shop.order(case["order_sn"])["refund_status"] == 1


def test_holding_a_parcel_back_refunds_and_failing_to_does_not(shop: Caller) -> None:
    numbers = shop.new_orders(2)
    shop.step(3 * HOUR)
    held, gone = (asked(shop, order_sn, 1) for order_sn in numbers)

    def answer(case: dict[str, Any], **more: object) -> dict[str, object]:
        return {"tid": case["order_sn"], "refund_id": case["after_sales_id"], "refund_fee": 1, "operate_time": 1, "msg": "", **more}

    name = "pdd.rdc.pddgenius.sendgoods.cancel"
    success = shop.call(name, param=answer(held, status="SUCCESS"))
    unexplained = shop.refusal(name, param=answer(gone, status="FAIL"))
    shop.call(name, param=answer(gone, status="FAIL", fail_reason_code=1003))
    shop.step(900)

    assert success["result"] == {"result_data": {"refund_id": held["after_sales_id"]}}
    assert unexplained["error_code"] == 21001
    found = {each["detail"]["id"]: (each["detail"]["after_sales_status"], each["list"]["speed_refund_status"]) for each in shop.state("cases")}
    assert found == {held["after_sales_id"]: (10, "1"), gone["after_sales_id"]: (2, "2")}


def test_a_warehouse_that_has_the_goods_pays_back(shop: Caller) -> None:
    case = asked(shop, waiting(shop), 1)

    shop.call("pdd.nextone.logistics.warehouse.update", request=case | {"warehouse_status": 1, "operate_time": 1, "reverse_tracking_number": "YT1"})
    shop.step(900)

    assert shop.call("pdd.refund.information.get", order_sn=case["order_sn"])["after_sales_status"] == 10


def test_a_rejected_buyer_who_does_nothing_loses_the_case(shop: Caller) -> None:
    case = asked(shop, received(shop), 2)
    shop.do("seller.rejects", after_sales_id=case["after_sales_id"], reason="影响二次销售")
    shop.do("buyer.withdraws", after_sales_id=case["after_sales_id"])

    assert shop.call("pdd.refund.information.get", order_sn=case["order_sn"])["after_sales_status"] == 11
    assert shop.order(case["order_sn"])["refund_status"] == 1
