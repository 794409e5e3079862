"""老周 packs with a scanner that types like a keyboard: nothing it types is lost, and nothing it types acts as a key of the desk."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.actions.dispatching.warehouse import YTO, Warehouse
from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from zhanggui.actions.house import House

pytestmark = [pytest.mark.browser]

A, B = "261121-351946208153001", "261121-882371904552002"
NUTS = {"title": "每日坚果", "spec": "750g", "outer_sku": "2024-07", "sku_id": "91", "goods_id": "7"}
TOO_SMALL = """
[...document.querySelectorAll("button, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), nav a, .button")]
    .filter((each) => each.offsetParent !== null && !each.closest(".unseen") && each.getBoundingClientRect().height < 43.5)
    .map((each) => each.outerHTML.slice(0, 120))
"""


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Two orders of the same goods, one of three pieces and one of one."""
    shop = Warehouse(house, people)
    shop.now = NOW - timedelta(minutes=5)
    shop.comes(A, ship_by=NOW + timedelta(hours=2), quantity=3, **NUTS)
    shop.comes(B, ship_by=NOW + timedelta(hours=1), quantity=1, **NUTS)
    return shop


def test_a_scanner_packs_parcel_after_parcel_without_a_hand_on_the_page(visitor: Callable[..., Visitor], shop: Warehouse) -> None:
    shop.prints(A, B)
    zhou = visitor(shop.by, DESK)
    first, second = (shop.dispatch(no).tracking_no or "" for no in (A, B))  # type: ignore[union-attr]  # both were printed
    zhou.goes_to("/ship/pack")
    bench = zhou.page.locator("[data-bench]")

    zhou.page.keyboard.type(first + "\n")
    expect(bench).to_contain_text("请装入 3 件")
    zhou.page.locator("main h1").click()
    zhou.page.keyboard.type("2024-07\n2024-07\n2024-07\n")
    expect(bench).to_have_attribute("data-tone", "good")
    zhou.page.keyboard.type(f"{second}\n2024-08\n")
    expect(bench).to_have_attribute("data-tone", "stop")
    zhou.page.keyboard.type("2024-07\n")
    expect(bench).to_have_attribute("data-tone", "good")

    assert (shop.state(A), shop.state(B)) == ("packed", "packed")
    assert zhou.page.url.endswith("/ship/pack")
    zhou.page.keyboard.press("Escape")
    zhou.page.keyboard.press("u")
    expect(bench).to_have_attribute("data-tone", "warn")
    assert (shop.state(A), shop.state(B)) == ("packed", "printed")


def test_a_batch_is_made_and_its_numbers_scanned_by_keys_alone(visitor: Callable[..., Visitor], shop: Warehouse) -> None:
    lin = visitor(shop.people.lin, DESK)
    keyboard = lin.page.keyboard

    lin.goes_to("/ship")
    keyboard.press("a")
    with lin.page.expect_navigation():
        keyboard.press("m")
    lin.page.locator("#column-carrier").fill(YTO)
    keyboard.press("Tab")
    keyboard.type("YT7351946208153\nYT8823719045526")
    with lin.page.expect_navigation():
        keyboard.press("Tab")
        keyboard.press("Enter")
    expect(lin.page.locator("main")).to_contain_text("已记下 2 个单号")
    with lin.page.expect_navigation():
        keyboard.press("d")

    assert (shop.state(A), shop.state(B)) == ("printed", "printed")
    lin.goes_to("/ship?view=pack")
    keyboard.press("j")
    keyboard.press("x")
    expect(lin.page.locator("[data-ticked]")).to_contain_text("1")


def test_on_a_phone_nothing_is_too_wide_or_too_small_to_touch(visitor: Callable[..., Visitor], shop: Warehouse) -> None:
    shop.prints(A)
    zhou = visitor(shop.by, PHONE)

    for path in ("/ship", "/ship?view=pack", "/ship?view=tell", "/ship?view=batch", "/ship/pack"):
        zhou.goes_to(path)

        assert (path, zhou.page.evaluate("document.documentElement.scrollWidth")) == (path, PHONE["width"])
        assert (path, zhou.page.evaluate(TOO_SMALL)) == (path, [])
