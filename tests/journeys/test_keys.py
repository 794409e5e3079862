"""A key does what the person sees, once: held down, pressed too soon, pressed while nothing answers, or Enter where several buttons stand."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.actions.dispatching.warehouse import Warehouse
from tests.cast import Cast
from tests.journeys.conftest import NOW, Visitor, written
from tests.workbench.shop_files import order_file
from zhanggui.actions.house import House
from zhanggui.actions.importing import confirm, preview
from zhanggui.actions.money.cash import NewHold, note_hold, note_withdrawal
from zhanggui.actions.notices.finding import notices_of
from zhanggui.actions.notices.releasing import release
from zhanggui.core.ledger.cash import HoldKind
from zhanggui.core.money import Fen

pytestmark = pytest.mark.browser
SitDown = Callable[..., Visitor]

A = "261121-351946208153001"
SEEN_AFTER = 700
"""Milliseconds after which the page counts as seen."""


@pytest.fixture
def orders(house: House, people: Cast, tmp_path: Path) -> None:
    """The story's orders, brought in."""
    batch = preview(house, people.lin, people.shop_id, [written(tmp_path, "orders.csv", order_file(NOW))], NOW, as_of=NOW)
    confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)


def bound(house: House, people: Cast) -> None:
    """Five hundred yuan of the shop are bound."""
    hold = NewHold(kind=HoldKind.ACTIVITY_DEPOSIT, fen=Fen(50_000), from_at=NOW, free_at=None, reason="秒杀")
    note_hold(house, people.lin, people.shop_id, hold, NOW, once=None)


@pytest.mark.usefixtures("orders")
def test_a_held_key_says_one_notice_sent_and_a_hasty_one_not_the_next(visitor: SitDown, house: House, people: Cast) -> None:
    for batch in notices_of(house, people.mei, people.shop_id, None, NOW).batches:
        release(house, people.mei, people.shop_id, batch.step, [due.notice.order_no for due in batch.due], NOW)
    lin = visitor(people.lin)
    page, keyboard = lin.page, lin.page.keyboard
    lin.goes_to("/notices?view=copy")
    first = page.locator("#now-order").inner_text()

    with page.expect_navigation():
        keyboard.down("s")
    second = page.locator("#now-order").inner_text()
    keyboard.down("s")
    keyboard.up("s")
    keyboard.press("s")
    page.wait_for_timeout(SEEN_AFTER)

    expect(page.locator("#now-order")).to_have_text(second)
    assert first != second
    with page.expect_navigation():
        keyboard.press("s")
    expect(page.locator("#now-order")).not_to_have_text(second)
    expect(page.locator("main .notice[role=status]")).to_contain_text(second)


@pytest.mark.usefixtures("orders")
def test_a_key_whose_answer_was_lost_does_nothing_later(visitor: SitDown, people: Cast) -> None:
    mei = visitor(people.mei)
    mei.goes_to("/today")
    page, keyboard = mei.page, mei.page.keyboard
    row = page.locator("li.todo").first
    page.route("**/todos/**", lambda route: route.abort())
    keyboard.press("j")
    keyboard.press("n")
    expect(page.locator("#said")).to_contain_text("没有响应")
    page.unroute("**/todos/**")

    keyboard.press("x")
    expect(row.locator(".panelbody")).to_be_visible()
    page.wait_for_timeout(300)

    expect(page.locator("li.todo.moved")).to_have_count(0)
    mei.complaints.clear()


def test_a_key_opens_a_fold_before_it_presses_what_lies_in_it(visitor: SitDown, people: Cast) -> None:
    lin = visitor(people.lin)
    lin.goes_to("/settings")
    lin.page.evaluate(
        """document.getElementById("main").insertAdjacentHTML("beforeend",
        "<details><summary>Fold</summary><button type='button' id='folded' data-key='~'>Press</button></details>");
        document.getElementById("folded").addEventListener("click", (event) => { event.target.textContent = "Pressed"; });"""
    )
    folded = lin.page.locator("#folded")

    lin.page.keyboard.press("~")
    expect(folded).to_be_focused()
    expect(folded).to_have_text("Press")
    lin.page.keyboard.press("~")

    expect(folded).to_have_text("Pressed")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_enter_beside_a_sum_says_that_it_was_taken(visitor: SitDown, house: House, people: Cast, scripts: bool) -> None:
    bound(house, people)
    lin = visitor(people.lin, scripts=scripts)
    lin.goes_to(f"/money?view=cash&shop={people.shop_id}")

    lin.page.fill("input[name=lost]", "20")
    with lin.page.expect_navigation():
        lin.page.press("input[name=lost]", "Enter")

    expect(lin.page.locator("main")).to_contain_text("被扣 ¥20.00")


@pytest.mark.usefixtures("orders")
def test_enter_after_a_reason_marks_nothing(visitor: SitDown, people: Cast) -> None:
    mei = visitor(people.mei)
    mei.goes_to("/today")
    mei.page.keyboard.press("j")
    mei.page.keyboard.press("x")
    row = mei.page.locator("li.todo").first

    row.get_by_label("原因").type("等仓库回话\n")
    mei.page.wait_for_timeout(300)

    expect(mei.page.locator("li.todo.moved")).to_have_count(0)
    expect(row.get_by_label("原因")).to_have_value("等仓库回话")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_enter_on_the_tick_of_a_label_to_be_destroyed_never_says_that_it_left(visitor: SitDown, house: House, people: Cast, scripts: bool) -> None:
    shop = Warehouse(house, people)
    shop.now = NOW - timedelta(minutes=5)
    shop.comes(A, ship_by=NOW + timedelta(hours=1))
    shop.prints(A)
    shop.asks_back(A)
    zhou = visitor(shop.by, scripts=scripts)
    zhou.goes_to("/ship?view=destroy")
    tick = zhou.page.get_by_role("checkbox", name=f"勾选 {A}")
    tick.check()

    tick.press("Enter")
    if scripts:
        zhou.page.wait_for_url("**/orders/**")
    zhou.page.wait_for_timeout(300)

    assert shop.state(A) == "to_destroy"
    zhou.complaints.clear()


def test_who_has_acted_hears_of_it_once_and_stands_in_the_row_they_are_led_to(visitor: SitDown, house: House, people: Cast) -> None:
    for fen in (5000, 6000):
        note_withdrawal(house, people.lin, people.shop_id, Fen(fen), "", NOW, NOW, once=None)
    lin = visitor(people.lin)
    page = lin.page

    lin.goes_to(f"/money?view=cash&shop={people.shop_id}&done=kept")
    expect(page.locator(".notice[role=status]")).to_be_focused()
    assert page.url.endswith(f"/money?view=cash&shop={people.shop_id}")
    page.reload()
    expect(page.locator(".notice[role=status]")).to_have_count(0)
    lin.goes_to("/today")
    lin.goes_to(f"/money?view=cash&shop={people.shop_id}&done=kept#withdrawal-1")

    expect(page.locator("#withdrawal-1 [data-open]")).to_have_accessible_description("已保存。")
    assert page.evaluate("document.activeElement.matches('#withdrawal-1 [data-open]')")


def test_the_list_of_acts_says_when_it_is_out_of_date(visitor: SitDown, people: Cast) -> None:
    lin = visitor(people.lin)
    page = lin.page
    page.clock.install()
    lin.goes_to("/acts")
    page.route("**/acts/lists*", lambda route: route.abort())
    page.clock.run_for(15_500)
    page.wait_for_timeout(200)
    page.clock.run_for(15_500)
    expect(page.locator("#livenote")).to_contain_text("可能已过时")
    page.unroute("**/acts/lists*")
    page.clock.run_for(15_500)

    expect(page.locator("#livenote")).to_be_hidden()
    lin.complaints.clear()


def test_the_list_of_acts_keeps_still_under_the_pointer_and_keeps_the_focus(visitor: SitDown, people: Cast) -> None:
    lin = visitor(people.lin)
    page, told = lin.page, [(1, 2), (2,)]
    page.clock.install()
    lin.goes_to("/acts")
    page.route("**/acts/lists*", lambda route: _told(route, *told.pop(0)))
    page.clock.run_for(15_500)
    button = page.locator("#act-1-2 button")
    button.focus()
    place = button.bounding_box()
    assert place is not None
    page.clock.run_for(13_000)

    for step in range(100):
        page.mouse.move(place["x"] + step % 3, place["y"])
        page.clock.run_for(100)
        if not told:
            break
    page.wait_for_timeout(200)
    expect(page.locator("#act-1-1")).to_have_count(1)
    page.clock.run_for(1500)

    expect(page.locator("#act-1-1")).to_have_count(0)
    expect(button).to_be_focused()


def _told(route: Route, *acts: int) -> None:
    listed = "".join(f"<li data-row id='act-1-{each}'><form id='stop-1-{each}'><button data-key='s'>Stop</button></form></li>" for each in acts)
    route.fulfill(content_type="text/html", body=f"<section><ul class='actlist'>{listed}</ul></section>")
