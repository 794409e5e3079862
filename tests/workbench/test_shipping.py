"""The Shipping numbers page: a list in, a report of every row, and the file of those that may be uploaded."""

import re
from collections.abc import Callable
from html import unescape

import httpx
import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW, import_files
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM, LATE, REFUNDED, SENT, SOON, order_file
from zhanggui.people.permissions import Person

pytestmark = pytest.mark.usefixtures("stocked")

LIST = (
    "订单号,快递公司,快递单号\n"
    f"{LATE},圆通快递,YT7351946208153\n"
    f"{SOON},圆通快递,JT5028164739206\n"
    f"{CALM},圆通快递,YT2028374655011\n"
    f"{REFUNDED},圆通快递,YT9628374655018\n"
    f"{SENT},圆通快递,\n"
)


def check(who: Seat, people: Cast, text: str = LIST) -> httpx.Response:
    return who.send_form("/shipping", {"shop": str(people.shop_id)}, page="/shipping", files=[("files", ("打单.csv", text.encode("gb18030"), "text/csv"))])


def rows_of(page: httpx.Response) -> str:
    found = re.search(r'name="rows" value="([^"]*)"', page.text)
    assert found is not None
    return unescape(found[1])


def test_it_stands_in_the_bar_for_those_who_ship(mei: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    assert 'href="/shipping"' in mei.get("/ship").text
    assert at_desk(people.zhou).get("/shipping").status_code == 200
    assert "发货单号" in mei.get("/shipping").text


def test_it_tells_of_every_row(mei: Seat, people: Cast) -> None:
    page = check(mei, people)

    assert page.status_code == 200
    figures = re.findall(r'class="figure[^"]*">(\d+)<', page.text)
    assert figures == ["2", "1", "1", "1"]
    assert "这像是 JTSD 的单号" in page.text or "JTSD" in page.text
    assert "买家申请了退款，先处理退款再上传单号。" in page.text
    assert "第 6 行" in page.text
    assert [line.split("\t")[:2] for line in rows_of(page).splitlines()] == [["ok", LATE], ["warn", SOON], ["ok", CALM], ["block", REFUNDED]]


@pytest.mark.parametrize(("take", "expected"), [([], [LATE, CALM]), ([SOON], [LATE, SOON, CALM])])
def test_it_hands_over_the_good_rows_and_those_ticked(mei: Seat, people: Cast, take: list[str], expected: list[str]) -> None:
    page = check(mei, people)

    answer = mei.send_form(f"/shops/{people.shop_id}/shipping_file", {"rows": rows_of(page), "form": "csv", "take": take}, page="/shipping")

    assert answer.status_code == 200
    assert re.fullmatch(r'attachment; filename="shipping-20261121-143\d{3}\.csv"', answer.headers["content-disposition"])
    assert [line.split(",")[0] for line in answer.content.decode("utf-8-sig").splitlines()[1:]] == expected
    assert "放进了批量发货文件" in mei.get(f"/shops/{people.shop_id}/orders/{LATE}").text


def test_it_takes_several_ticks_and_makes_a_workbook(mei: Seat, people: Cast) -> None:
    page = check(mei, people, LIST.replace("YT7351946208153", "JT7351946208153"))

    form = {"rows": rows_of(page), "form": "xlsx", "take": [LATE, SOON]}
    answer = mei.send_form(f"/shops/{people.shop_id}/shipping_file", form, page="/shipping")

    assert (answer.status_code, answer.content[:2]) == (200, b"PK")


def test_it_makes_no_file_where_a_refund_came_meanwhile(mei: Seat, lin: Seat, people: Cast) -> None:
    page = check(mei, people)
    asked = {f"no_{CALM.replace('-', '_')}": {"售后状态": "售后处理中"}}
    import_files(lin, people, order_file(NOW, **asked), as_of="2026-11-21T14:29")

    answer = mei.send_form(f"/shops/{people.shop_id}/shipping_file", {"rows": rows_of(page), "form": "csv"}, page="/shipping")

    assert answer.status_code == 422
    assert f"订单 {CALM} 已不能放进文件" in answer.text


@pytest.mark.parametrize(
    "form", [{}, {"rows": "x", "form": "csv"}, {"rows": "", "form": "csv"}, {"rows": f"ok\t{LATE}\t圆通快递\tYT7351946208153\t2", "form": "exe"}]
)
def test_it_refuses_what_the_page_never_sends(mei: Seat, people: Cast, form: dict[str, str]) -> None:
    assert mei.send_form(f"/shops/{people.shop_id}/shipping_file", form, page="/shipping").status_code == 422


def test_it_asks_for_a_list(mei: Seat, people: Cast) -> None:
    without = mei.send_form("/shipping", {"shop": str(people.shop_id)}, page="/shipping", files=[("files", ("", b"", "text/csv"))])
    no_list = check(mei, people, "a,b\n1,2\n")

    assert (without.status_code, no_list.status_code) == (422, 422)
    assert "表头" in no_list.text


def test_it_shows_nothing_of_our_shop_to_others(at_desk: Callable[[Person], Seat], people: Cast) -> None:
    zheng = at_desk(people.zheng)

    assert check(zheng, people).status_code == 404
    form = {"rows": f"ok\t{LATE}\t圆通快递\tYT7351946208153\t2", "form": "csv"}
    assert zheng.send_form(f"/shops/{people.shop_id}/shipping_file", form, page="/shipping").status_code == 404
    assert zheng.get(f"/shipping?shop={people.shop_id}").status_code == 404
