"""Pages keep themselves in step while people work on them: nothing is lost that somebody types, opens or looks at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.cast import Cast
from tests.journeys.conftest import NOW, Visitor
from tests.workbench.shop_files import CALM, LATE, SOON, case_file, order_file
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.marks import mark_done
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people import members, sign_ins
from zhanggui.people.permissions import Role

pytestmark = pytest.mark.browser
SitDown = Callable[..., Visitor]


@pytest.fixture
def bring(house: House, people: Cast, tmp_path: Path) -> Callable[..., None]:
    """Brings files in as a colleague does at another desk."""

    def brought(*files: bytes) -> None:
        paths = []
        for number, content in enumerate(files):
            paths.append(tmp_path / f"brought{number}.csv")
            paths[-1].write_bytes(content)
        batch = importing.preview(house, people.lin, people.shop_id, paths, NOW, as_of=NOW)
        importing.confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)

    return brought


def row_of(page: Page, order_no: str) -> str:
    """The row of the list that tells of this order."""
    return f"li.todo:has(a:text-is('{order_no}'))"


def is_stream(answer: Response) -> bool:
    """Whether this is the stream that keeps a page in step."""
    return answer.headers.get("content-type", "").startswith("text/event-stream")


def watches(visit: Visitor, path: str = "/today") -> Visitor:
    """Opens a page and waits until it is kept in step."""
    with visit.page.expect_response(is_stream):
        visit.page.goto(visit.address + path, wait_until="load")
    return visit


def said_done(house: House, people: Cast, order_no: str) -> None:
    """A colleague marks the order's to-do as done."""
    mark_done(house, people.zhou, people.shop_id, Subject(SubjectKind.ORDER, order_no), DeadlineKind.SHIP_BY, now=NOW)


def test_what_a_colleague_brings_in_appears_by_itself(visitor: SitDown, people: Cast, bring: Callable[..., None]) -> None:
    mei = watches(visitor(people.mei))
    expect(mei.page.locator("main")).to_contain_text("还没有导入")

    bring(order_file(NOW), case_file(NOW))

    expect(mei.page.locator("#band-overdue")).to_contain_text(LATE)
    expect(mei.page.locator("#band-hour")).to_contain_text(SOON)


def test_what_somebody_types_stays_when_the_row_leaves_the_list(visitor: SitDown, people: Cast, house: House, bring: Callable[..., None]) -> None:
    bring(order_file(NOW))
    mei = watches(visitor(people.mei))
    row = mei.page.locator(row_of(mei.page, LATE)).first
    row.get_by_role("link", name="更多").click()
    row.get_by_label("原因").type("买家说周三")

    said_done(house, people, LATE)

    expect(row.locator(".gonenote")).to_have_text("这条待办已不在列表上。")
    mei.page.keyboard.type("前要收到")
    expect(row.get_by_label("原因")).to_have_value("买家说周三前要收到")
    expect(row.get_by_label("原因")).to_be_focused()


def test_the_keyboard_goes_on_where_it_was(visitor: SitDown, people: Cast, house: House, bring: Callable[..., None]) -> None:
    bring(order_file(NOW))
    mei = watches(visitor(people.mei))
    mei.page.keyboard.press("j")
    mei.page.keyboard.press("j")
    here = mei.page.locator("li.todo").nth(1)
    number = here.get_attribute("id")
    expect(here.locator("[data-open]")).to_be_focused()

    said_done(house, people, LATE)

    expect(mei.page.locator(row_of(mei.page, LATE))).to_have_count(0)
    expect(mei.page.locator(f"#{number} [data-open]")).to_be_focused()
    said_done(house, people, SOON)
    expect(mei.page.locator(f"#{number}")).to_have_count(0)
    expect(mei.page.locator("li.todo [data-open]:focus")).to_have_count(1)


def test_ones_own_mark_can_still_be_taken_back(visitor: SitDown, people: Cast, bring: Callable[..., None]) -> None:
    bring(order_file(NOW))
    mei = watches(visitor(people.mei))
    pages: list[str] = []
    mei.page.on("request", lambda request: pages.append(request.url) if request.method == "GET" and "/static/" not in request.url else None)

    mei.page.locator(row_of(mei.page, LATE)).first.get_by_role("button", name="完成").click()

    expect(mei.page.get_by_role("link", name="待核实完成")).to_contain_text("1")
    mei.page.wait_for_timeout(500)
    mei.page.locator("li.todo.moved").get_by_role("button", name="撤回").click()
    expect(mei.page.locator(row_of(mei.page, LATE)).first.get_by_role("button", name="完成")).to_be_visible()
    expect(mei.page.get_by_role("link", name="待核实完成")).to_contain_text("0")
    assert pages == []


def test_a_row_that_came_by_itself_can_be_worked_like_any_other(visitor: SitDown, people: Cast, bring: Callable[..., None]) -> None:
    mei = watches(visitor(people.mei))
    bring(order_file(NOW))
    row = mei.page.locator(row_of(mei.page, CALM)).first

    row.get_by_role("link", name="更多").click()
    row.get_by_role("button", name="不归我们").click()

    expect(mei.page.locator("li.todo.moved")).to_contain_text("已标记为不归我们")


def test_an_order_page_follows_and_keeps_the_note_being_written(visitor: SitDown, people: Cast, house: House, bring: Callable[..., None]) -> None:
    bring(order_file(NOW))
    mei = watches(visitor(people.mei), f"/shops/{people.shop_id}/orders/{LATE}")
    mei.page.get_by_role("textbox", name="备注").type("已联系")

    said_done(house, people, LATE)

    expect(mei.page.locator("main")).to_contain_text("老周 刚刚标记完成")
    mei.page.keyboard.type("买家")
    expect(mei.page.get_by_role("textbox", name="备注")).to_have_value("已联系买家")


def test_whoever_loses_their_part_sees_no_more_of_it(visitor: SitDown, people: Cast, house: House, bring: Callable[..., None]) -> None:
    bring(order_file(NOW))
    mei = watches(visitor(people.mei))
    expect(mei.page.locator("main")).to_contain_text(LATE)
    assert people.mei.person_id is not None

    with mei.page.expect_response(is_stream), house.pool.connection() as tx:
        members.dismiss(tx, people.shop_id, people.mei.person_id)

    expect(mei.page.locator("main")).not_to_contain_text(LATE)
    with mei.page.expect_response(is_stream), house.pool.connection() as tx:
        members.admit(tx, people.shop_id, people.mei.person_id, Role.VIEWER, NOW)
    expect(mei.page.locator("main")).to_contain_text(LATE)
    with house.pool.connection() as tx:
        sign_ins.end_all(tx, people.mei.person_id)
    mei.page.wait_for_url("**/sign-in**")


def test_without_a_stream_the_page_says_so_and_is_looked_up(visitor: SitDown, people: Cast, bring: Callable[..., None]) -> None:
    mei = visitor(people.mei)
    mei.page.route("**/live/today*", lambda route: route.abort() if "event-stream" in route.request.headers["accept"] else route.continue_())
    mei.page.goto(mei.address + "/today")
    bring(order_file(NOW))

    expect(mei.page.locator("#livenote")).to_contain_text("每半分钟自动查一次", timeout=15_000)
    expect(mei.page.locator("#band-overdue")).to_contain_text(LATE)
    mei.complaints.clear()


def test_a_row_in_use_keeps_its_place_when_all_of_its_group_has_gone(visitor: SitDown, people: Cast, house: House, bring: Callable[..., None]) -> None:
    bring(order_file(NOW))
    mei = watches(visitor(people.mei))
    row = mei.page.locator(row_of(mei.page, SOON)).first
    row.get_by_role("link", name="更多").click()
    row.get_by_label("原因").type("面单已打")

    said_done(house, people, SOON)

    expect(row.locator(".gonenote")).to_be_visible()
    bands = mei.page.locator("section.band").evaluate_all("all => all.map((each) => each.id)")
    assert bands == [band for band in ("band-overdue", "band-hour", "band-today", "band-later") if band in bands]
    assert "band-hour" in bands
