"""小美 makes a passkey in a real browser, signs in by it alone, after her password, and shows it again before what is weighty; by keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import Site, Visitor
from zhanggui import clock
from zhanggui.people import accounts, sign_ins

GOOD = "七号仓库 今天 发货 吗"
TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_from_its_making_to_the_day_it_is_the_only_key(site: Site, people: Cast, visitor: Callable[..., Visitor]) -> None:
    house = site.app.state.house
    assert people.mei.person_id is not None
    with house.pool.connection() as tx:
        accounts.set_password(tx, people.mei.person_id, GOOD)
    visit = visitor(None)
    visit.address = visit.address.replace("127.0.0.1", "localhost")  # passkeys are bound to a name
    page = visit.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE})

    visit.goes_to("/sign-in?next=/account")
    page.keyboard.type("xiaomei")
    page.keyboard.press("Tab")
    page.keyboard.type(GOOD)
    _goes_on(page, lambda: page.keyboard.press("Enter"))

    page.locator("#passkey-name").focus()
    page.keyboard.type("手机")
    _goes_on(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator("#recovery-codes")).to_be_visible()
    expect(page.locator("#factors")).to_contain_text("手机")

    _signs_out(page)
    visit.goes_to("/sign-in?next=/account")
    page.get_by_role("button", name="用通行密钥登录").focus()
    _goes_on(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator("#entries")).to_contain_text("用通行密钥登录")

    _signs_out(page)
    visit.goes_to("/sign-in?next=/account")
    page.keyboard.type("xiaomei")
    page.keyboard.press("Tab")
    page.keyboard.type(GOOD)
    _goes_on(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_role("heading", name="第二步")).to_be_visible()
    page.get_by_role("button", name="使用通行密钥").focus()
    _goes_on(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator("#factors")).to_contain_text("最近使用")

    with house.pool.connection() as tx:
        tx.execute("update sign_ins set confirmed_at = %s", (clock.unwound() - sign_ins.CONFIRMED_FOR,))
    page.get_by_role("button", name="生成新的").focus()
    _goes_on(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_role("heading", name="还是您本人吗")).to_be_visible()
    page.get_by_role("button", name="使用通行密钥").focus()
    _goes_on(page, lambda: page.keyboard.press("Enter"))
    page.get_by_role("button", name="生成新的").focus()
    _goes_on(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator("#recovery-codes")).to_be_visible()


def test_where_no_device_answers_the_page_says_so_and_the_password_still_opens(site: Site, people: Cast, visitor: Callable[..., Visitor]) -> None:
    visit = visitor(None)
    visit.address = visit.address.replace("127.0.0.1", "localhost")
    page = visit.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE | {"isUserVerified": False}})

    visit.goes_to("/sign-in")
    page.get_by_role("button", name="用通行密钥登录").click()

    expect(page.locator("form[data-passkey] [data-said]")).to_have_text("没有成功，或被取消了。可以随时再试。")
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_focused()


def _goes_on(page: Page, does: Callable[[], None]) -> None:
    with page.expect_navigation():
        does()


def _signs_out(page: Page) -> None:
    _goes_on(page, lambda: page.locator("form[action='/sign-out']").evaluate("form => form.submit()"))
