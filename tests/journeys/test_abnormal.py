"""老周 looks at suspected orders and writes down what was asked about them, by the keyboard alone, at a desk and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import tell
from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from tests.journeys.test_pictures import _audit
from zhanggui.actions.abnormal import suspect
from zhanggui.actions.house import House
from zhanggui.actions.own_account import set_own_language
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState
from zhanggui.core.money import Fen

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOS = tuple(f"261121-30000000000000{each}" for each in range(1, 5))


def _orders() -> list[OrderFacts]:
    return [
        OrderFacts(
            order_no=no,
            stage=OrderStage.TO_SHIP,
            refund=RefundState.NONE,
            group_formed_at=NOW - timedelta(hours=23, minutes=30 - 4 * place),
            pay_amount=Fen(5990),
            title="每日坚果混合果仁30包礼盒装",
            receiver_masked="王*，138****0001",
            province="浙江省",
            city="杭州市",
            district="西湖区",
        )
        for place, no in enumerate(NOS)
    ]


@pytest.mark.parametrize(("screen", "language"), [(DESK, "zh_Hans"), (PHONE, "en")], ids=["desk", "phone"])
def test_a_suspect_is_asked_about_and_approved_by_keys_alone(
    house: House, people: Cast, visitor: Callable[..., Visitor], screen: dict[str, int], language: str
) -> None:
    tell(house, people.shop_id, _orders(), NOW)
    suspect(house, people.shop_id, NOW)
    set_own_language(house, people.zhou, language)
    visit = visitor(people.zhou, screen)

    visit.goes_to("/abnormal")
    visit.page.locator("input[name=order_no]").first.focus()
    visit.page.keyboard.press("Space")
    _audit(visit, "abnormal")
    visit.page.locator("#reason").fill("同一人重复下单")
    visit.page.evaluate("document.activeElement.blur()")
    visit.page.keyboard.press("a")
    visit.page.locator("p.notice[role=status]").wait_for()
    visit.goes_to("/abnormal?view=request_asked")
    listed = visit.page.locator("tbody tr").count()
    visit.page.locator("input[name=order_no]").first.focus()
    visit.page.keyboard.press("Space")
    visit.page.evaluate("document.activeElement.blur()")
    visit.page.keyboard.press("y")
    visit.page.locator("p.notice[role=status]").wait_for()
    visit.goes_to("/abnormal?view=request_approved")

    assert listed == 1
    assert visit.page.locator("tbody tr").count() == 1
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
