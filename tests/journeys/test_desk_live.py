"""The lists of the to-ship desk keep themselves in step: what is ticked stays ticked, the focus stays, and what moved on is gone."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.actions.dispatching.warehouse import YTO, Warehouse
from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from tests.journeys.test_live import watches
from zhanggui.actions.house import House
from zhanggui.actions.shipdesk.batching import make_batch
from zhanggui.actions.shipdesk.splitting import add_part

pytestmark = [pytest.mark.browser]

PICTURES = Path(os.environ.get("LOOK_AT", "/nonexistent"))
A, B, C = "261121-351946208153001", "261121-882371904552002", "261121-640918273645003"
NUTS = {"title": "每日坚果", "spec": "750g", "outer_sku": "2024-07", "receiver_masked": "李**", "province": "浙江省", "city": "杭州市"}


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Two orders to be printed."""
    shop = Warehouse(house, people)
    shop.now = NOW - timedelta(minutes=5)
    shop.comes(A, ship_by=NOW + timedelta(hours=2), quantity=3, **NUTS)
    shop.comes(B, ship_by=NOW + timedelta(hours=1), quantity=1, **NUTS)
    return shop


def photographed(visit: Visitor, name: str) -> None:
    if PICTURES.is_dir():
        visit.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def test_ticks_and_focus_stay_while_orders_come_and_go(visitor: Callable[..., Visitor], shop: Warehouse) -> None:
    zhou = watches(visitor(shop.by, DESK), "/ship")
    box = zhou.page.get_by_role("checkbox", name=f"勾选 {A}")
    box.focus()
    zhou.page.keyboard.press("x")
    expect(zhou.page.locator("[data-ticked]")).to_contain_text("1")

    shop.comes(C, ship_by=NOW + timedelta(hours=9), quantity=1, **NUTS)
    expect(zhou.page.locator("table.desk")).to_contain_text(C)
    shop.asks_back(B)
    expect(zhou.page.locator("table.desk")).not_to_contain_text(B)

    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(zhou.page.locator("[data-ticked]")).to_contain_text("1")
    photographed(zhou, "desk-1440-zh")
    zhou.page.keyboard.press("m")
    expect(zhou.page.locator("h1")).to_contain_text("批次 1")


def test_the_batch_of_an_order_in_two_parcels_is_worked_by_keys_and_fits_a_phone(visitor: Callable[..., Visitor], shop: Warehouse) -> None:
    who = (shop.house, shop.by, shop.shop_id)
    batch_no = make_batch(*who, shop.now, order_nos=[A, B], carrier=YTO)
    add_part(*who, A, shop.now)
    zhou = visitor(shop.by, DESK)
    zhou.goes_to(f"/shops/{shop.shop_id}/ship/batches/{batch_no}")
    zhou.page.locator("input.number").first.focus()
    zhou.page.keyboard.type("YT7351946208153\nYT8823719045526\nYT6409182736459\n")
    expect(zhou.page.locator("#numbers-title + .soft")).to_contain_text("每个包裹都有了")
    photographed(zhou, "batch-1440-zh")
    zhou.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    photographed(zhou, "batch-390-zh")

    assert zhou.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_where_the_browser_reads_no_barcodes_the_check_says_so_and_takes_what_is_typed(visitor: Callable[..., Visitor], shop: Warehouse) -> None:
    shop.prints(B)
    zhou = visitor(shop.by, PHONE)
    zhou.goes_to("/ship/pack")
    reads = zhou.page.evaluate("'BarcodeDetector' in window")

    zhou.page.keyboard.type((shop.dispatch(B).tracking_no or "") + "\n2024-07\n")  # type: ignore[union-attr]  # it was printed

    expect(zhou.page.locator("[data-bench]")).to_have_attribute("data-tone", "good")
    if not reads:  # Chromium has no detector on Linux; where it has one, the buttons of the camera are offered in its place
        expect(zhou.page.locator("[data-camera-none]")).to_be_visible()
        expect(zhou.page.locator("[data-camera-on]")).to_be_hidden()
        expect(zhou.page.locator("[data-photo]")).to_be_hidden()
