"""A rep's day in the inbox, by keys alone: the next buyer, the words, what must not be said, what comes in meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.journeys.conftest import DESK, NOW, PHONE, Visitor
from tests.journeys.test_live import watches
from zhanggui import clock
from zhanggui.actions.bridge_tokens import bearer_of, make_token, note_look
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.chats.shapes import Who

pytestmark = [pytest.mark.browser]


class Buyers:
    """Buyers who write through a service tool."""

    def __init__(self, house: House, people: Cast) -> None:
        self._house, self._people, self._numbers = house, people, count()

    def write(self, name: str, said: str, seconds_ago: int = 0) -> str:
        """One message; the path of the talk."""
        at = NOW - timedelta(seconds=seconds_ago)
        incoming = Incoming(message_id=str(next(self._numbers)), external_id=name, who=Who.BUYER, name=name, said=said, at=at)
        taken = take_message(self._house, self._people.mei, self._people.shop_id, incoming, NOW)
        return f"/shops/{self._people.shop_id}/threads/{taken.thread_no}"


@pytest.fixture
def buyers(house: House, people: Cast) -> Buyers:
    return Buyers(house, people)


def test_a_rep_answers_one_buyer_after_the_other_by_keys_alone(visitor: Callable[..., Visitor], people: Cast, buyers: Buyers) -> None:
    first, second = buyers.write("王小明", "什么时候发货呀", 60), buyers.write("李国强", "你们在吗", 5)
    mei = visitor(people.mei, DESK)
    mei.goes_to("/inbox")
    page, keyboard = mei.page, mei.page.keyboard

    with page.expect_navigation(url=f"**{first}"):
        keyboard.press("j")
    draft = page.locator("#composer-said").input_value()
    keyboard.press("c")
    expect(page.locator("[data-copied]")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    with page.expect_navigation():
        keyboard.press("s")
    expect(page.locator(".talk .rep .said")).to_have_text(draft)
    with page.expect_navigation(url=f"**{second}"):
        keyboard.press("j")
    with page.expect_navigation():
        keyboard.press("t")

    assert draft == copied
    expect(page.locator(".steprow")).to_contain_text("小美 在接")
    expect(page.locator(".threadrow")).to_have_count(1)


def test_words_that_never_reached_the_house_are_there_when_the_rep_comes_back(visitor: Callable[..., Visitor], people: Cast, buyers: Buyers) -> None:
    path = buyers.write("王小明", "在吗", 60)
    mei = visitor(people.mei, DESK)
    mei.goes_to(path)
    page, keyboard = mei.page, mei.page.keyboard
    page.locator("#composer-said").fill("在的，今天下午发货。")
    page.route("**/answers", lambda route: route.fulfill(content_type="text/html", body='<link rel="icon" href="data:,">'))

    with page.expect_navigation():
        keyboard.press("Control+Enter")
    page.unroute("**/answers")
    mei.goes_to(path)
    expect(page.locator("#composer-said")).to_have_value("在的，今天下午发货。")
    with page.expect_navigation():
        page.locator("#composer-said").press("Control+Enter")
    expect(page.locator(".talk .rep .said")).to_have_text("在的，今天下午发货。")

    mei.goes_to(path)
    expect(page.locator("#composer-said")).not_to_have_value("在的，今天下午发货。")


def test_what_is_typed_is_checked_while_it_is_typed_and_a_quick_reply_takes_its_place(visitor: Callable[..., Visitor], people: Cast, buyers: Buyers) -> None:
    path = buyers.write("王小明", "在吗", 60)
    mei = visitor(people.mei, DESK)
    mei.goes_to(path)
    page, keyboard = mei.page, mei.page.keyboard

    keyboard.press("e")
    keyboard.press("Control+a")
    keyboard.type("亲，五星好评返现5元")
    expect(page.locator("#findings .finding").first).to_contain_text("可以这样说")
    keyboard.press("Escape")
    keyboard.press("/")
    keyboard.type("稍等")
    expect(page.locator(".reply").first).to_contain_text("马上轮到您")
    keyboard.press("Enter")

    expect(page.locator("#composer-said")).to_have_value("您好，看到您的消息了。我正在核对前一位的订单，马上轮到您；您可以先把问题写下来，我一并回复。")
    expect(page.locator("#findings .finding")).to_have_count(0)


def test_what_must_not_be_said_may_go_to_the_tool_all_the_same_and_stars_may_not(
    visitor: Callable[..., Visitor], house: House, people: Cast, buyers: Buyers
) -> None:
    path = buyers.write("王小明", "在吗", 60)
    wall = clock.unwound()
    tool = bearer_of(house, make_token(house, people.lin, people.shop_id, "客服工具", [Scope.ANSWERS_SEND], NOW, wall).token, wall)
    assert tool is not None
    note_look(house, tool, wall)
    mei = visitor(people.mei, DESK)
    mei.goes_to(path)
    said, finding, despite = mei.page.locator("#composer-said"), mei.page.locator("#findings .finding").first, mei.page.locator(".despite")

    said.fill("亲，五星好评返现5元")
    expect(finding).to_contain_text("可以这样说")
    expect(despite).to_be_visible()
    said.fill("快递员电话13912345678")
    expect(finding).to_contain_text("买家会看到星号")
    expect(despite).to_be_hidden()


def test_what_comes_in_meanwhile_is_shown_and_takes_neither_focus_nor_words(visitor: Callable[..., Visitor], people: Cast, buyers: Buyers) -> None:
    path = buyers.write("王小明", "在吗", 60)
    mei = watches(visitor(people.mei, DESK), path)
    page = mei.page
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("您好，我帮您查")

    buyers.write("李国强", "我要退款", 5)
    buyers.write("王小明", "什么时候发货呀", 1)

    expect(page.locator(".threadrow")).to_have_count(2)
    expect(page.locator(".talk")).to_contain_text("什么时候发货呀")
    expect(page.locator("#composer-said")).to_be_focused()
    expect(page.locator("#composer-said")).to_have_value("您好，我帮您查")
    expect(page.locator("#composer-newer")).to_be_visible()
    page.locator("#composer-newer button").click()
    expect(page.locator("#composer-said")).to_have_value(page.locator("#draft-1").text_content() or "nothing")


def test_a_paste_is_shown_as_it_is_read_before_it_is_taken_in(visitor: Callable[..., Visitor], people: Cast) -> None:
    mei = visitor(people.mei, DESK)
    mei.goes_to("/inbox")
    page = mei.page

    page.keyboard.press("p")
    page.keyboard.insert_text("半句话\n张三 2026-11-21 14:20:05\n我的快递怎么还没到\n客服小美 2026-11-21 14:21:30\n亲，今天18点前给您发\n")
    page.locator("button[value=read]").click()
    expect(page.locator("#paste-read")).to_contain_text("1 行没看懂")
    with page.expect_navigation(url="**/threads/*"):
        page.locator("button[value=take]").click()

    expect(page.locator(".talk")).to_contain_text("我的快递怎么还没到")


def test_it_is_worked_on_a_phone(visitor: Callable[..., Visitor], people: Cast, buyers: Buyers) -> None:
    path = buyers.write("王小明", "什么时候发货呀", 60)
    mei = visitor(people.mei, PHONE)
    mei.goes_to("/inbox")

    with mei.page.expect_navigation(url=f"**{path}"):
        mei.page.locator(".threadrow a").tap()

    expect(mei.page.locator("#composer-said")).to_be_visible()
    expect(mei.page.locator(".threads")).to_be_hidden()
    assert mei.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
