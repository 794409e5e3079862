"""小美 asks a branch about its parcels, calls one back, claims another, and puts a number right: at a desk by keys, and on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from tests.journeys.test_pictures import _audit, _photograph
from tests.workbench.stuck_parcels import HUB_ONE, HUB_TWO, LOST, NO_PICKUP, stuck_shop
from zhanggui.actions.house import House
from zhanggui.actions.own_account import set_own_language

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("screen", "language"), [(DESK, "zh_Hans"), (PHONE, "en")], ids=["desk", "phone"])
def test_what_went_wrong_is_followed_up(
    house: House, people: Cast, visitor: Callable[..., Visitor], tmp_path: Path, screen: dict[str, int], language: str
) -> None:
    stuck_shop(house, people, tmp_path, NOW)
    set_own_language(house, people.mei, language)
    visit = visitor(people.mei, screen)
    page = visit.page

    visit.goes_to("/chase")
    shown(visit, "chase", screen, language)
    page.locator("section.chase", has_text="上海转运中心").get_by_role("link").first.focus()
    page.keyboard.press("c")
    message = page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("x")
    page.locator(".notice[role=status]").wait_for()
    visit.goes_to("/chase?view=waiting")
    shown(visit, "chase-waiting", screen, language)

    visit.goes_to(f"/chase?view=recalls&order={NO_PICKUP}")
    page.locator("#recall-reason").fill("拍错了")
    page.locator("#recall-reason").press("Enter")
    page.locator("section.chase").wait_for()
    shown(visit, "chase-recalls", screen, language)
    visit.goes_to("/chase?view=claims")
    page.locator("button[name=loss]").first.click()
    page.locator("details.particulars").wait_for()
    shown(visit, "chase-claims", screen, language)
    visit.goes_to(f"/chase?view=numbers&order={HUB_ONE}")
    page.locator("#change-carrier").fill("圆通快递")
    page.locator("#change-number").fill("YT7300002222223")
    page.locator("#change-number").press("Enter")
    page.locator("[name=sure]").check()
    page.locator("#change-title").locator("..").locator("..").locator("button.primary").click()
    page.locator("section.chase").wait_for()
    shown(visit, "chase-numbers", screen, language)
    visit.goes_to("/chase?view=carriers")
    shown(visit, "chase-carriers", screen, language)

    assert [line[:2] for line in message.splitlines()[1:4]] == ["1.", "2.", "3."]
    assert LOST[-7:] in message
    assert HUB_TWO[-7:] in message


def shown(visit: Visitor, name: str, screen: dict[str, int], language: str) -> None:
    """The page fits the screen, has no faults where it has most on it, and is photographed where pictures are asked for."""
    if name in ("chase", "chase-claims"):
        _audit(visit, name)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    _photograph(visit, f"{name}-{screen['width']}-{language}")
