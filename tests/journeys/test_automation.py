"""林 writes an automation rule without touching the mouse: the form, the last month, golden cases of real orders, switched on to suggest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.actions.money.telling import tell
from tests.cast import Cast
from tests.journeys.conftest import NOW, PHONE, Site, Visitor
from zhanggui.actions.automation.listing import rules_seen
from zhanggui.actions.house import House
from zhanggui.core.automation.rules import AutoRule, Clause, Deed, DeedKind, RuleLevel
from zhanggui.core.deadlines import DeadlineKind

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DEAR, CHEAP = "261120-100000000000001", "261120-100000000000002"
MOST_TABS = 200


def test_a_rule_is_made_tried_given_golden_cases_and_switched_on_by_keyboard_alone(
    visitor: Callable[..., Visitor], site: Site, house: House, people: Cast, tmp_path: Path
) -> None:
    orders = [
        {"fact": "order", "order_no": no, "stage": "to_ship", "group_formed_at": "2026-11-20 20:00:00", "pay_amount": fen, "receive_amount": fen}
        for no, fen in ((DEAR, 900), (CHEAP, 50))
    ]
    tell(house, people, tmp_path, *orders, as_of="2026-11-21T14:00:00+08:00", now=NOW)
    lin = visitor(people.lin)
    page, keys = lin.page, lin.page.keyboard
    lin.goes_to("/automation")

    keys.press("n")
    expect(page.get_by_role("heading", name="新规则").first).to_be_visible()
    keys.press("e")
    keys.type("贵的先看")
    tab_to(page, 'input[name=on][value="ship_by"]')
    keys.press("Space")
    tab_to(page, "#c1-fact")
    choose(page, "paid")
    tab_to(page, "#c1-op")
    choose(page, "op_least")
    tab_to(page, "#c1-value")
    keys.type("1")
    tab_to(page, "#d1-act")
    choose(page, "remark")
    tab_to(page, "#d1-text")
    keys.type("轻放")
    tab_to(page, "#rule-form button[value=keep]")
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已保存")

    tab_to(page, "a[data-key=t]")
    keys.press("Enter")
    expect(page.locator("#tried")).to_contain_text(DEAR)
    tab_to(page, "#tried form.pick button[value=yes]")
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("样例已保存")
    tab_to(page, "#pick-no")
    keys.type(CHEAP)
    tab_to(page, '#golden button[value="no"]')
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("样例已保存")
    expect(page.locator("#golden .chip.good")).to_have_count(2)

    tab_to(page, "input[name=level]")
    keys.press("ArrowDown")
    tab_to(page, "button[data-key=l]")
    keys.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已保存")

    (seen,) = rules_seen(house, people.lin, people.shop_id, NOW)
    asked = AutoRule(
        id="rule_1",
        title="贵的先看",
        on=(DeadlineKind.SHIP_BY,),
        when={"paid": Clause(least=100)},
        do=(Deed(act=DeedKind.REMARK, text="轻放"),),
        case=seen.rule.case,
    )
    assert seen.level is RuleLevel.SUGGEST
    assert seen.rule == asked
    assert [(case.fires, case.facts["paid"]) for case in seen.rule.case] == [(True, 900), (False, 50)]
    phone = visitor(people.lin, PHONE)
    phone.goes_to(f"/shops/{people.shop_id}/automation/{seen.row.rule_no}?tried=1")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def tab_to(page: Page, selector: str) -> None:
    """Walks by Tab to the first such element that can be reached."""
    for _ in range(MOST_TABS):
        if page.evaluate("selector => !!document.activeElement && document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by keyboard to {selector}")


def choose(page: Page, value: str) -> None:
    """Goes down the list that has the focus to this value."""
    for _ in range(MOST_TABS):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {value} in the list")
