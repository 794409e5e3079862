"""Moods: each by name, seeded, and never quiet about what was really done."""

import json
import time
from email.utils import parsedate_to_datetime

import httpx
import pytest

from tests.emulator.caller import START_SECONDS, YTO, Caller, quiet, running
from zhanggui.emulator.moods import MOODS, Temper, mood_named

SEND = "pdd.logistics.online.send"
ALWAYS = 1.0


def sent(shop: Caller, order_sn: str, number: str = "YT7600000000001") -> dict[str, str]:
    """A signed shipment."""
    return shop.signed(SEND, {"order_sn": order_sn, "logistics_id": YTO, "tracking_number": number})


def test_a_server_error_changes_nothing(shop: Caller) -> None:
    order_sn = shop.new_orders()[0]
    shop.mood(server_error=ALWAYS)

    answer = shop.http.post("/api/router", json=sent(shop, order_sn))

    shop.mood(name="fair")
    assert answer.status_code == 502
    assert shop.order(order_sn)["order_status"] == 1
    assert [entry["answered"] for entry in shop.ledger(method=SEND)] == ["server_error"]


@pytest.mark.parametrize(("mishap", "status", "effects"), [("cut_before", 1, 0), ("cut_after", 2, 1), ("timeout_before", 1, 0), ("timeout_after", 2, 1)])
def test_a_lost_answer_says_nothing_about_what_was_done(shop: Caller, mishap: str, status: int, effects: int) -> None:
    order_sn = shop.new_orders()[0]
    shop.mood(**{mishap: ALWAYS, "hold_seconds": 0.5})

    with pytest.raises(httpx.TransportError):
        shop.http.post("/api/router", json=sent(shop, order_sn), timeout=0.3 if "timeout" in mishap else 5)

    time.sleep(0.5 if "timeout" in mishap else 0)
    shop.mood(name="fair")
    assert shop.order(order_sn)["order_status"] == status
    told = shop.ledger(method=SEND)
    assert [(entry["answered"], len(entry.get("effects", []))) for entry in told] == [(mishap, effects)]


@pytest.mark.parametrize(("mishap", "code"), [("too_often", 70031), ("method_full", 52101), ("busy_inside", 52102), ("token_expires", 10019)])
def test_a_mood_refuses_with_the_platforms_own_code(shop: Caller, mishap: str, code: int) -> None:
    order_sn = shop.new_orders()[0]
    shop.mood(**{mishap: ALWAYS})

    error = shop.http.post("/api/router", json=sent(shop, order_sn)).json()["error_response"]

    assert error["error_code"] == code
    assert shop.state("orders")[0]["order"]["order_status"] == 1


def test_a_skewed_clock_can_be_learnt_from_the_date_of_its_answers(shop: Caller) -> None:
    shop.mood(name="skewed")

    answer = shop.http.post("/api/router", json=shop.signed("pdd.time.get", token=False))
    dated = parsedate_to_datetime(answer.headers["date"]).timestamp()
    by_their_clock = shop.raw("pdd.time.get", token=False, timestamp=str(int(dated)))

    assert answer.json()["error_response"]["error_code"] == 10001
    assert 895 < dated - time.time() < 905
    assert "time_get_response" in by_their_clock


def test_a_skewed_clock_refuses_honest_timestamps(shop: Caller) -> None:
    shop.mood(name="skewed", clock_skew_seconds=10**9)

    assert shop.refusal("pdd.mall.info.get")["error_msg"] == "公共参数错误:timestamp"


def test_late_reads_hide_fresh_changes(shop: Caller) -> None:
    shop.mood(name="late_reads")
    order_sn = shop.new_orders()[0]

    assert shop.refusal("pdd.order.information.get", order_sn=order_sn)["error_code"] == 45001
    shop.step(301)
    assert shop.order(order_sn)["order_sn"] == order_sn


def test_answers_are_distorted_but_the_truth_is_not(shop: Caller) -> None:
    order_sn = shop.new_orders(5)[0]
    span = {"start_confirm_at": START_SECONDS, "end_confirm_at": START_SECONDS + 60, "order_status": 5, "refund_status": 5}
    shop.mood(name="wrong_totals", wrong_total=ALWAYS)
    totals = {shop.call("pdd.order.list.get", **span)["total_count"] for _ in range(7)}
    shop.mood(name="strange_words", strange_word=ALWAYS)
    words = [shop.order(order_sn) for _ in range(3)]
    shop.mood(name="broken_json", broken_json=ALWAYS)
    broken = shop.http.post("/api/router", json=shop.signed("pdd.mall.info.get"))

    assert len(totals) > 3
    assert any(97 in (word["order_status"], word["refund_status"], word["after_sales_status"]) for word in words)
    with pytest.raises(json.JSONDecodeError):
        broken.json()
    assert len(shop.state("orders")) == 5


def test_one_method_is_refused_with_any_code_for_what_it_is_about(shop: Caller) -> None:
    refused, kept = shop.new_orders(2)
    shop.mood(refused_method="pdd.order.information.get", refused_code=12345, refused_about=refused)

    error = shop.refusal("pdd.order.information.get", order_sn=refused)

    assert (error["error_code"], error["error_msg"]) == (12345, "")
    assert shop.order(kept)["order_sn"] == kept


def test_a_case_changes_within_a_second_in_its_detail_alone(shop: Caller) -> None:
    (order_sn,) = shop.new_orders()
    case_no = shop.do("buyer.asks", order_sn=order_sn, kind=1)["after_sales_id"]
    shop.mood(split_second=500)

    assert shop.call("pdd.refund.information.get", order_sn=order_sn, after_sales_id=case_no)["updated_time"] % 1000 == 500
    assert shop.state("cases")[0]["detail"]["updated_time"] % 1000 == 0


def test_a_mood_can_be_chosen_at_the_start_and_refused_by_name(shop: Caller) -> None:
    with running(quiet(mood="failing")) as failing:
        assert failing.http.get("/_state").json()[0]["mood"] == "failing"
    assert shop.http.post("/_mood", json={"name": "failing", "server_error": 0.5}).json()["busy_inside"] == 0.1
    assert shop.http.post("/_mood", json={"laziness": 1}).status_code == 400
    with pytest.raises(ValueError, match="no mood is called"):
        mood_named("cheerful")


def test_the_same_seed_throws_the_same_dice() -> None:
    def thrown(seed: int) -> list[bool]:
        temper = Temper(seed, MOODS["hostile"])
        return [temper.strikes("server_error") for _ in range(300)]

    assert thrown(7) == thrown(7) != thrown(8)
    assert 0 < sum(thrown(7)) < 40
