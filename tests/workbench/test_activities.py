"""The Activities page: thresholds, enrolments, forecasts, rewards and regular buyers, and who sees and writes what."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.actions.activities.told import MEI, NOW, bought, number, reviewed, shop
from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.actions.activities.reading import read_shop_purchases
from zhanggui.actions.house import House
from zhanggui.people.permissions import Person

REWARD = {
    "title": "十一月评价有礼",
    "goods": "801",
    "coupon": "2",
    "budget": "100",
    "from_day": "2026-11-20",
    "until_day": "2026-11-30",
    "said": "写下您的真实感受，不论评价好坏，都可以领一张店铺优惠券。",
}


@pytest.fixture(autouse=True)
def orders(house: House, people: Cast, tmp_path: Path) -> None:
    """Five weeks of orders, three of one buyer, and some reviews."""
    told = [bought(no, 1 + no, **(MEI if no in (4, 19, 31) else {})) for no in range(1, 36, 3)]
    shop(house, people, tmp_path, *told, *(reviewed(no, no - 2, 1 + no, 5) for no in range(7, 20, 3)))
    read_shop_purchases(house, people.shop_id, NOW)


def test_it_tells_each_threshold_with_the_gap_and_what_helps(lin: Seat, people: Cast) -> None:
    answer = lin.send_form(f"/shops/{people.shop_id}/activity_figures", {"figure": "navigator_rank", "value": "82.5"}, page="/activities")

    page = lin.get("/activities")

    told = ["限时秒杀" in page.text, "≥ 50" in page.text, "还差 45" in page.text, "邀请如实评价" in page.text, "退货包运费" in page.text]
    assert (answer.status_code, page.status_code, told, "82.50%" in page.text) == (303, 200, [True] * 5, True)
    assert "何时达到，无法预计" in page.text  # two weeks of ratings tell of no day


def test_it_shows_forecasts_with_their_error(lin: Seat) -> None:
    page = lin.get("/activities?view=forecasts")

    told = ["店铺评分" in page.text, "平均误差" in page.text, "落在范围内" in page.text, "34 天历史" in page.text or "35 天历史" in page.text]
    assert (page.status_code, told[:1], told[3]) == (200, [True], True)
    assert page.text.count("还没有导入这类数据，指标未知。") == 1  # no file told of a case


def test_it_tells_from_when_on_too_few_ratings_remain(house: House, lin: Seat, people: Cast, tmp_path: Path) -> None:
    agos = range(31, 89)
    shop(house, people, tmp_path, *(bought(200 + ago, ago + 3) for ago in agos), *(reviewed(200 + ago, ago, ago + 3, 5) for ago in agos))

    page = lin.get("/activities?view=forecasts")

    assert "如果昨天之后再没有新评价，2026-" in page.text


def test_an_enrolment_is_planned_and_its_clocks_shown(lin: Seat, people: Cast) -> None:
    form = {"activity": "pdd.seckill", "title": "苹果秒杀", "starts_at": "2026-12-08T10:00", "ends_at": "2026-12-09T10:00", "deposit": "2000"}

    answer = lin.send_form(f"/shops/{people.shop_id}/enrolments", form, page="/activities?view=enrolments")

    page = lin.get("/activities?view=enrolments")
    assert answer.status_code == 303
    assert ["苹果秒杀" in page.text, "12-07 15:00 前交保证金 ¥2,000.00" in page.text, "12-05 10:00 前可无损退出" in page.text] == [True] * 3


def test_a_reward_for_good_ratings_is_shown_again_with_the_law_and_a_lawful_one_begins(lin: Seat, people: Cast) -> None:
    refused = lin.send_form(f"/shops/{people.shop_id}/rewards", REWARD | {"said": "五星好评送券"}, page="/activities?view=rewards")
    between = lin.get("/activities?view=rewards")
    begun = lin.send_form(f"/shops/{people.shop_id}/rewards", REWARD, page="/activities?view=rewards")

    page = lin.get("/activities?view=rewards")
    assert (refused.status_code, begun.status_code) == (200, 303)
    assert ["art. 9(5)" in refused.text, "cn.law.no_reward_for_praise@2024-09-01" in refused.text, "五星好评送券" in refused.text] == [True] * 3
    assert "还没有评价有礼活动" in between.text
    assert ["十一月评价有礼" in page.text, "预算 ¥100.00" in page.text, "不论评价好坏" in page.text] == [True] * 3


def test_a_regular_buyer_is_shown_masked_and_thanked(lin: Seat, people: Cast) -> None:
    page = lin.get("/activities?view=regulars")

    answer = lin.send_form(f"/shops/{people.shop_id}/thanks", {"order_no": number(5, 4)}, page="/activities?view=regulars")

    assert [MEI["receiver_masked"] in page.text, "谢谢您一直信任我们" in page.text] == [True, True]
    assert answer.status_code == 303
    assert "谢谢您一直信任我们" not in lin.get("/activities?view=regulars").text


def test_who_packs_sees_thresholds_and_writes_nothing(at_desk: Callable[[Person], Seat], people: Cast) -> None:
    zhou = at_desk(people.zhou)

    page = zhou.get("/activities")
    asking = zhou.get("/activities?view=asking")
    answer = zhou.send_form(f"/shops/{people.shop_id}/rewards", REWARD, page="/activities")

    assert ("activity_figures" in page.text, asking.status_code, answer.status_code) == (False, 404, 404)
