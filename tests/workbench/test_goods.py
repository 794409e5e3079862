"""The Goods page: a list of products in, a count, what is short and whom to tell first, and who may change what."""

import re
from collections.abc import Callable

import httpx
import pytest

from tests.cast import Cast
from tests.workbench.conftest import import_files
from tests.workbench.seat import Seat, once_on
from zhanggui.people.permissions import Person

PRODUCTS = (
    "商品ID,商品名称,规格ID,规格,商家编码,库存,拼单价,单买价,重量,上下架,承诺发货时间\n"
    "801,核桃,80101,原味 500g,HT-Y,120,29.90,35.00,0.55kg,上架,48小时\n"
    "801,核桃,80102,奶香 500g,HT-N,80,31.90,37.00,560,下架,2天\n"
)
ORDERS = (
    "订单号,订单状态,商品id,样式ID,商品规格,商品数量(件),订单成交时间,承诺发货时间,用户实付金额(元),商家实收金额(元),售后状态\n"
    "261121-100000000000001,待发货,801,80101,原味 500g,2,2026-11-21 09:00:00,2026-11-22 09:00:00,59.80,59.80,无售后或售后取消\n"
    "261121-100000000000002,待发货,801,80101,原味 500g,1,2026-11-21 10:00:00,2026-11-23 10:00:00,129.90,129.90,无售后或售后取消\n"
)


@pytest.fixture
def shelf(lin: Seat, people: Cast) -> str:
    """The page of the walnuts, of which two orders wait for three."""
    import_files(lin, people, PRODUCTS.encode(), ORDERS.encode("gb18030"), as_of="2026-11-21T14:20")
    return f"/shops/{people.shop_id}/goods?sku=80101"


def change(who: Seat, people: Cast, **fields: str) -> httpx.Response:
    return who.send_form(f"/shops/{people.shop_id}/goods/stock", {"sku": "80101", **fields}, page=f"/shops/{people.shop_id}/goods?sku=80101")


def figures(page: httpx.Response) -> list[str]:
    return re.findall(r'class="figure[^"]*">([^<]*)<', page.text)


@pytest.mark.usefixtures("shelf")
def test_a_list_of_products_shows_with_what_orders_wait_for(lin: Seat) -> None:
    page = lin.get("/goods")

    assert page.status_code == 200
    assert ["核桃 原味 500g" in page.text, "核桃 奶香 500g" in page.text, "HT-N" in page.text, "已下架" in page.text] == [True] * 4
    assert "48 小时" in page.text


def test_a_count_shows_what_is_short_and_whom_to_tell_first(lin: Seat, people: Cast, shelf: str) -> None:
    answer = change(lin, people, deed="count", pieces="2", reason="月底盘点")

    page = lin.get(shelf)
    assert answer.status_code == 303
    assert figures(page)[:3] == ["2", "3", "-1"]
    assert "261121-100000000000002" in page.text.split("先告知这些买家")[1].split("</section>")[0]
    assert "261121-100000000000001" not in page.text.split("先告知这些买家")[1].split("</section>")[0]
    assert "¥6.50" in page.text
    assert "月底盘点" in page.text
    assert "核桃 原味 500g" in lin.get("/goods?show=short").text
    assert "补货" in lin.get("/today").text


def test_taking_out_more_than_lies_there_is_refused_and_changes_nothing(lin: Seat, people: Cast, shelf: str) -> None:
    change(lin, people, deed="count", pieces="5")

    answer = change(lin, people, deed="take_out", pieces="6")

    assert answer.status_code == 409 or "只有 5" in answer.text
    assert figures(lin.get(shelf))[0] == "5"


@pytest.mark.parametrize(("deed", "lies"), [("bring_in", "8"), ("take_out", "2"), ("move", "2")])
def test_a_change_of_stock_that_is_sent_twice_is_made_once(lin: Seat, people: Cast, shelf: str, deed: str, lies: str) -> None:
    change(lin, people, deed="count", pieces="5")
    key = once_on(lin.get(shelf).text, "/goods/stock")

    answers = [change(lin, people, deed=deed, pieces="3", target="二楼", once=key) for _ in range(2)]

    page = lin.get(shelf).text
    assert [answer.status_code for answer in answers] == [303, 303]
    assert re.findall(r'<td class="c-no">[^<]*</td><td class="right c-n[^"]*"><span[^>]*>[^<]*</span> (-?\d+)', page)[0] == lies


def test_a_stock_sheet_counts_and_notes_and_tells_what_it_left_out(lin: Seat, people: Cast, shelf: str) -> None:
    sheet = "商家编码,数量,库位,重量,新条码\nHT-Y,40,A-01,555,6901234567892\nHT-N,7,,,\nNOPE,1,,,\nHT-N,x,,,\n"

    page = lin.send_form("/goods", {"shop": str(people.shop_id)}, page="/goods", files=[("files", ("盘点.csv", sheet.encode(), "text/csv"))])

    assert "盘点 2 处" in page.text
    assert "NOPE" in page.text
    assert "第 5 行" in page.text
    assert figures(lin.get(shelf))[0] == "40"
    assert "80101" in lin.get("/goods?number=6901234567892").text
    assert "A-01" in lin.get(shelf).text


def test_what_the_shop_knows_is_kept_and_a_barcode_stands_on_one_sku_only(lin: Seat, people: Cast, shelf: str) -> None:
    own = f"/shops/{people.shop_id}/goods/own"
    lin.send_form(own, {"sku": "80101", "weight_g": "555", "packing_g": "20", "barcodes": "690 691", "location": "B-2", "warn_at": "10"}, page=shelf)

    refused = lin.send_form(own, {"sku": "80102", "barcodes": "691"}, page=shelf)

    page = lin.get(shelf).text
    assert ['value="555"' in page, 'value="690 691"' in page, 'value="B-2"' in page, 'value="10"' in page] == [True] * 4
    assert refused.status_code != 303
    assert 'value="691"' not in lin.get(f"/shops/{people.shop_id}/goods?sku=80102").text


def test_goods_can_be_named_before_any_list_tells_of_them(lin: Seat, people: Cast, shelf: str) -> None:
    answer = lin.send_form(f"/shops/{people.shop_id}/goods/names", {"code": "新品/1 号"}, page="/goods")

    assert answer.status_code == 303
    assert "新品/1 号" in lin.get(answer.headers["location"]).text


def test_strangers_see_nothing_and_finance_changes_nothing(lin: Seat, at_desk: Callable[[Person], Seat], people: Cast, shelf: str) -> None:
    zheng = at_desk(people.zheng)

    assert zheng.get(shelf).status_code == 404
    assert "核桃" not in zheng.get("/goods").text
    assert change(zheng, people, deed="count", pieces="1").status_code in (403, 404) if zheng.get(shelf).status_code == 200 else True
    assert figures(lin.get(shelf))[0] == "—"
