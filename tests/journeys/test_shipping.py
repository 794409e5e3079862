"""老周 takes the printing tool's list to the file for the back office, by the keyboard alone, at a desk and on a phone, in both languages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from tests.journeys.test_pictures import _audit, _photograph
from tests.workbench.shop_files import CALM, LATE, SOON, order_file
from tests.workbench.test_shipping import LIST
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.own_account import set_own_language

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_list_becomes_the_file_to_upload_by_keys_alone(
    house: House, people: Cast, visitor: Callable[..., Visitor], tmp_path: Path, language: str, screen: dict[str, int]
) -> None:
    orders, told = tmp_path / "orders.csv", tmp_path / "打单.csv"
    orders.write_bytes(order_file(NOW))
    told.write_bytes(LIST.encode("gb18030"))
    view = preview(house, people.lin, people.shop_id, [orders], NOW, as_of=NOW)
    confirm(house, people.lin, people.shop_id, view.batch_id, NOW)
    set_own_language(house, people.zhou, language)
    visit = visitor(people.zhou, screen)

    visit.goes_to("/shipping")
    visit.page.locator("#list-file").set_input_files(told)
    visit.page.locator("#list-file").focus()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.page.locator("#report-title").wait_for()
    visit.page.evaluate("document.activeElement.blur()")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("x")
    _audit(visit, "shipping")
    _photograph(visit, f"shipping-{screen['width']}-{language}")
    with visit.page.expect_download() as awaited:
        visit.page.keyboard.press("c")

    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lines = Path(awaited.value.path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [LATE, SOON, CALM]
