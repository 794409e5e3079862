"""The bar above the pages: be somebody by one click, step the clock, and see the list re-rank."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar

from tests.site_client import HERE, Browser, browser
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.demo.pages import demo_bar, route_handlers
from zhanggui.demo.story_data import story
from zhanggui.demo.telling import present_chapter
from zhanggui.demo.world import world
from zhanggui.site.app import create_app
from zhanggui.site.settings import Settings


@pytest.fixture
def visitor(told_demo: House) -> Iterator[Browser]:
    """A browser in front of the opened demo, nobody signed in."""
    app: Litestar = create_app(told_demo, Settings(home=told_demo.home), secure=False, more_handlers=route_handlers, bar=demo_bar(told_demo.home))
    with browser(app, base_url=HERE) as opened:
        opened.headers["accept-language"] = "zh-CN"
        yield opened


def test_a_stranger_is_told_the_login_and_offered_one_click(visitor: Browser) -> None:
    page = visitor.get("/sign-in").text

    assert "zhanggui-demo" in page
    assert "以林的身份看" in page
    assert "/demo/steps" not in page


def test_one_click_signs_in(visitor: Browser) -> None:
    answer = visitor.send_form("/demo/sign-ins", {"login": "lin", "next": "/today"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert visitor.get("/today").status_code == 200


def test_who_one_becomes_speaks_the_language_one_was_reading(visitor: Browser) -> None:
    visitor.send_form("/language", {"language": "en", "back": "/sign-in"})
    visitor.send_form("/demo/sign-ins", {"login": "lin", "next": "/today"})

    assert "Money at risk" in visitor.get("/today").text


def test_nobody_else_can_be_become(visitor: Browser) -> None:
    answer = visitor.send_form("/demo/sign-ins", {"login": "zheng"})

    assert answer.status_code == 404


def test_a_stranger_cannot_step_the_clock(visitor: Browser, told_demo: House) -> None:
    answer = visitor.send_form("/demo/steps", {"chapter": "late_batch"})

    assert answer.status_code in {302, 303, 401}
    assert present_chapter(told_demo.home).id == "monday_morning"


def test_a_step_tells_the_next_chapter_and_the_list_ranks_anew(visitor: Browser, told_demo: House) -> None:
    visitor.send_form("/demo/sign-ins", {"login": "lin"})
    before = _first_orders(visitor)

    answer = visitor.send_form("/demo/steps", {"chapter": "late_batch", "next": "/today"}, page="/today")

    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert present_chapter(told_demo.home).id == "late_batch"
    assert "晚打的一批" in visitor.get("/today").text
    overdue = [world().told[key].order_no for key in ("late_1", "late_2", "late_3")]
    assert set(_first_orders(visitor)[:3]) == set(overdue)
    assert _first_orders(visitor) != before


def test_an_hour_passes_by_one_click(visitor: Browser) -> None:
    visitor.send_form("/demo/sign-ins", {"login": "lin"})
    before = clock.now()

    visitor.send_form("/demo/steps", {"next": "/orders"}, page="/today")

    assert 3600 <= (clock.now() - before).total_seconds() < 3700


def test_it_leads_behind_the_curtain_where_a_platform_is(visitor: Browser, told_demo: House) -> None:
    visitor.send_form("/demo/sign-ins", {"login": "lin"})
    without = visitor.get("/today").text
    (told_demo.home / "platform").mkdir()
    (told_demo.home / "platform" / "page").write_text("http://127.0.0.1:18080/", "utf-8")

    page = visitor.get("/today").text

    assert "到幕后看看" not in without
    assert "林家山货铺开在模拟的平台上" in page
    assert 'href="http://127.0.0.1:18080/" target="_blank" rel="noopener"' in page


def test_it_never_leads_to_another_house(visitor: Browser) -> None:
    answer = visitor.send_form("/demo/sign-ins", {"login": "lin", "next": "https://example.org/"})

    assert answer.headers["location"] == "/"


def test_every_page_opens_at_the_end_of_the_week(visitor: Browser) -> None:
    visitor.send_form("/demo/sign-ins", {"login": "lin"})
    for chapter in story().chapters[1:]:
        visitor.send_form("/demo/steps", {"chapter": chapter.id}, page="/today")

    pages = ["/today", "/orders", "/aftersales", "/imports", "/rules", "/people", "/settings", "/journal", "/account"]

    assert {path: visitor.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)


def _first_orders(visitor: Browser) -> list[str]:
    """The order numbers of the Today page in the order they stand there."""
    numbers = re.findall(r"\b26\d{4}-\d{15}\b", visitor.get("/today").text)
    return list(dict.fromkeys(numbers))
