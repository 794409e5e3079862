"""Pages keep themselves in step while people work on them: nothing is lost that somebody types, opens or looks at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import NOW, PHONE, Site, Visitor
from tests.workbench.shop_files import CALM, LATE, SOON, case_file, order_file
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.marks import mark_done, take_back
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind

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


def watches(visit: Visitor, path: str = "/today") -> Visitor:
    """Opens a page and waits until it is kept in step."""
    with visit.page.expect_response(lambda answer: "/live/" in answer.url):
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
