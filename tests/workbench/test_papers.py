"""The order page hands over a packing slip and labels, to those who may make them, of orders that may leave."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.papers.looking import codes, pictures, text_of
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM, REFUNDED, SENT
from zhanggui.people.permissions import Person

pytestmark = pytest.mark.usefixtures("stocked")


@pytest.mark.parametrize(("paper", "barcode"), [("packing", None), ("76x130", "YT7400000000004"), ("100x180", "YT7400000000004")])
def test_it_hands_over_a_paper(mei: Seat, people: Cast, paper: str, barcode: str | None) -> None:
    page = f"/shops/{people.shop_id}/orders/{SENT}"

    answer = mei.send_form(f"{page}/papers", {"paper": paper}, page=page)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="{"label" if barcode else "packing"}-{SENT}.pdf"'
    (picture,) = pictures(answer.content)
    assert codes(picture).get("Code 128") == barcode
    assert SENT in text_of(answer.content)
    assert "制作了" in mei.get(page).text


def test_it_offers_no_paper_where_none_may_be_made(mei: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    assert "发货清单" in mei.get(f"/shops/{people.shop_id}/orders/{CALM}").text
    page = f"/shops/{people.shop_id}/orders/{REFUNDED}"

    answer = mei.send_form(f"{page}/papers", {"paper": "76x130"}, page=page)

    assert answer.status_code == 422
    assert "退款" in answer.text
    assert mei.send_form(f"{page}/papers", {"paper": "passport"}, page=page).status_code == 422
    assert at_desk(people.zheng).post(f"{page}/papers", data={"paper": "packing"}).status_code in {403, 404}
