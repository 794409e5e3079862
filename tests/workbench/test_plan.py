"""The Print plan and Carriers pages: what they tell, what can be settled there, and who may."""

import re
from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.workbench.seat import Seat
from tests.workbench.shop_files import LATE, SOON
from zhanggui.people.permissions import Person

pytestmark = pytest.mark.usefixtures("stocked")
TERMS = {
    "opens": "08:30",
    "closes": "19:00",
    "weekdays": ["1", "2", "3", "4", "5", "6"],
    "people": "3",
    "pack_seconds": "45",
    "print_seconds": "2",
    "setup_minutes": "5",
    "round_fen": "2.50",
    "day_fen": "1",
    "safe_percent": "90",
    "most_a_day": "3",
    "slot_minutes": "30",
    "weight_g": "800",
    "stall_fen": "6.00",
}


@pytest.fixture
def zhou(at_desk: Callable[[Person], Seat], people: Cast) -> Seat:
    """老周 in the warehouse."""
    return at_desk(people.zhou)


def test_the_plan_stands_in_the_bar_and_tells_what_it_assumes(zhou: Seat) -> None:
    page = zhou.get("/plan")

    assert page.status_code == 200
    assert 'href="/plan" aria-current="page"' in page.text
    assert "没人说过、只能假定的" in page.text
    assert "没有填写快递" in page.text
    assert "<svg" in page.text
    assert " style=" not in page.text


def test_a_hand_over_is_tried_out_by_its_time(zhou: Seat, people: Cast) -> None:
    page = zhou.get(f"/plan?shop={people.shop_id}&at=18:00")

    assert "单会晚" in page.text or "没有会晚的" in page.text
    assert SOON in page.text
    assert LATE not in page.text
    assert zhou.get(f"/plan?shop={people.shop_id}&at=soon").status_code == 422


def test_figures_are_kept_and_shown_again(zhou: Seat, people: Cast) -> None:
    answer = zhou.send_form(f"/shops/{people.shop_id}/plan_terms", TERMS, page="/plan")

    assert answer.headers["location"] == f"/plan?shop={people.shop_id}&done=kept"
    page = zhou.get("/plan").text
    assert 'name="opens" value="08:30"' in page
    assert re.search(r'name="round_fen"[^>]*value="2.50"', page)
    assert page.count(" checked") == 6


def test_a_pace_left_out_is_left_to_what_is_measured_and_one_that_is_typed_stays(zhou: Seat, people: Cast) -> None:
    shown = []
    for typed in ("", "60"):
        assert zhou.send_form(f"/shops/{people.shop_id}/plan_terms", TERMS | {"pack_seconds": typed}, page="/plan").status_code == 303
        shown += re.findall(r'name="pack_seconds"[^>]*value="(\d*)"', zhou.get("/plan").text)

    assert shown == ["", "60"]


@pytest.mark.parametrize("wrong", [{"people": "many"}, {"people": "0"}, {"round_fen": "free"}, {"opens": "9"}, {"weekdays": []}])
def test_figures_that_are_none_are_refused(zhou: Seat, people: Cast, wrong: dict[str, object]) -> None:
    answer = zhou.send_form(f"/shops/{people.shop_id}/plan_terms", TERMS | wrong, page="/plan")

    assert answer.status_code == 422
    assert 'name="opens" value="09:00"' in zhou.get("/plan").text


def test_an_owner_names_carriers_prices_and_trials_and_sees_them_side_by_side(lin: Seat, people: Cast) -> None:
    at = f"/shops/{people.shop_id}"
    for word in ("圆通快递", "中通"):
        assert lin.send_form(f"{at}/carriers", {"carrier": word, "use": "yes"}, page="/carriers").status_code == 303
    lin.send_form(f"{at}/carrier_visits", {"carrier": "YTO", "times": "11:00 16:30", "weekdays": ["1", "6"]}, page="/carriers")
    lin.send_form(f"{at}/carrier_gaps", {"carrier": "ZTO", "place": "西藏"}, page="/carriers")
    lin.send_form(f"{at}/carrier_experiments", {"name": "试试中通", "shares": "中通 30%", "provinces": "浙江"}, page="/carriers")
    prices = lin.send_form(
        f"{at}/carrier_prices", {"text": "快递,省份,价格\n圆通,全国,3.1\n中通,全国,2.9\n"}, page="/carriers", files=[("files", ("", b"", "text/csv"))]
    )

    page = lin.get("/carriers?province=浙江&weight=700").text

    assert prices.headers["location"] == f"/carriers?shop={people.shop_id}&done=prices"
    for told in ("11:00 16:30", "西藏", "试试中通", "¥3.10", "¥2.90", "中通快递 30 %"):
        assert told in page
    ended = re.search(rf"{at}/carrier_experiments/\d+/end", page)
    assert ended is not None
    assert lin.send_form(ended[0], page="/carriers").status_code == 303
    assert lin.send_form(ended[0], page="/carriers").status_code == 422
    assert "16:30" in lin.get("/plan").text
    assert " style=" not in page


def test_rows_of_a_price_table_that_could_not_be_taken_are_named(lin: Seat, people: Cast) -> None:
    sheet = "快递,省份,价格\n圆通,全国,3.1\n圆桶,全国,2.9\n".encode("gb18030")

    page = lin.send_form(f"/shops/{people.shop_id}/carrier_prices", {}, page="/carriers", files=[("files", ("价格.csv", sheet, "text/csv"))])

    assert page.status_code == 200
    assert "平台没有叫 圆桶 的快递。" in page.text
    assert "第 3 行" in page.text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("carriers", {"carrier": "某某", "use": "yes"}),
        ("carrier_visits", {"carrier": "YTO", "times": "soon"}),
        ("carrier_gaps", {"carrier": "YTO", "place": ""}),
        ("carrier_experiments", {"name": "x", "shares": "圆通"}),
        ("carrier_experiments", {"name": "x", "shares": "圆通 many"}),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_word(lin: Seat, people: Cast, path: str, form: dict[str, str]) -> None:
    assert lin.send_form(f"/shops/{people.shop_id}/{path}", form, page="/carriers").status_code == 422


def test_the_warehouse_enters_visits_and_no_prices(zhou: Seat, people: Cast) -> None:
    at = f"/shops/{people.shop_id}"

    assert zhou.send_form(f"{at}/carrier_visits", {"carrier": "YTO", "times": "11:00"}, page="/plan").status_code == 303
    assert zhou.send_form(f"{at}/carriers", {"carrier": "圆通", "use": "yes"}, page="/plan").status_code == 404
    assert "carrier_prices" not in zhou.get("/carriers").text


def test_others_see_nothing_of_ours(at_desk: Callable[[Person], Seat], people: Cast) -> None:
    zheng = at_desk(people.zheng)

    assert zheng.get(f"/plan?shop={people.shop_id}").status_code == 404
    assert zheng.get(f"/carriers?shop={people.shop_id}").status_code == 404
    assert zheng.send_form(f"/shops/{people.shop_id}/plan_terms", TERMS, page="/plan").status_code == 404
