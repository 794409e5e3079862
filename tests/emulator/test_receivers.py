"""Orders found by their receiver, and orders sent to another door."""

from tests.emulator.caller import DAY, HOUR, START_SECONDS, Caller
from zhanggui.emulator.world.people import person

MOVE = "pdd.order.update.address"
NEW_DOOR = {"province": "浙江省", "province_id": 31, "city": "杭州市", "city_id": 383, "town": "西湖区", "town_id": 3233, "address": "文三路1号"}


def test_orders_are_found_by_name_or_number_newest_first(shop: Caller) -> None:
    shop.new_orders(40)
    shop.step(HOUR)
    told = shop.new_orders(40)
    masks = {line["order"]["order_sn"]: line["order"]["receiver_phone_mask"] for line in shop.state("orders")}
    # the shop of these tests has fifty buyers; only who made the world knows their clear numbers
    people = [person(1 * 1009, buyer) for buyer in range(50)]
    wanted = next(who for who in people if masks[told[-1]] == f"{who.phone[:3]}****{who.phone[-4:]}")

    window = {"start_created_at": START_SECONDS - DAY, "end_created_at": shop.now()}
    by_phone = shop.call("pdd.order.search.order", **window, receiver_phone=wanted.phone)["order_sn_list"]
    by_name = shop.call("pdd.order.search.order", **window, receiver_name=wanted.name)["order_sn_list"]

    assert set(by_phone) == {order_sn for order_sn, mask in masks.items() if mask == masks[told[-1]]}
    assert by_phone[0] == told[-1]
    assert set(by_phone) <= set(by_name)


def test_a_search_needs_a_receiver_and_ends_at_ninety_days(shop: Caller) -> None:
    window = {"start_created_at": START_SECONDS - 91 * DAY, "end_created_at": START_SECONDS}

    assert shop.refusal("pdd.order.search.order", **window, receiver_name="王伟")["error_code"] == 21001
    assert shop.refusal("pdd.order.search.order", **window | {"start_created_at": START_SECONDS - DAY})["error_code"] == 21002


def test_an_order_is_sent_to_another_door(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    before = shop.order(order_sn)

    answer = shop.call(MOVE, order_sn=order_sn, **NEW_DOOR)
    after = shop.order(order_sn)

    assert answer["success"] is True
    assert answer["result"]["order_sn"] == order_sn
    assert (after["province"], after["city"], after["town"], after["receiver_address_mask"]) == ("浙江省", "杭州市", "西湖区", "文三路******")
    assert after["receiver_name_mask"] == before["receiver_name_mask"]
    assert after["receiver_address"] != before["receiver_address"]
    assert after["open_address_id_2"] != before["open_address_id_2"]
    assert [entry["effects"] for entry in shop.ledger(effect="order.readdressed")] == [[f"order.readdressed:{order_sn}"]]


def test_two_orders_sent_to_one_door_may_travel_together(shop: Caller) -> None:
    numbers = shop.new_orders(2)
    for order_sn in numbers:
        shop.call(MOVE, order_sn=order_sn, **NEW_DOOR, receiver_name="王伟", receiver_phone="13900000000")

    groups = shop.call("pdd.order.merge.ship.order.group", order_list=",".join(numbers))["order_sn_list"]

    assert [sorted(group) for group in groups] == [sorted(numbers)]


def test_a_shipped_order_stays_where_it_goes(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "YT7600000000001")
    before = shop.order(order_sn)

    refusal = shop.refusal(MOVE, order_sn=order_sn, **NEW_DOOR)

    assert (refusal["error_code"], refusal["sub_code"]) == (50001, "ORDER_ALREADY_SHIPPED")
    assert shop.order(order_sn) == before
