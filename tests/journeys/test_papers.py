"""老周 takes a packing slip and a label from the page of an order, also without scripts; the page he has open tells of both."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from tests.papers.looking import codes, pictures
from tests.workbench.shop_files import SENT, order_file
from zhanggui.actions import importing
from zhanggui.actions.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_he_takes_papers_from_the_page_of_an_order(
    visitor: Callable[..., Visitor], people: Cast, house: House, tmp_path: Path, screen: dict[str, int], *, scripts: bool
) -> None:
    brought = tmp_path / "orders.csv"
    brought.write_bytes(order_file(NOW))
    batch = importing.preview(house, people.lin, people.shop_id, [brought], NOW, as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)
    zhou = visitor(people.zhou, screen, scripts=scripts)
    zhou.page.goto(f"{zhou.address}/shops/{people.shop_id}/orders/{SENT}", wait_until="load")

    for button in ("发货清单", "面单 76 × 130 毫米"):
        with zhou.page.expect_download() as download:
            zhou.page.get_by_role("button", name=button).click()
        (picture,) = pictures(Path(download.value.path()).read_bytes())
        assert codes(picture)["QR Code"] == SENT

    if not scripts:
        zhou.page.reload()
    expect(zhou.page.locator("main")).to_contain_text("制作了发货清单。")
    expect(zhou.page.locator("main")).to_contain_text("条码为 YT7400000000004")
