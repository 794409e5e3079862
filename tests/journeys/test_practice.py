"""Practice in a browser: the talk looks after itself while one types, Enter sends, and the grade stands under each answer at the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Response, expect

from tests.cast import Cast
from tests.journeys.conftest import DESK, Visitor

pytestmark = [pytest.mark.browser]


def is_looked_after(answer: Response) -> bool:
    """Whether this is the talk that looked after itself."""
    return "/practice/" in answer.url and answer.request.headers.get("hx-request") == "true"


def test_a_rep_practises_with_the_keyboard_alone(visitor: Callable[..., Visitor], people: Cast) -> None:
    mei = visitor(people.mei, DESK)
    mei.goes_to("/quality?view=practice")
    page, keyboard = mei.page, mei.page.keyboard
    page.locator("#want").select_option("chase_shipping")
    page.locator("#temper").select_option("angry")
    page.locator("#temper").blur()

    with page.expect_navigation():
        keyboard.press("b")
    expect(page.locator("#practice-talk .buyer").first).to_be_visible()
    expect(page.locator("#answer")).to_be_focused()
    keyboard.type("催什么")
    with page.expect_response(is_looked_after):
        pass
    expect(page.locator("#answer")).to_have_value("催什么")
    keyboard.type("催")
    with page.expect_navigation():
        keyboard.press("Enter")
    expect(page.locator("#practice-talk .rep .said")).to_have_text("催什么催")
    with page.expect_navigation():
        page.locator("form[action$='/end'] button").press("Enter")

    expect(page.locator("#practice-talk .rep .fault .chip")).to_have_text("态度差 −30")
    expect(page.locator("main")).to_contain_text("可以这样答")
