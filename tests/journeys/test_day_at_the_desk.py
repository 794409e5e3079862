"""A rep's round: files in, the list worked off, files in again; by mouse, by keyboard, without scripts, on a phone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import NOW, PHONE, Visitor, written
from tests.makers import exports
from tests.makers.containers import as_csv
from tests.workbench.shop_files import CALM, LATE, REFUNDED, SENT, SOON, case_file, order_file
from zhanggui import clock
from zhanggui.actions.house import House

pytestmark = pytest.mark.browser
SitDown = Callable[..., Visitor]


def brings_files(visit: Visitor, *files: Path) -> None:
    """Uploads the files, looks at the preview, and confirms it."""
    visit.goes_to("/imports")
    visit.page.set_input_files("#upload-files", [str(file) for file in files])
    visit.page.get_by_role("button", name="预览").click()
    expect(visit.page.get_by_role("heading", name="确认后会发生什么")).to_be_visible()
    visit.page.get_by_role("button", name="确认导入").click()
    expect(visit.page.locator(".pagehead .chip")).to_have_text("已完成")


def row_of(page: Page, order_no: str) -> str:
    """The row of the list that tells of this order."""
    return f"li.todo:has(a:text-is('{order_no}'))"


def test_a_rep_works_the_list_off_and_the_next_import_contradicts_her(visitor: SitDown, people: Cast, house: House, tmp_path: Path) -> None:
    mei = visitor(people.mei)
    brings_files(mei, written(tmp_path, "orders_1425.csv", order_file(NOW)), written(tmp_path, "aftersales_1425.csv", case_file(NOW)))

    mei.goes_to("/today")
    late = mei.page.locator(row_of(mei.page, LATE)).first
    expect(late.locator(".time")).to_contain_text("超 2 小时")
    expect(mei.page.locator("#band-hour")).to_contain_text(SOON)
    late.get_by_role("button", name="完成").click()
    expect(mei.page.locator("li.todo.moved")).to_contain_text("已标记完成")

    clock.wind(house.home, timedelta(hours=1))
    later = NOW + timedelta(hours=1)
    sent = {"订单状态": "已发货，待收货", "发货时间": "2026-11-21 14:50:00", "快递单号": "YT7400000000002", "快递公司": "圆通快递"}
    brings_files(mei, written(tmp_path, "orders_1530.csv", order_file(later, **{"no_" + SOON.replace("-", "_"): sent})))
    expect(mei.page.locator(".moves")).to_contain_text("已发货")

    mei.goes_to("/today")
    late = mei.page.locator(row_of(mei.page, LATE)).first
    expect(late.locator(".mark")).to_contain_text("新数据显示仍未处理")


def test_a_mark_is_taken_back(visitor: SitDown, people: Cast, tmp_path: Path) -> None:
    mei = visitor(people.mei)
    brings_files(mei, written(tmp_path, "orders.csv", order_file(NOW)))
    mei.goes_to("/today")

    mei.page.locator(row_of(mei.page, LATE)).first.get_by_role("button", name="完成").click()
    mei.page.get_by_role("button", name="撤回").click()
    expect(mei.page.locator(row_of(mei.page, LATE)).first.get_by_role("button", name="完成")).to_be_visible()

    mei.goes_to("/today")
    expect(mei.page.locator("#band-overdue")).to_contain_text(LATE)


def test_a_rep_walks_by_the_keyboard_alone(visitor: SitDown, people: Cast, tmp_path: Path) -> None:
    mei = visitor(people.mei)
    brings_files(mei, written(tmp_path, "orders.csv", order_file(NOW)), written(tmp_path, "cases.csv", case_file(NOW)))
    keyboard = mei.page.keyboard

    keyboard.press("1")
    mei.page.wait_for_url("**/today")
    keyboard.press("?")
    expect(mei.page.locator("dialog#keys")).to_be_visible()
    keyboard.press("Escape")
    expect(mei.page.locator("dialog#keys")).to_be_hidden()

    keyboard.press("j")
    first = mei.page.locator("li.todo").first
    expect(first.locator("[data-open]")).to_be_focused()
    keyboard.press("x")
    expect(first.locator(".panelbody")).to_be_visible()
    keyboard.press("c")
    expect(first.get_by_text("已复制")).to_be_visible()
    assert first.locator(".draft").inner_text() == mei.page.evaluate("navigator.clipboard.readText()")

    keyboard.press("j")
    keyboard.press("k")
    said_done = mei.page.get_by_role("link", name="待核实完成")
    expect(said_done).to_contain_text("0")
    keyboard.press("d")
    expect(mei.page.locator("li.todo.moved")).to_have_count(1)
    expect(said_done).to_contain_text("1")
    keyboard.press("u")
    expect(mei.page.locator("li.todo.moved")).to_have_count(0)
    expect(said_done).to_contain_text("0")
    expect(first.locator("[data-open]")).to_be_focused()

    keyboard.press("j")
    keyboard.press("s")
    expect(mei.page.locator("li.todo.moved")).to_have_count(1)
    keyboard.press("j")
    keyboard.press("Enter")
    mei.page.wait_for_url("**/orders/*")

    keyboard.press("/")
    keyboard.type(SENT)
    keyboard.press("Enter")
    mei.page.wait_for_url(f"**/orders/{SENT}")
    keyboard.press("t")
    keyboard.type("j k d ? are letters in a note")
    assert mei.page.locator("#note-text").input_value() == "j k d ? are letters in a note"


def test_everything_can_be_done_without_scripts(visitor: SitDown, people: Cast, tmp_path: Path) -> None:
    mei = visitor(people.mei, scripts=False)
    brings_files(mei, written(tmp_path, "orders.csv", order_file(NOW)), written(tmp_path, "cases.csv", case_file(NOW)))
    mei.goes_to("/today")

    mei.page.locator(row_of(mei.page, LATE)).first.get_by_role("link", name="更多").click()
    mei.page.get_by_label("原因").fill("仓库说今晚发")
    mei.page.get_by_role("button", name="明早").click()
    expect(mei.page.locator(".notice:visible").first).to_contain_text("已推迟")
    mei.page.get_by_role("link", name="推迟").click()
    expect(mei.page.locator("li.todo")).to_contain_text("仓库说今晚发")

    mei.page.get_by_role("link", name=LATE).click()
    mei.page.get_by_role("textbox", name="备注").fill("买家周三前要收到")
    mei.page.get_by_role("button", name="添加备注").click()
    expect(mei.page.locator("#notes")).to_contain_text("买家周三前要收到")

    mei.goes_to(f"/shops/{people.shop_id}/orders/{SENT}")
    mei.page.locator("#scans-text").fill("2026-11-20 20:30:00 【杭州市】圆通余杭公司 已揽收")
    mei.page.get_by_role("button", name="录入").click()
    expect(mei.page.locator(".notice")).to_contain_text("已录入 1 条物流轨迹")
    expect(mei.page.locator(".scans")).to_contain_text("已揽收")


def test_a_pasted_scan_settles_what_files_alone_could_not_show(visitor: SitDown, people: Cast, tmp_path: Path) -> None:
    zhou = visitor(people.zhou)
    brings_files(visitor(people.mei), written(tmp_path, "orders.csv", order_file(NOW)))
    zhou.goes_to("/today?view=unverified")
    expect(zhou.page.locator("li.todo")).to_contain_text(SENT)

    zhou.goes_to(f"/shops/{people.shop_id}/orders/{SENT}")
    zhou.page.locator("#scans-text").fill("2026-11-20 20:30:00 【杭州市】圆通余杭公司 已揽收")
    zhou.page.get_by_role("button", name="录入").click()

    zhou.goes_to("/today?view=unverified")
    expect(zhou.page.locator("main")).not_to_contain_text(SENT)


PAGES = ("/today", "/orders", "/aftersales", "/imports", "/rules", "/people", "/settings", "/journal", f"/shops/1/orders/{REFUNDED}", "/account")
TOO_SMALL = """
[...document.querySelectorAll("button, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), nav a, .button")]
    .filter((each) => each.offsetParent !== null && each.getBoundingClientRect().height < 43.5)
    .map((each) => each.outerHTML.slice(0, 120))
"""


def test_no_page_is_wider_than_a_phone_or_has_targets_too_small_to_touch(visitor: SitDown, people: Cast, tmp_path: Path) -> None:
    lin = visitor(people.lin, PHONE)
    brings_files(lin, written(tmp_path, "orders.csv", order_file(NOW)), written(tmp_path, "cases.csv", case_file(NOW)))

    for path in PAGES:
        lin.goes_to(path)

        assert (path, lin.page.evaluate("document.documentElement.scrollWidth")) == (path, PHONE["width"])
        assert (path, lin.page.evaluate(TOO_SMALL)) == (path, [])


@pytest.mark.slow
def test_a_long_import_shows_how_far_it_is_and_ends_by_itself(visitor: SitDown, people: Cast, tmp_path: Path) -> None:
    mei = visitor(people.mei)
    mei.page.set_default_timeout(90_000)
    mei.goes_to("/imports")
    mei.page.set_input_files("#upload-files", str(written(tmp_path, "orders.csv", as_csv(exports.orders("b", count=15_000)))))
    mei.page.get_by_role("button", name="预览").click()
    mei.page.get_by_role("button", name="确认导入").click()

    expect(mei.page.locator("#progress")).to_contain_text("15000 行")
    expect(mei.page.locator(".pagehead .chip")).to_have_text("已完成", timeout=90_000)


def test_another_shop_sees_nothing_of_it(visitor: SitDown, people: Cast, tmp_path: Path) -> None:
    brings_files(visitor(people.mei), written(tmp_path, "orders.csv", order_file(NOW)))
    zheng = visitor(people.zheng)

    zheng.goes_to("/orders")
    expect(zheng.page.locator("main")).not_to_contain_text(CALM)
    zheng.goes_to(f"/search?number={CALM}")
    expect(zheng.page.locator("main")).to_contain_text("没有找到这个编号")
