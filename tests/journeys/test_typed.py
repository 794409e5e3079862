"""What somebody typed is not lost with the form that was not taken: it stands there again, marked, until they sign out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import Visitor
from zhanggui.actions.house import House
from zhanggui.people import sign_ins

pytestmark = pytest.mark.browser
SitDown = Callable[..., Visitor]


def refused(visit: Visitor, people: Cast) -> Page:
    """林 has written a withdrawal down with a sum that is none, and is told so."""
    visit.goes_to(f"/money?view=cash&shop={people.shop_id}")
    visit.page.fill("#withdrawal-sum", "五十")
    visit.page.fill("#withdrawal-account", "工行 1234")
    with visit.page.expect_navigation():
        visit.page.press("#withdrawal-account", "Enter")
    return visit.page


def remembered(page: Page) -> list[str]:
    """What the tab keeps of what was typed."""
    told: list[str] = page.evaluate("Object.values(sessionStorage).filter((each) => each.includes('1234'))")
    return told


def test_what_was_refused_is_there_again_on_the_way_back(visitor: SitDown, people: Cast) -> None:
    lin = visitor(people.lin)
    page = refused(lin, people)

    page.get_by_role("link", name="回到上一页").click()

    expect(page.locator("#withdrawal-sum")).to_have_value("五十")
    expect(page.locator("#withdrawal-account")).to_have_value("工行 1234")
    expect(page.locator("#withdrawal-account")).to_have_class("putback")
    expect(page.locator(".typedagain")).to_contain_text("已恢复")
    page.fill("#withdrawal-sum", "50")
    with page.expect_navigation():
        page.press("#withdrawal-sum", "Enter")
    expect(page.locator("tr[id^=withdrawal-]")).to_have_count(1)
    expect(page.locator("#withdrawal-account")).to_have_value("")
    expect(page.locator(".typedagain")).to_have_count(0)
    assert remembered(page) == []
    lin.complaints = [complaint for complaint in lin.complaints if "422" not in complaint]


def test_what_the_house_never_got_is_there_again_after_going_back(visitor: SitDown, people: Cast) -> None:
    lin = visitor(people.lin)
    lin.page.route("**/withdrawals", lambda route: route.abort())
    lin.goes_to(f"/money?view=cash&shop={people.shop_id}")
    lin.page.fill("#withdrawal-sum", "50")
    lin.page.locator("form:has(#withdrawal-sum) button").click()
    lin.page.wait_for_url("chrome-error://**")

    lin.page.go_back()

    expect(lin.page.locator("#withdrawal-sum")).to_have_value("50")
    expect(lin.page.locator(".typedagain")).to_have_count(1)
    lin.complaints.clear()


def test_what_stands_in_another_form_outlasts_this_ones_answer(visitor: SitDown, people: Cast) -> None:
    lin = visitor(people.lin)
    page = lin.page
    lin.goes_to(f"/money?view=cash&shop={people.shop_id}")
    page.fill("#withdrawal-account", "工行 1234")
    page.fill("#balance-sum", "120")

    with page.expect_navigation():
        page.press("#balance-sum", "Enter")

    expect(page.locator("#withdrawal-account")).to_have_value("工行 1234")
    expect(page.locator("#balance-sum")).to_have_value("")


def test_whoever_signs_out_or_in_leaves_nothing_typed_to_the_next(visitor: SitDown, house: House, people: Cast) -> None:
    lin = visitor(people.lin)
    page = refused(lin, people)
    assert len(remembered(page)) == 1
    page.evaluate("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    page.wait_for_url("**/sign-in")

    assert remembered(page) == []
    assert page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('zhanggui.'))") == []
    lin.complaints = [complaint for complaint in lin.complaints if "422" not in complaint]


def test_a_form_with_a_password_is_never_kept(visitor: SitDown, house: House, people: Cast) -> None:
    lin = visitor(people.lin)
    lin.goes_to("/account")
    assert people.lin.person_id is not None
    with house.pool.connection() as tx:
        sign_ins.end_all(tx, people.lin.person_id)
    lin.page.fill("#present", "七号仓库 今天 发货 吗")
    lin.page.fill("#new-password", "geheim-geheim-1234")
    lin.page.fill("#password-again", "geheim-geheim-1234")

    with lin.page.expect_navigation():
        lin.page.press("#password-again", "Enter")

    assert lin.page.get_by_role("link", name="回到上一页").count() == 1
    assert remembered(lin.page) == []
    lin.complaints = [complaint for complaint in lin.complaints if "401" not in complaint]
