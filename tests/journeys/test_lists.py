"""The way back from a thing leads to the list as it was left."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.journeys.conftest import NOW, Visitor, written
from tests.workbench.shop_files import order_file
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview

pytestmark = pytest.mark.browser
SitDown = Callable[..., Visitor]


def test_the_crumb_of_an_order_leads_to_the_orders_as_they_were_narrowed_down(visitor: SitDown, house: House, people: Cast, tmp_path: Path) -> None:
    batch = preview(house, people.lin, people.shop_id, [written(tmp_path, "orders.csv", order_file(NOW))], NOW, as_of=NOW)
    confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)
    lin = visitor(people.lin)
    lin.goes_to("/orders?stage=to_ship")
    narrowed = lin.page.url

    lin.page.locator("[data-row] a").first.click()
    lin.page.wait_for_url("**/orders/*")
    lin.page.locator(".crumbs a").first.click()

    lin.page.wait_for_url(narrowed)


@pytest.mark.parametrize("left", ["shop={shop}&view=room", "view=room"])
def test_a_crumb_leads_to_the_list_of_the_shop_that_it_names(visitor: SitDown, people: Cast, left: str) -> None:
    lin = visitor(people.lin)
    lin.goes_to("/scripts?" + left.format(shop=people.shop_id))
    lin.goes_to(f"/shops/{people.shop_id}/new_script")

    lin.page.locator(".crumbs a").first.click()

    lin.page.wait_for_url(f"**/scripts?shop={people.shop_id}" + ("&view=room" if left.startswith("shop") else ""))
