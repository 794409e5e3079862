"""Orders read: windows, pages, lag, horizon, and what of a buyer is shown when."""

import pytest

from tests.emulator.caller import DAY, HOUR, START_SECONDS, YTO, Caller, quiet, running

ALL = {"order_status": 5, "refund_status": 5}
LIST, INCREMENT = "pdd.order.list.get", "pdd.order.number.list.increment.get"


def window(begins: int, ends: int) -> dict[str, int]:
    return {"start_confirm_at": begins, "end_confirm_at": ends, **ALL}


def changes(begins: int, ends: int) -> dict[str, int]:
    return {"start_updated_at": begins, "end_updated_at": ends, "is_lucky_flag": 0, **ALL}


def test_it_lists_newest_first_with_a_total_or_with_has_next(shop: Caller) -> None:
    first = shop.new_orders(2)
    shop.step(60)
    second = shop.new_orders(1)

    whole = shop.call(LIST, **window(START_SECONDS, START_SECONDS + DAY), page=1, page_size=2)
    rest = shop.call(LIST, **window(START_SECONDS, START_SECONDS + DAY), page=2, page_size=2, use_has_next=True)

    assert [order["order_sn"] for order in whole["order_list"]] == [second[0], first[1]]
    assert (whole["total_count"], whole["has_next"]) == (3, True)
    assert [order["order_sn"] for order in rest["order_list"]] == [first[0]]
    assert "total_count" not in rest
    assert rest["has_next"] is False


@pytest.mark.parametrize(
    ("method", "business"),
    [
        (LIST, window(START_SECONDS, START_SECONDS + DAY + 1)),
        (LIST, window(START_SECONDS + 1, START_SECONDS)),
        (LIST, window(START_SECONDS - 95 * DAY, START_SECONDS - 94 * DAY)),
        (LIST, window(START_SECONDS, START_SECONDS + HOUR) | {"page_size": 101}),
        (LIST, window(START_SECONDS, START_SECONDS + HOUR) | {"page": 0}),
        (LIST, window(START_SECONDS, START_SECONDS + HOUR) | {"order_status": 4}),
        (INCREMENT, changes(START_SECONDS, START_SECONDS + 1801)),
        (INCREMENT, changes(START_SECONDS, START_SECONDS + 1800) | {"is_lucky_flag": 7}),
    ],
)
def test_it_refuses_windows_pages_and_filters_out_of_bounds(shop: Caller, method: str, business: dict[str, int]) -> None:
    assert shop.refusal(method, **business)["error_code"] == 21001


def test_it_misses_a_business_parameter(shop: Caller) -> None:
    assert shop.refusal(LIST, start_confirm_at=START_SECONDS)["error_code"] == 21002


def test_it_filters_by_status_and_refund_status(shop: Caller) -> None:
    waiting, sent, disputed = shop.new_orders(3)
    shop.ship(sent, "YT7600000000001")
    shop.step(3 * HOUR)
    shop.do("buyer.asks", order_sn=disputed)
    span = {"start_confirm_at": START_SECONDS, "end_confirm_at": START_SECONDS + DAY}

    def numbers(status: int, refund: int) -> list[str]:
        listed = shop.call(LIST, **span, order_status=status, refund_status=refund)["order_list"]
        return sorted(order["order_sn"] for order in listed)

    assert numbers(1, 1) == [waiting]
    assert numbers(2, 5) == [sent]
    assert numbers(5, 2) == [disputed]
    assert numbers(5, 5) == sorted([waiting, sent, disputed])


def test_it_finds_an_order_where_it_changed_last_and_nowhere_else(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.step(2 * HOUR)
    shop.call("pdd.order.note.update", order_sn=order_sn, note="急", tag=1, tag_name="红")

    before = shop.call(INCREMENT, **changes(START_SECONDS - 600, START_SECONDS + 1200))
    after = shop.call(INCREMENT, **changes(START_SECONDS + 2 * HOUR - 60, START_SECONDS + 2 * HOUR + 60))

    assert before["order_sn_list"] == []
    assert [(order["order_sn"], order["remark"], order["remark_tag_name"]) for order in after["order_sn_list"]] == [(order_sn, "急", "红")]


def test_it_lags_behind_its_own_pushes() -> None:
    with running(quiet(reading={"lag_seconds": 120})) as shop:
        order_sn = shop.new_orders()[0]
        fresh = shop.call(INCREMENT, **changes(START_SECONDS - 60, START_SECONDS + 600))
        unknown = shop.refusal("pdd.order.information.get", order_sn=order_sn)
        shop.step(121)

        later = shop.call(INCREMENT, **changes(START_SECONDS - 60, START_SECONDS + 600))

        assert fresh["order_sn_list"] == []
        assert unknown["error_code"] == 45001
        assert [order["order_sn"] for order in later["order_sn_list"]] == [order_sn]


def test_it_forgets_changes_older_than_ninety_days(shop: Caller) -> None:
    shop.new_orders()
    shop.step(91 * DAY)

    assert shop.call(INCREMENT, **changes(START_SECONDS - 60, START_SECONDS + 600))["order_sn_list"] == []


def test_it_shows_ciphertext_only_while_to_ship_and_masks_always(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    before = shop.order(order_sn)
    shop.ship(order_sn, "YT7600000000001")
    after = shop.order(order_sn)

    for name in ("receiver_name", "receiver_phone", "receiver_address", "address"):
        assert before[name].startswith("~")
        assert after[name] == ""
    for name in ("receiver_name_mask", "receiver_phone_mask", "receiver_address_mask", "address_mask"):
        assert before[name] == after[name]
        assert "*" in after[name]


def test_it_hides_ciphertext_while_under_review() -> None:
    with running(quiet(buyers={"under_review": 1.0})) as shop:
        order_sn = shop.new_orders()[0]
        under_review = shop.order(order_sn)
        refused = shop.refusal("pdd.logistics.online.send", order_sn=order_sn, logistics_id=YTO, tracking_number="YT7600000000001")
        shop.step(9 * HOUR)

        cleared = shop.order(order_sn)

        assert (under_review["risk_control_status"], under_review["receiver_name"]) == (1, "")
        assert (refused["error_code"], refused["sub_code"]) == (50001, "ORDER_UNDER_RISK_CONTROL")
        assert cleared["risk_control_status"] == 0
        assert cleared["receiver_name"].startswith("~")


def test_a_buyer_who_moves_gets_other_masks_and_other_ciphertext(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    before = shop.order(order_sn)
    shop.do("buyer.moves", order_sn=order_sn)
    shop.do("buyer.writes", order_sn=order_sn, text="改送公司")

    after = shop.order(order_sn)

    assert after["buyer_memo"] == "改送公司"
    assert {before[name] == after[name] for name in ("receiver_address", "receiver_phone_mask", "open_address_id_2")} == {False}
    shop.ship(order_sn, "YT7600000000001")
    assert shop.http.post("/_do", json={"act": "buyer.moves", "order_sn": order_sn}).status_code == 409


def test_it_leaves_buyers_out_of_the_basic_list(shop: Caller) -> None:
    shop.new_orders()

    order = shop.call("pdd.order.basic.list.get", **window(START_SECONDS, START_SECONDS + DAY))["order_list"][0]

    assert (order["receiver_name"], order["receiver_name_mask"], order["province"]) == (None, None, None)


def test_its_amounts_add_up_in_yuan_and_its_moments_are_china_time(shop: Caller) -> None:
    order = shop.order(shop.new_orders()[0])

    assert round(sum(item["goods_price"] * item["goods_count"] for item in order["item_list"]), 2) == order["goods_amount"]
    assert round(order["goods_amount"] - order["discount_amount"], 2) == order["pay_amount"]
    assert order["confirm_time"] == "2026-03-02 09:00:00"
    assert order["last_ship_time"] in ("2026-03-03 09:00:00", "2026-03-04 09:00:00")
    assert order["shipping_time"] == ""


def test_it_masks_ciphertext_and_never_decrypts_it(shop: Caller) -> None:
    order = shop.order(shop.new_orders()[0])
    pieces = [{"data_tag": order["order_sn"], "encrypted_data": order["receiver_phone"]}]

    shown = shop.call("pdd.open.decrypt.mask.batch", data_list=pieces)["data_decrypt_list"][0]

    assert shown["decrypted_data"] == order["receiver_phone_mask"]
    assert shop.refusal("pdd.open.decrypt.batch", data_list=pieces)["error_code"] == 20031


def test_it_tells_which_orders_go_to_the_same_door() -> None:
    with running(quiet(size={"buyers": 1})) as shop:
        numbers = shop.new_orders(3)

        assert shop.call("pdd.order.merge.ship.order.group", order_list=",".join(numbers))["order_sn_list"] == [numbers]
        assert len({shop.order(order_sn)["open_address_id_2"] for order_sn in numbers}) == 1
