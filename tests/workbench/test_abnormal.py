"""The page of suspected orders: what was asked about them and what the platform said."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM, LATE
from zhanggui.people.permissions import Person

pytestmark = pytest.mark.usefixtures("stocked")


def says(who: Seat, people: Cast, step: str, **fields: str) -> int:
    return who.send_form(f"/shops/{people.shop_id}/abnormal", {"step": step, "view": "suspected", **fields}, page="/abnormal").status_code


def test_it_stands_in_the_bar_beside_all_orders(mei: Seat) -> None:
    page = mei.get("/abnormal")

    assert page.status_code == 200
    assert "异常订单" in page.text
    assert 'href="/abnormal"' in mei.get("/orders").text


def test_an_order_that_was_asked_about_goes_from_list_to_list(mei: Seat, people: Cast) -> None:
    asked = says(mei, people, "ask", typed=CALM, reason="同一人重复下单")
    listed = mei.get("/abnormal?view=request_asked")
    approved = says(mei, people, "approve", order_no=CALM)

    assert (asked, approved) == (303, 303)
    assert CALM in listed.text
    assert "同一人重复下单" in listed.text
    assert "平台已同意" in listed.text
    assert CALM in mei.get("/abnormal?view=request_approved").text
    assert CALM not in mei.get("/abnormal?view=request_asked").text


def test_it_says_why_an_order_cannot_be_asked_about_any_more(mei: Seat, people: Cast) -> None:
    answer = mei.send_form(f"/shops/{people.shop_id}/abnormal", {"step": "ask", "typed": LATE}, page="/abnormal")

    assert answer.status_code == 422
    assert "已过，请正常发货" in answer.text
    assert LATE not in mei.get("/abnormal?view=request_asked").text


def test_one_that_was_asked_in_time_is_written_down_later(mei: Seat, people: Cast) -> None:
    in_time = says(mei, people, "ask", typed=LATE, asked_at="2026-11-20T10:00")

    assert in_time == 303
    assert LATE in mei.get("/abnormal?view=request_asked").text
    assert 'name="asked_at"' in mei.get("/abnormal").text


@pytest.mark.parametrize(
    "fields", [{}, {"order_no": "260302-404"}, {"order_no": CALM, "step": "nonsense"}, {"typed": " " * 50}, {"typed": CALM, "asked_at": "昨天"}]
)
def test_odd_forms_are_refused_in_words(mei: Seat, people: Cast, fields: dict[str, str]) -> None:
    answer = mei.send_form(f"/shops/{people.shop_id}/abnormal", {"step": "ask", **fields}, page="/abnormal")

    assert answer.status_code == 422


def test_whoever_only_looks_has_no_buttons(at_desk: Callable[[Person], Seat], people: Cast) -> None:
    stranger = at_desk(people.zheng)

    assert CALM not in stranger.get("/abnormal").text
    assert stranger.get(f"/abnormal?shop={people.shop_id}").status_code == 404
    assert stranger.send_form(f"/shops/{people.shop_id}/abnormal", {"step": "ask", "typed": CALM}, page="/abnormal").status_code == 404
