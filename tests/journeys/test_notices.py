"""林 tells the emulator's buyers before they ask: that the group formed, which number it has, that it is late; and pays back who would rather not wait."""

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
from zhanggui.actions.syncing import read_again
from zhanggui.actions.today import settle
from zhanggui.records import around

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_buyers_are_told_before_they_ask_by_keys_alone(house: House, people: Cast, visitor: Callable[..., Visitor]) -> None:
    with running(quiet(start=NOW.isoformat())) as platform:
        shop = Door(house, people.lin, people.shop_id, platform)
        told, late = shop.orders(2)
        visit = visitor(people.lin, DESK)
        page = visit.page

        visit.goes_to("/notices")
        press(page, "j", "x")
        page.keyboard.press("c")
        expect(page.locator("[data-copy=now-said]")).to_contain_text("已复制")
        message = page.evaluate("navigator.clipboard.readText()")
        press(page, "s")
        press(page, "s")
        expect(page.locator("main")).to_contain_text("没有等待发送的告知")

        platform.ship(told, "YT7300000000001")
        assert read_again(shop.house, people.shop_id, "order", told, shop.now, shop.wall)
        visit.goes_to("/notices")
        expect(page.locator("section.chase h2").first).to_have_text("发货告知")
        expect(page.locator("blockquote").first).to_contain_text("YT7300000000001")
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

        shop.asks(late)
        visit.goes_to("/notices?view=sent")
        press(page, "j", "m")
        expect(page.locator("section[aria-labelledby=money-title]")).to_contain_text("请现在到商家后台同意")
        fits(page)
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        fits(page)

    assert "已经拼成了" in message
    assert [(each.step, each.state) for each in seen_of_order(house, people.lin, people.shop_id, late)] == [
        ("notice_formed", "notice_sent"),
        ("notice_delayed", "notice_sent"),
    ]


def press(page: Page, *keys: str) -> None:
    """Presses keys of which the last one leads on to another page."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def fits(page: Page) -> None:
    """Nothing stands out of the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
