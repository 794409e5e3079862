"""The Parcels pages: what is wrong, one parcel with every event, the anomaly rate, and what is foreseen."""

import re
from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.parcels import ELSEWHERE_NO, FINE_NO, LATE_NO, STILL_NO, UNKNOWN_NO, UNSEEN_NO, month, ways
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui.actions.house import House
from zhanggui.actions.parcels.foresight import learn_in_shop
from zhanggui.people.permissions import Person


@pytest.fixture
def under_way(house: House, people: Cast) -> None:
    """Parcels of every sort, as of the story's day."""
    ways(house, people, NOW)


@pytest.mark.usefixtures("under_way")
def test_it_lists_what_is_wrong_now_with_its_reason_and_money(mei: Seat) -> None:
    page = mei.get("/parcels")

    assert page.status_code == 200
    assert [number in page.text for number in (STILL_NO, ELSEWHERE_NO, FINE_NO, LATE_NO, UNSEEN_NO)] == [True, True, False, False, False]
    assert "48 小时内没有新记录，此前最后一条：快件离开【义乌转运中心】，发往【杭州转运中心】" in page.text
    assert "¥129.00" in page.text
    assert re.search(r"有异常\s*<span class=\"count\">2</span>", page.text)


@pytest.mark.usefixtures("under_way")
def test_it_narrows_down_by_kind_state_and_branch(mei: Seat) -> None:
    by_kind, by_state, by_branch, odd = (
        mei.get(f"/parcels?{query}").text for query in ("kind=stalled", "stand=unseen", "place=不存在", "kind=nonsense&stand=nonsense")
    )

    assert (STILL_NO in by_kind, ELSEWHERE_NO in by_kind) == (True, False)
    assert (UNSEEN_NO in by_state, STILL_NO in by_state) == (True, False)
    assert STILL_NO not in by_branch
    assert "已知的包裹都没有异常" in by_branch
    assert FINE_NO in odd


@pytest.mark.usefixtures("under_way")
def test_it_stands_in_the_bar_and_its_rows_open_by_key(mei: Seat) -> None:
    assert 'href="/parcels"' in mei.get("/today").text
    assert 'data-open href="/shops/' in mei.get("/parcels").text


@pytest.mark.usefixtures("under_way")
def test_a_parcel_shows_the_words_that_decided_and_how_surely(mei: Seat, people: Cast) -> None:
    page = mei.get(f"/shops/{people.shop_id}/parcels/{STILL_NO}")

    assert page.status_code == 200
    assert "快件<mark>离开</mark>【义乌转运中心】" in page.text
    assert "pdd.parcel_moves.transit@2015-09-01" in page.text
    assert "计入异常率" in page.text
    assert f"260301-{STILL_NO}" in page.text


@pytest.mark.usefixtures("under_way")
def test_an_event_nobody_understands_stays_visible(mei: Seat, people: Cast) -> None:
    page = mei.get(f"/shops/{people.shop_id}/parcels/{UNKNOWN_NO}").text

    assert "包裹正在与月亮核对" in page
    assert "看不懂" in page


@pytest.mark.usefixtures("under_way")
def test_pasted_events_are_taken_in(mei: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/parcels/{UNSEEN_NO}"
    text = "2026-11-20 12:00:00 【金华市】义乌北苑网点 已揽收\n2026-11-21 09:00:00 快件离开【义乌转运中心】"

    answer = mei.send_form(f"{path}/scans", {"text": text}, page=path)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?pasted=2")
    page = mei.get(answer.headers["location"]).text
    assert "已收入 2 条新轨迹" in page
    assert "<mark>离开</mark>" in page


@pytest.mark.usefixtures("under_way")
def test_a_number_nobody_bears_is_not_found_and_takes_nothing(mei: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/parcels/NOBODY"

    assert mei.get(path).status_code == 404
    assert mei.send_form(f"{path}/scans", {"text": "2026-11-20 12:00:00 已揽收"}).status_code != 303


@pytest.mark.usefixtures("under_way")
def test_a_stranger_finds_no_parcel_of_ours(at_desk: Callable[[Person], Seat], people: Cast) -> None:
    zheng = at_desk(people.zheng)

    assert STILL_NO not in zheng.get("/parcels").text
    assert zheng.get(f"/shops/{people.shop_id}/parcels/{STILL_NO}").status_code == 404
    assert zheng.get(f"/parcels/rate?shop={people.shop_id}").status_code == 404
    assert zheng.send_form(f"/shops/{people.shop_id}/category_mean", {"share": "1"}).status_code == 404


@pytest.mark.usefixtures("under_way")
def test_the_rate_asks_for_the_mean_and_then_tells_the_distance(lin: Seat, people: Cast) -> None:
    before = lin.get("/parcels/rate").text
    assert "尚未填写" in before
    assert re.search(r"共 6 个包裹", before)

    answer = lin.send_form(f"/shops/{people.shop_id}/category_mean", {"share": "20", "orders": ""}, page="/parcels/rate")

    assert answer.status_code == 303
    after = lin.get(answer.headers["location"]).text
    assert "类目均值已保存" in after
    assert "100.00&nbsp;%" in after
    assert "距限制还差" in after


@pytest.mark.usefixtures("under_way")
def test_a_mean_that_is_none_is_refused_with_what_to_write(lin: Seat, people: Cast) -> None:
    answer = lin.send_form(f"/shops/{people.shop_id}/category_mean", {"share": "viel"}, page="/parcels/rate")

    assert answer.status_code == 422
    assert "例如 0.85" in answer.text


@pytest.mark.usefixtures("under_way")
def test_only_who_sets_the_shop_is_shown_the_form(mei: Seat) -> None:
    assert "mean-share" not in mei.get("/parcels/rate").text


@pytest.mark.usefixtures("under_way")
def test_foresight_says_that_it_knows_too_little(lin: Seat, people: Cast) -> None:
    answer = lin.send_form(f"/shops/{people.shop_id}/foresight", page="/parcels/foresight")

    assert "还没有学到任何规律" in lin.get("/parcels/foresight").text
    assert answer.headers["location"].endswith("told=too_little")


def test_foresight_shows_its_error_and_the_chances(lin: Seat, house: House, people: Cast) -> None:
    month(house, people, NOW, 150)
    learn_in_shop(house, people.shop_id, NOW)

    page = lin.get("/parcels/foresight?carrier=极兔速递&province=新疆维吾尔自治区").text

    assert "Brier 误差" in page
    assert "校准误差" in page
    assert re.search(r"第 1 版，.*从 \d+ 个环节学得", page)
    assert "极兔速递 → 新疆维吾尔自治区" in page
    assert lin.get("/parcels?stand=moving").text.count("c-chance") > 3
