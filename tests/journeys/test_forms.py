"""A form under an impatient finger: two clicks are one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.cast import Cast
from tests.journeys.conftest import DESK, Visitor

pytestmark = [pytest.mark.browser]


def test_a_form_on_its_way_is_not_sent_again_by_a_second_click(visitor: Callable[..., Visitor], people: Cast) -> None:
    lin = visitor(people.lin, DESK)
    lin.goes_to(f"/money?view=cash&shop={people.shop_id}")
    page, button = lin.page, lin.page.locator("form:has(#withdrawal-sum) button")
    on_the_way: list[Route] = []

    def hold(route: Route) -> None:
        on_the_way.append(route)

    page.route("**/withdrawals", hold)

    page.fill("#withdrawal-sum", "50")
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    assert place is not None
    for _ in range(2):
        page.mouse.click(place["x"] + 5, place["y"] + 5)
        page.wait_for_timeout(200)
    sent = len(on_the_way)
    with page.expect_navigation(url="**done=kept"):
        on_the_way[-1].continue_()

    expect(page.locator("tr[id^=withdrawal-]")).to_have_count(1)
    assert sent == 1
