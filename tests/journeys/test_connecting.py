"""A shop is connected in a real browser: over to the platform's own page, a yes there, and back; the content policy stands in no way."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.connected import name_app
from tests.emulator.caller import Caller, quiet, running
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from zhanggui.actions.connections import connection_state
from zhanggui.actions.house import House
from zhanggui.core.connection import ConnectionState

Sits = Callable[..., Visitor]


@pytest.fixture
def platform() -> Iterator[Caller]:
    with running(quiet(start=NOW.isoformat(), size={"shops": 2})) as caller:
        yield caller


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_lin_connects_her_shop(visitor: Sits, house: House, people: Cast, platform: Caller, screen: dict[str, int], scripts: bool) -> None:
    name_app(house, people.shop_id, platform)
    lin = visitor(people.lin, screen, scripts=scripts)

    lin.goes_to(f"/settings?shop={people.shop_id}")
    lin.page.get_by_role("link", name="连接店铺").click()
    lin.page.get_by_role("button", name="到平台授权").click()
    lin.page.get_by_role("button", name="同意授权").click(timeout=10_000)
    expect(lin.page).to_have_url(re.compile(r"/connection(\?done=to_confirm)?$"))
    assert _fits(lin)
    lin.page.get_by_role("button", name="是，连接它").click()

    expect(lin.page.locator("main")).to_contain_text("已连接")
    assert _fits(lin)
    assert connection_state(house, people.lin, people.shop_id, NOW).state is ConnectionState.CONNECTED
    lin.complaints = [complaint for complaint in lin.complaints if "404" not in complaint]  # the emulator's page has no icon


def test_the_page_of_a_broken_connection_fits_a_phone(visitor: Sits, house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    lin = visitor(people.lin, PHONE)
    lin.goes_to(f"/shops/{people.shop_id}/connection")
    lin.page.locator("input[name=access_token]").fill("0" * 40)
    lin.page.get_by_role("button", name="用它连接").click()

    expect(lin.page.get_by_role("alert")).to_contain_text("20032")
    lin.complaints = [complaint for complaint in lin.complaints if "422" not in complaint]
    assert _fits(lin)


def _fits(visit: Visitor) -> bool:
    """Whether nothing stands out of the screen."""
    return bool(visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
