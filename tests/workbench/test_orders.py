"""The Orders list, the page of one order, the after-sales list, and search."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM, LATE, REFUNDED, SENT
from zhanggui.people.permissions import Person

pytestmark = pytest.mark.usefixtures("stocked")


def test_it_counts_by_state_and_filters(mei: Seat) -> None:
    assert '待发货 <span class="count">4</span>' in mei.get("/orders").text
    page = mei.get("/orders?stage=shipped").text

    assert SENT in page
    assert LATE not in page


def test_it_filters_by_refund(mei: Seat) -> None:
    page = mei.get("/orders?refund=open").text

    assert REFUNDED in page
    assert CALM not in page


def test_it_finds_an_order_by_its_parcel_and_a_refund_by_its_number(mei: Seat, people: Cast) -> None:
    assert mei.get("/search?number=YT7400000000004").headers["location"] == f"/shops/{people.shop_id}/orders/{SENT}"
    assert mei.get("/search?number=88000001").headers["location"] == "/aftersales?number=88000001"
    assert "没有找到" in mei.get("/search?number=nothing").text


def test_it_tells_the_last_month_as_a_table_too(mei: Seat) -> None:
    assert 'data-x="2026-11-20"' in mei.get("/orders").text


def test_it_lists_the_case_whose_turn_is_ours(mei: Seat) -> None:
    page = mei.get("/aftersales?state=seller_to_answer").text

    assert "88000001" in page
    assert "仅退款" in page
    assert "88000001" not in mei.get("/aftersales?state=refunded").text
    assert "88000001" in mei.get(f"/aftersales?number={REFUNDED}").text


def test_it_explains_every_deadline_of_an_order(mei: Seat, people: Cast) -> None:
    page = mei.get(f"/shops/{people.shop_id}/orders/{LATE}").text

    assert "pdd.given.ship_by@" in page
    assert "承诺发货时间" in page


def test_what_was_said_is_not_shown_to_the_warehouse(at_desk: Callable[[Person], Seat], people: Cast) -> None:
    path = f"/shops/{people.shop_id}/orders/{LATE}"

    pages = [at_desk(person).get(path).text for person in (people.mei, people.zhou)]

    assert ["没有聊天记录" in page for page in pages] == [True, False]
    assert ["聊天内容只给有权查看聊天的人看" in page for page in pages] == [False, True]


def test_it_keeps_a_note(mei: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/orders/{LATE}"

    answer = mei.send_form(f"{path}/notes", {"text": "买家周三前要收到 <b>"}, page=path)

    assert answer.headers["location"] == f"{path}#notes"
    assert "买家周三前要收到 &lt;b&gt;" in mei.get(path).text


def test_it_takes_pasted_scans_in(mei: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/orders/{SENT}"

    answer = mei.send_form(f"{path}/scans", {"text": "2026-11-20 20:30:00 【杭州市】圆通余杭公司 已揽收"}, page=path)

    assert "已录入 1 条物流轨迹" in mei.get(answer.headers["location"]).text


def test_it_says_when_pasted_text_holds_no_scan(mei: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/orders/{SENT}"

    answer = mei.send_form(f"{path}/scans", {"text": "你好"}, page=path)

    assert answer.status_code == 422
    assert "没有读出任何物流轨迹" in answer.text


def test_it_shows_money_to_the_owner_and_not_to_a_rep(lin: Seat, mei: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/orders/{LATE}"

    assert lin.get(path).status_code == mei.get(path).status_code == 200
    assert 'id="money-title"' not in mei.get(path).text


@pytest.mark.parametrize("path", ["/orders", "/aftersales", "/journal", "/today"])
def test_it_shows_another_shop_nothing(at_desk: Callable[[Person], Seat], people: Cast, path: str) -> None:
    page = at_desk(people.zheng).get(path).text

    assert LATE not in page
    assert REFUNDED not in page


def test_it_does_not_find_an_order_for_another_shop(at_desk: Callable[[Person], Seat], people: Cast) -> None:
    zheng = at_desk(people.zheng)

    assert zheng.get(f"/shops/{people.shop_id}/orders/{LATE}").status_code == 404
    assert zheng.get(f"/orders?shop={people.shop_id}").status_code == 404
