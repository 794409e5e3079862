"""林 takes numbers and prints their labels in a real browser, which speaks to the print component itself; a jam and a component that hangs up included."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.actions.waybills.counter import WaybillCounter
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from tests.journeys.conftest import DESK, NOW, PHONE, Site, Visitor
from zhanggui.actions.house import House
from zhanggui.actions.outbox import send_due
from zhanggui.records import waybill_accounts

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURES = Path(os.environ.get("LOOK_AT", "/nonexistent"))


@pytest.fixture
def counter(house: House, site: Site, people: Cast) -> Iterator[WaybillCounter]:
    """The shop connected to an emulated platform that lives an hour before the story's moment."""
    with running(quiet(start=(NOW - timedelta(hours=1)).isoformat())) as platform:
        yield WaybillCounter(house, people.lin, people.shop_id, platform)


def photographed(visit: Visitor, name: str) -> None:
    if PICTURES.is_dir():
        visit.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def labels_out(counter: WaybillCounter) -> list[str]:
    """The labels that came out of the emulated printer, in order."""
    told = counter.platform.ledger(method="print.print")
    return [effect.removeprefix("document.printed:") for entry in told for effect in entry["effects"]]


def test_numbers_are_taken_printed_and_reported(visitor: Callable[..., Visitor], counter: WaybillCounter, people: Cast) -> None:
    counter.opened()
    orders = counter.orders(23)
    lin = visitor(people.lin, DESK)

    lin.goes_to("/waybills")
    expect(lin.page.locator("[data-print-said]")).to_contain_text("打印组件已连接")
    photographed(lin, "waybills-1440-zh")
    lin.page.get_by_label("订单号", exact=True).fill(" ".join(orders))
    lin.page.locator("#take button").click()
    expect(lin.page.locator("#came")).to_contain_text("23 / 23")
    expect(lin.page.locator("[data-print-said]")).to_contain_text("打印组件已连接")
    lin.page.keyboard.press("d")
    expect(lin.page.locator("#came [data-print-progress]")).to_contain_text("共 23 张，已打印 23")
    photographed(lin, "waybills-taken-1440-zh")

    numbers = counter.taken_there()
    assert sorted(labels_out(counter)) == sorted(numbers)
    assert [(row.printed, row.print_data) for row in counter.rows()] == [(1, None)] * 23
    assert [entry["effects"] for entry in counter.platform.ledger(effect="order.printed")] == []
    while send_due(counter.house, counter.shop_id, counter.now + timedelta(hours=2), counter.wall, "worker", 50):
        pass
    reported = [effect for entry in counter.platform.ledger(effect="order.printed") for effect in entry["effects"]]
    assert sorted(reported) == sorted(f"order.printed:{order}" for order in orders)


def test_what_jams_fails_and_what_was_never_answered_is_asked_after(visitor: Callable[..., Visitor], counter: WaybillCounter, people: Cast) -> None:
    account = counter.opened()
    first, second, third = counter.orders(3)
    counter.takes([first, second, third], account)
    lin = visitor(people.lin, DESK)

    def prints(order: str, **mood: float) -> None:
        counter.platform.mood(name="fair", **mood)
        lin.goes_to("/waybills")
        lin.page.get_by_label("订单号", exact=True).fill(order)
        lin.page.locator("#take button").click()
        expect(lin.page.locator("[data-print-said]")).to_contain_text("打印组件已连接")
        lin.page.keyboard.press("d")

    prints(first, print_fails=1.0)
    expect(lin.page.locator("#came [data-print-progress]")).to_contain_text("失败 1")
    prints(second, print_swallowed=1.0)
    expect(lin.page.locator("#came [data-print-progress]")).to_contain_text("不明 1")
    prints(third, print_unanswered=1.0)
    expect(lin.page.locator("#came [data-print-progress]")).to_contain_text("已打印 1")
    lin.goes_to("/waybills")
    expect(lin.page.locator("#open")).to_contain_text("打印机缺纸")
    photographed(lin, "waybills-open-1440-zh")
    lin.page.get_by_role("button", name="没打印").click()
    expect(lin.page.locator("#open")).not_to_contain_text("没打印")

    assert [row.printed for row in counter.rows()] == [0, 0, 1]


def test_without_scripts_numbers_are_taken_and_given_back_by_hand_on_a_phone(visitor: Callable[..., Visitor], counter: WaybillCounter, people: Cast) -> None:
    counter.opened()
    counter.orders(2)
    zhou = visitor(people.zhou, PHONE, scripts=False)

    zhou.goes_to("/waybills")
    zhou.page.get_by_label("或最紧急的").fill("2")
    zhou.page.locator("#take button").click()
    expect(zhou.page.locator("#came")).to_contain_text("2 / 2")
    zhou.page.locator("#numbers details").first.locator("summary").click()
    with zhou.page.expect_navigation():
        zhou.page.locator("#numbers details").first.get_by_role("button", name="退回").click()
    photographed(zhou, "waybills-390-zh")

    assert len(counter.given_back_there()) == 1
    assert zhou.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert urlsplit(zhou.page.url).path == "/waybills"


def test_a_template_is_chosen_and_tried_with_a_label_that_is_no_parcels(visitor: Callable[..., Visitor], counter: WaybillCounter, people: Cast) -> None:
    account = counter.opened()
    lin = visitor(people.lin, DESK)

    lin.goes_to(f"/shops/{people.shop_id}/waybill_accounts/{account.account_no}/templates")
    photographed(lin, "templates-1440-zh")
    offered = lin.page.locator("input[name=template]")
    chosen = offered.last.get_attribute("value")
    offered.last.check()
    lin.page.keyboard.press("m")
    expect(lin.page.locator("p.notice")).to_contain_text("模板已保存")
    expect(lin.page.locator("[data-print-said]")).to_contain_text("打印组件已连接")
    lin.page.locator(f"#a{account.account_no} > summary").click()
    lin.page.get_by_role("button", name="打印测试面单").click()
    expect(lin.page.locator("[data-print-said]")).to_contain_text("测试面单已打印")

    with counter.house.pool.connection() as tx:
        kept = waybill_accounts.one(tx, counter.shop_id, account.account_no)
    assert kept is not None
    assert kept.template_url == chosen
    assert [name.startswith("zg-test-") for name in labels_out(counter)] == [True]
    assert counter.rows() == []
