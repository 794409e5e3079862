"""The platform's own judgments: what it punishes, by which block, and what it refunds without asking."""

import pytest

from tests.emulator.caller import DAY, HOUR, START_SECONDS, YTO, Caller, quiet, running
from zhanggui.emulator.moments import from_iso
from zhanggui.emulator.world.rules import in_force, read_rules

RULES = read_rules()


@pytest.mark.parametrize(
    ("day", "paid", "expected"),
    [("2025-05-14", 1000, 500), ("2025-05-14", 10_000, 2500), ("2025-05-14", 5550, 1300), ("2025-05-14", 90_000, 10_000),
     ("2025-05-15", 1000, 500), ("2025-05-15", 20_000, 1000), ("2025-05-15", 900_000, 10_000)],
)  # fmt: skip
def test_a_false_shipment_costs_what_the_block_of_the_day_says(day: str, paid: int, expected: int) -> None:
    assert in_force(RULES.false_shipment, from_iso(day)).costs(paid) == expected


@pytest.mark.parametrize(
    ("day", "paid", "expected"),
    [("2025-05-14", 50_000, 300), ("2025-05-15", 30_000, 300), ("2025-05-15", 50_000, 500), ("2025-05-15", 900_000, 3000)],
)
def test_a_late_shipment_costs_what_the_block_of_the_day_says(day: str, paid: int, expected: int) -> None:
    assert in_force(RULES.late_shipment, from_iso(day)).costs(paid) == expected


def penalties(shop: Caller) -> list[tuple[str, int, str]]:
    return [(each["kind"], each["at"] - START_SECONDS, each["rule"]) for each in shop.state("penalties")]


def limit_of(shop: Caller, order_sn: str) -> int:
    return from_iso(shop.order(order_sn)["last_ship_time"].replace(" ", "T")) - START_SECONDS


def test_an_order_never_shipped_is_late_then_out_of_stock(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    limit = limit_of(shop, order_sn)
    shop.step(6 * DAY)

    expected = [("late_shipment", limit, "late_shipment@2025-05-15"), ("out_of_stock", limit + 72 * HOUR, "out_of_stock@2025-05-15")]
    assert penalties(shop) == expected
    assert shop.order(order_sn)["is_stock_out"] == 1


def test_an_order_shipped_and_picked_up_in_time_is_not_punished(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "YT7600000000001")
    shop.step(6 * DAY)

    assert penalties(shop) == []


def test_a_number_uploaded_in_time_but_picked_up_too_late_is_late_since_may_2025(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    limit = limit_of(shop, order_sn)
    shop.step(limit - 60)
    shop.ship(order_sn, "YT7600000000001")
    shop.step(6 * DAY)

    assert penalties(shop) == [("late_shipment", limit, "late_shipment@2025-05-15")]


def test_before_may_2025_uploading_in_time_was_enough() -> None:
    with running(quiet(start="2025-03-03T09:00:00+08:00")) as shop:
        order_sn = shop.new_orders()[0]
        limit = from_iso(shop.order(order_sn)["last_ship_time"].replace(" ", "T"))
        shop.step(limit - shop.now() - 60)
        shop.ship(order_sn, "YT7600000000001")
        shop.step(6 * DAY)

        assert shop.state("penalties") == []


def test_a_parcel_never_picked_up_is_false_and_gives_fifteen_days_more() -> None:
    with running(quiet(parcels={"never_picked_up": 1.0})) as shop:
        order_sn = shop.new_orders()[0]
        shop.ship(order_sn, "YT7600000000001")
        shop.step(30 * HOUR)

        assert penalties(shop)[0][:2] == ("false_shipment", 24 * HOUR)
        assert shop.order(order_sn)["last_ship_time"] >= "2026-03-18"


def test_a_number_used_for_somebody_else_is_false(shop: Caller) -> None:
    first, second = shop.new_orders(2)
    shop.ship(first, "YT7600000000001")
    shop.step(HOUR)
    shop.ship(second, "YT7600000000001")
    shop.step(30 * HOUR)

    found = [(each["order_sn"], each["why"]) for each in shop.state("penalties") if each["kind"] == "false_shipment"]
    assert found == [(second, "运单号30天内用于其他收件人")]


def asked(shop: Caller, order_sn: str, kind: int = 1) -> dict[str, object]:
    ident = shop.do("buyer.asks", order_sn=order_sn, kind=kind)["after_sales_id"]
    return detail(shop, order_sn, ident)


def detail(shop: Caller, order_sn: str, ident: object) -> dict[str, object]:
    return shop.call("pdd.refund.information.get", order_sn=order_sn, after_sales_id=ident)


def test_within_two_hours_an_unshipped_refund_is_paid_at_once(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.step(2 * HOUR)
    case = asked(shop, order_sn)
    shop.step(900)

    done = detail(shop, order_sn, case["id"])
    assert (case["after_sales_status"], case["speed_refund_flag"], done["after_sales_status"]) == (5, 1, 10)
    assert shop.order(order_sn)["refund_status"] == 4


def test_a_printed_label_stops_the_platform_from_refunding_by_itself(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.step(3 * HOUR)
    shop.call("pdd.erp.order.sync", order_sn=order_sn, order_state=1, waybill_no="YT7600000000001", logistics_id=YTO)
    case = asked(shop, order_sn)
    shop.step(2 * HOUR)
    waiting = detail(shop, order_sn, case["id"])
    shop.step(22 * HOUR + 900)

    listed = shop.state("cases")[0]["list"]
    assert (waiting["after_sales_status"], listed["speed_refund_status"]) == (2, "2")
    assert waiting["expire_time"] == (START_SECONDS + 27 * HOUR) * 1000
    assert detail(shop, order_sn, case["id"])["after_sales_status"] == 10


def test_three_silent_days_are_refunded_at_once() -> None:
    with running(quiet(parcels={"lost": 1.0})) as shop:
        order_sn = shop.new_orders()[0]
        shop.ship(order_sn, "YT7600000000001")
        shop.step(8 * DAY)

        case = asked(shop, order_sn)

        assert (case["after_sales_status"], case["speed_refund_flag"], case["user_shipping_status"]) == (5, 1, "1")


def test_the_limit_of_a_return_shrinks_to_a_day_once_it_is_signed_for(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.ship(order_sn, "YT7600000000001")
    shop.step(8 * DAY)
    case = asked(shop, order_sn, kind=2)
    assert case["after_sales_status"] == 3
    shop.call("pdd.refund.returngoods.agree", request={"order_sn": order_sn, "after_sales_id": case["id"], "operate_desc": "", "return_address_id": 1})
    shop.do("buyer.sends_back", order_sn=order_sn)
    before, sent_at = detail(shop, order_sn, case["id"]), shop.now()
    shop.do("return.arrives", order_sn=order_sn)

    after = detail(shop, order_sn, case["id"])

    assert before["expire_time"] == (sent_at + 7 * DAY) * 1000
    assert after["expire_time"] == (sent_at + DAY) * 1000
    shop.step(DAY + 900)
    assert detail(shop, order_sn, case["id"])["after_sales_status"] == 10


def test_without_evidence_the_buyer_wins_and_with_one_submission_it_is_weighed(shop: Caller) -> None:
    silent, shown = shop.new_orders(2)
    for number, order_sn in enumerate((silent, shown)):
        shop.ship(order_sn, f"YT760000000000{number}")
    shop.step(8 * DAY)
    for order_sn in (silent, shown):
        asked(shop, order_sn)
        shop.do("seller.rejects", order_sn=order_sn, reason="已签收")
        shop.do("platform.steps_in", order_sn=order_sn)
    shop.do("seller.shows", order_sn=shown, text="签收照片与聊天记录见图，收件人本人签收", pictures=3)
    second = shop.http.post("/_do", json={"act": "seller.shows", "order_sn": shown, "pictures": 1})
    shop.step(48 * HOUR + 900)

    found = {each["detail"]["order_sn"]: each["detail"] for each in shop.state("cases")}
    assert second.json()["code"] == "EVIDENCE_ALREADY_SUBMITTED"
    assert (found[silent]["after_sales_status"], found[silent]["dispute_refund_status"], found[silent]["join_or_not"]) == (10, 1, "1")
    assert found[shown]["after_sales_status"] in (9, 10)


def test_a_lost_parcel_counts_as_abnormal_and_an_even_one_does_not(shop: Caller) -> None:
    with running(quiet(parcels={"lost": 1.0})) as unlucky:
        unlucky.ship(unlucky.new_orders()[0], "YT7600000000001")
        unlucky.step(8 * DAY)
        assert unlucky.state("indicators")[0]["logistics_abnormal_rate"] == 1.0

    shop.ship(shop.new_orders()[0], "YT7600000000001")
    shop.step(8 * DAY)
    assert shop.state("indicators")[0]["logistics_abnormal_rate"] == 0.0


def test_the_indicators_are_published_every_morning(shop: Caller) -> None:
    order_sn = shop.new_orders(4)[0]
    shop.ship(order_sn, "YT7600000000001")
    shop.step(5 * DAY)

    published = shop.state("indicators")[0]

    assert (published["formed"], published["shipped"], published["on_time_shipment_rate"]) == (4, 1, 0.25)
    assert published["logistics_penalty_rate"] == 3.0
    assert published["rating_described"] is None
