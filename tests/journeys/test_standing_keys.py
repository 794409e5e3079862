"""How the shop stands, walked through by keys alone: overview, measures, reviews, products, what if, activities."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import DESK, Site, served, visit_of
from tests.site_client import make_app
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.demo import telling

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def demo(house: House) -> Iterator[Site]:
    """The demo shop at the beginning of its week, with its past."""
    telling.begin_clock(house.home)
    clock.use_home(house.home)
    telling.prepare(house)
    with served(make_app(house)) as running:
        yield running
    clock.use_home(None)


def test_every_page_about_standing_is_walked_by_keys_alone(chromium: Browser, demo: Site, house: House) -> None:
    context, visit = visit_of(chromium, demo, telling.owner(house), DESK)
    page = visit.page
    visit.goes_to("/today")
    group = page.locator("header nav a", has_text="表现").get_attribute("data-key")
    assert group is not None

    _leads(page, group, "/overview")
    _opens_first_row(page)
    _leads(page, group, "/overview")
    _leads(page, ".", "/standing")
    _opens_first_row(page)
    assert "/measures/" in page.url
    _leads(page, ".", "/reviews")
    _tabs_to(page, "a[href*='view=all']")
    _leads(page, "Enter", "view=all")
    _opens_first_row(page)
    _leads(page, "u", "/reviews")
    _tabs_to(page, "main a[href^='/products']")
    _leads(page, "Enter", "/products")
    _opens_first_row(page)
    _leads(page, "u", "/products")
    for path in ("/overview", "/standing", "/reviews", "/whatif"):
        _leads(page, ".", path)
    page.keyboard.press("e")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    _leads(page, "t", "/whatif")
    expect(page.locator("select[name=cases]")).to_have_value("agree")
    _leads(page, ".", "/activities")
    page.keyboard.press("j")
    expect(page.locator("[data-row] :focus")).to_have_count(1)
    _leads(page, ",", "/whatif")

    context.close()
    assert visit.complaints == []


def _leads(page: Page, key: str, path: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)
    assert path in page.url


def _tabs_to(page: Page, what: str) -> None:
    """The tabulator comes by it, as by everything one can use."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(f"{what}:focus").count():
            return
    raise AssertionError(f"the tabulator does not come by {what}")


def _opens_first_row(page: Page) -> None:
    """The first row is reached, its focus can be seen, and Enter opens it."""
    page.keyboard.press("j")
    expect(page.locator("[data-row] :focus-visible")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_count(1)
