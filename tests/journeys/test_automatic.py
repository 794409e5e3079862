"""林 lets the house send by itself, watches it count down, stops one, sends one from a to-do, and throws the switch."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from tests.journeys.conftest import DESK, NOW, PHONE, Site, Visitor
from zhanggui.actions.house import House
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.people.permissions import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURES = Path(os.environ.get("LOOK_AT", "/nonexistent"))


@pytest.fixture
def keeper(people: Cast, house: House) -> Person:
    """林, who also keeps the house."""
    with house.pool.connection() as tx:
        tx.execute("update people set is_keeper = true where person_id = %s", (people.lin.person_id,))
    return Person(person_id=people.lin.person_id, display_name="林", roles=people.lin.roles, is_keeper=True)


@pytest.fixture
def door(house: House, site: Site, keeper: Person, people: Cast) -> Iterator[Door]:
    """The shop connected to an emulated platform that lives three hours before the story's moment."""
    with running(quiet(start=(NOW - timedelta(hours=3)).isoformat())) as platform:
        yield Door(house, keeper, people.shop_id, platform)


def photographed(visit: Visitor, name: str) -> None:
    if PICTURES.is_dir():
        visit.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def test_it_announces_counts_down_is_stopped_and_switched_off(visitor: Callable[..., Visitor], door: Door, keeper: Person) -> None:
    orders = door.orders(4)
    door.later(timedelta(hours=3))
    cases = [door.asks(order) for order in orders[:3]]
    lin = visitor(keeper, DESK)

    lin.goes_to(f"/acts?shop={door.shop_id}")
    levels = lin.page.locator("form.level").first
    levels.locator("input[value=act]").check()
    levels.get_by_text("预告时间与上限").click()
    levels.get_by_label("单笔自动上限（元）").fill("9000")
    levels.get_by_label("每日上限（元）").fill("90000")
    levels.get_by_label("预告时间（分钟）").fill("9")
    levels.get_by_role("button", name="保存").click()
    expect(lin.page.get_by_role("status").first).to_contain_text("已保存")
    door.works()
    lin.goes_to("/acts")
    expect(lin.page.locator("[data-until]")).to_have_count(3)
    expect(lin.page.locator("[data-until]").first).to_contain_text(":")
    photographed(lin, "acts-1440-zh")
    lin.page.keyboard.press("j")
    lin.page.keyboard.press("s")
    expect(lin.page.get_by_role("status").first).to_contain_text("已叫停")

    door.put(ActKind.REFUND_AGREE, ActLevel.SUGGEST)
    lin.goes_to(f"/shops/{door.shop_id}/todos/aftersale/answer_refund?no={cases[0]}")
    photographed(lin, "todo-stopped-1440-zh")
    lin.goes_to("/acts")
    lin.page.get_by_role("button", name="发送", exact=True).first.click()
    expect(lin.page.get_by_role("status").first).to_contain_text("已交去发送")
    door.later(timedelta(minutes=2))  # the site's clock has gone on, the platform's stands
    door.works()
    lin.goes_to("/acts")
    expect(lin.page.get_by_text("平台已办")).to_have_count(1)
    photographed(lin, "acts-mixed-1440-zh")
    with door.house.pool.connection() as tx:
        tx.execute("update people set language = 'en' where person_id = %s", (keeper.person_id,))
    phone = visitor(keeper, PHONE)
    phone.goes_to("/acts")
    expect(phone.page.get_by_role("heading", name="The house may send to the platform")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with door.house.pool.connection() as tx:
        tx.execute("update people set language = 'zh_Hans' where person_id = %s", (keeper.person_id,))
    lin.goes_to("/acts")
    photographed(phone, "acts-mixed-390")
    lin.page.keyboard.press("S")
    expect(lin.page.get_by_role("heading", name="自动办理已全部关闭")).to_be_visible()
    photographed(lin, "acts-closed-1440-zh")

    assert door.happened(ActKind.REFUND_AGREE) == 1
    assert sorted(act.state for act in door.acts()) == ["carried_out", "stopped", "stopped"]


def test_it_sends_from_the_to_do_with_one_key(visitor: Callable[..., Visitor], door: Door, keeper: Person) -> None:
    order = door.orders()[0]
    door.later(timedelta(hours=3))
    case = door.asks(order)
    door.put(ActKind.REFUND_AGREE, ActLevel.SUGGEST)
    lin = visitor(keeper, DESK)

    lin.goes_to("/today")
    lin.page.keyboard.press("j")
    lin.page.keyboard.press("x")
    expect(lin.page.get_by_role("button", name="通过平台发送")).to_be_visible()
    photographed(lin, "today-offer-1440-zh")
    lin.page.keyboard.press("e")
    expect(lin.page.get_by_role("status").first).to_contain_text("已交去发送")
    door.later(timedelta(minutes=2))  # the site's clock has gone on, the platform's stands
    door.works()

    assert door.happened(ActKind.REFUND_AGREE, after_sales_id=case) == 1
