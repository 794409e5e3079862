"""A page that keeps itself in step keeps its forms in step too: a button never speaks of another order than the one it stands beside."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.actions.dispatching.warehouse import Warehouse
from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, Visitor
from tests.journeys.test_inbox import Buyers
from tests.journeys.test_live import watches
from zhanggui.actions.alerting.acknowledging import acknowledge
from zhanggui.actions.alerting.watching import watch_alerts
from zhanggui.actions.dispatching import destroyed, kept_after_all
from zhanggui.actions.house import House

pytestmark = [pytest.mark.browser]

A, B, C = "261121-351946208153001", "261121-882371904552002", "261121-640918273645003"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Three orders that come due."""
    shop = Warehouse(house, people)
    shop.now = NOW - timedelta(minutes=5)
    for hours, no in enumerate((A, B, C), 1):
        shop.comes(no, ship_by=NOW + timedelta(hours=hours))
    return shop


def values(fields: Locator) -> list[str]:
    told: list[str] = fields.evaluate_all("all => all.map((each) => each.value)")
    return told


def test_the_button_beside_a_destroyed_label_takes_back_that_one(visitor: Callable[..., Visitor], shop: Warehouse, people: Cast) -> None:
    shop.prints(A, B)
    for no in (A, B):
        shop.asks_back(no)
        destroyed(shop.house, shop.by, shop.shop_id, [no], shop.now)
    zhou = watches(visitor(shop.by, DESK), "/ship?view=destroy")
    rows = zhou.page.locator("details.sheet tr[data-row]")
    zhou.page.locator("details.sheet summary").click()
    expect(rows.locator("a")).to_have_text([B, A])

    kept_after_all(shop.house, people.lin, shop.shop_id, [B], NOW)

    expect(rows.locator("a")).to_have_text([A])
    assert values(rows.locator("input[name=order_no]")) == [A]
    with zhou.page.expect_navigation():
        rows.locator("button").click()
    assert (shop.state(A), shop.state(B)) == ("to_destroy", "to_destroy")


def test_acknowledging_all_is_about_those_that_are_listed(visitor: Callable[..., Visitor], shop: Warehouse, house: House, people: Cast) -> None:
    watch_alerts(house, NOW)
    mei = watches(visitor(people.mei, DESK), "/alerts")
    listed = mei.page.locator(".alertlist > li")
    posted = mei.page.locator(f"#acknowledge-{people.shop_id} input[name=alert]")
    first, *others = values(posted)

    acknowledge(house, people.lin, people.shop_id, [int(first)], NOW)

    expect(listed).to_have_count(2)
    assert values(posted) == others
    assert all(values(mei.page.locator("#live input[name=_csrf_token]")))


def test_needs_no_answer_is_said_of_what_stands_there_and_a_typed_answer_keeps_its_script(visitor: Callable[..., Visitor], house: House, people: Cast) -> None:
    buyers = Buyers(house, people)
    path = buyers.write("王小明", "在吗", 60)
    mei = watches(visitor(people.mei, DESK), path)
    page, script = mei.page, mei.page.locator("#composer-script")
    seen, taken_from = values(page.locator("input[name=seen]")), script.input_value()
    page.keyboard.press("e")
    page.keyboard.type("您好，我帮您查")

    buyers.write("王小明", "什么时候发货呀", 1)

    expect(page.locator(".talk")).to_contain_text("什么时候发货呀")
    expect(page.locator("#composer-newer")).to_be_visible()
    assert values(page.locator("input[name=seen]")) > seen
    assert script.input_value() == taken_from
    assert page.locator("#draft-1").get_attribute("data-script") != taken_from
