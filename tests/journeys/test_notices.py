"""林 tells the emulator's buyers before they ask, at every step there is, by keys alone; and pays back who would rather not wait."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.notices.seeing import seen_of_order
from zhanggui.actions.scans import paste_scans
from zhanggui.actions.syncing import read_again
from zhanggui.actions.today import settle
from zhanggui.records import around

SILENT = "2026-11-21 16:00:00 【义乌网点】已揽收\n2026-11-21 20:00:00 【杭州转运中心】已发出"
THERE = "2026-11-21 16:00:00 【义乌网点】已揽收\n2026-11-23 14:00:00 快件已签收"

SEEN_AFTER = 700
"""Milliseconds after which the page counts as seen."""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_buyers_are_told_before_they_ask_by_keys_alone(house: House, people: Cast, visitor: Callable[..., Visitor]) -> None:
    with running(quiet(start=NOW.isoformat())) as platform:
        shop = Door(house, people.lin, people.shop_id, platform)
        told, late, slow = shop.orders(3)
        visit = visitor(people.lin, DESK)
        page = visit.page

        visit.goes_to("/notices")
        press(page, "j", "x")
        page.keyboard.press("c")
        expect(page.locator("[data-copy=now-said]")).to_contain_text("已复制")
        message = page.evaluate("navigator.clipboard.readText()")
        for _ in (told, late, slow):
            press(page, "s")
        expect(page.locator("main")).to_contain_text("没有等待发送的告知")

        for order_no, number in ((told, "YT7300000000001"), (slow, "YT7300000000002")):
            platform.ship(order_no, number)
            assert read_again(shop.house, people.shop_id, "order", order_no, shop.now, shop.wall)
        visit.goes_to("/notices")
        expect(page.locator("section.chase h2").first).to_have_text("发货告知")
        expect(page.locator("blockquote").first).to_contain_text("YT730000000000")
        press(page, "j", "x")
        for _ in (told, slow):
            press(page, "s")
        fits(page)

        with house.pool.connection() as tx:
            ship_by = around.orders(tx, people.shop_id, [late])[late].facts.ship_by
        assert ship_by is not None
        shop.later(ship_by - shop.now + timedelta(hours=1))
        clock.wind(house.home, shop.now - clock.now())
        settle(house, [people.shop_id], shop.now)
        visit.goes_to("/notices")
        expect(page.locator("section.chase h2").first).to_have_text("延迟告知")
        press(page, "j", "x")
        press(page, "s")

        paste_scans(house, people.lin, people.shop_id, slow, SILENT, shop.now)
        paste_scans(house, people.lin, people.shop_id, told, THERE, shop.now)
        visit.goes_to("/notices")
        expect(page.locator("section.chase h2").first).to_have_text("送达告知")
        press(page, "j", "x")
        press(page, "s")

        shop.asks(late)
        visit.goes_to("/notices?view=sent")
        press(page, "j", "j", "m")
        expect(page.locator("section[aria-labelledby=money-title]")).to_contain_text("请现在到商家后台同意")
        fits(page)
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        fits(page)

        page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        shop.later(timedelta(hours=24))
        clock.wind(house.home, shop.now - clock.now())
        visit.goes_to("/notices")
        expect(page.locator("section.chase h2").first).to_have_text("停滞告知")
        press(page, "j", "x")
        press(page, "s")
        visit.goes_to("/notices")
        review = page.locator("section.chase", has_text="请如实评价")
        expect(review.locator("blockquote").first).to_contain_text("好的坏的我们都认真看")
        expect(review.locator("input[name=orders]")).to_have_value(told)

    assert "已经拼成了" in message
    assert [(each.step, each.state) for each in seen_of_order(house, people.lin, people.shop_id, late)] == [
        ("notice_formed", "notice_sent"),
        ("notice_delayed", "notice_sent"),
    ]
    assert [each.step for each in seen_of_order(house, people.lin, people.shop_id, slow)] == ["notice_formed", "notice_printed", "notice_stalled"]


def press(page: Page, *keys: str) -> None:
    """Presses keys of which the last one leads on to another page, once what stands there could be read."""
    page.wait_for_timeout(SEEN_AFTER)
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def fits(page: Page) -> None:
    """Nothing stands out of the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
