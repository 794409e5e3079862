"""小美 hears the bell, takes note by the keyboard alone, and sees the next alert come while she looks; 林 sets a channel on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.actions.dispatching.warehouse import Warehouse
from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from tests.journeys.test_live import watches
from tests.journeys.test_pictures import _audit
from zhanggui.actions.alerting.watching import watch_alerts
from zhanggui.actions.house import House
from zhanggui.actions.own_account import set_own_language

pytestmark = [pytest.mark.browser]

A, B, C = "261121-351946208153001", "261121-882371904552002", "261121-640918273645003"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Two orders that come due, heard of."""
    shop = Warehouse(house, people)
    shop.now = NOW - timedelta(minutes=5)
    shop.comes(A, ship_by=NOW + timedelta(hours=2))
    shop.comes(B, ship_by=NOW + timedelta(hours=1))
    watch_alerts(house, NOW)
    return shop


def test_the_bell_leads_to_what_rings_and_a_key_takes_note(visitor: Callable[..., Visitor], shop: Warehouse, house: House, people: Cast) -> None:
    mei = visitor(people.mei, DESK)
    mei.goes_to("/orders")
    expect(mei.page.locator("#bell")).to_have_accessible_name("2 条提醒")

    with mei.page.expect_navigation(url="**/alerts"):
        mei.page.keyboard.press("!")
    watches(mei, "/alerts")
    _audit(mei, "alerts")
    mei.page.keyboard.press("j")
    expect(mei.page.get_by_role("link", name=B)).to_be_focused()
    with mei.page.expect_navigation():
        mei.page.keyboard.press("a")

    expect(mei.page.locator("p.notice[role=status]")).to_have_text("知悉了 1 条提醒。")
    expect(mei.page.locator("#live")).not_to_contain_text(B)
    watches(mei, "/alerts")
    shop.comes(C, ship_by=NOW + timedelta(minutes=30))
    watch_alerts(house, NOW)
    expect(mei.page.locator("#live")).to_contain_text(C)


def test_a_channel_and_quiet_hours_are_set_on_a_phone(visitor: Callable[..., Visitor], house: House, people: Cast) -> None:
    set_own_language(house, people.lin, "en")
    lin = visitor(people.lin, PHONE)
    lin.goes_to("/alerts/settings")
    _audit(lin, "alert settings")

    lin.page.get_by_text("WeCom: a bot in a group").click()
    lin.page.locator("#wecom-name").fill("打包群")
    lin.page.locator("#wecom-address").fill("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4")
    with lin.page.expect_navigation():
        lin.page.locator("form:has(#wecom-name) button").click()
    expect(lin.page.locator("#channels")).to_contain_text("打包群")
    expect(lin.page.locator("#channels")).to_contain_text("···4bc4")
    lin.page.locator("#shop-begins-1").fill("12:00")
    lin.page.locator("#shop-ends-1").fill("13:30")
    with lin.page.expect_navigation():
        lin.page.locator("#terms button.primary").click()

    expect(lin.page.locator("#shop-begins-1")).to_have_value("12:00")
