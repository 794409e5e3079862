"""The second shop: it lives on a platform that runs beside the demo, by the same clock, and is read from there like a real one."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from zhanggui import clock
from zhanggui.actions.connections import connection_state
from zhanggui.actions.house import House
from zhanggui.actions.orders import orders
from zhanggui.actions.outbox.seeing import kinds
from zhanggui.actions.people import people_of
from zhanggui.actions.shops import shops_seen
from zhanggui.actions.syncing import sync_once
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.connection import ConnectionState
from zhanggui.demo.behind import SCENARIO, Behind, Platform, page_of
from zhanggui.demo.connected import keep_connected
from zhanggui.demo.diary import diary_of, set_clock
from zhanggui.demo.opening import unhurried_line
from zhanggui.demo.story_data import second_shop_name, story
from zhanggui.demo.telling import begin_clock, keep_moment, owner, step_an_hour, step_to_chapter
from zhanggui.people.permissions import ShopId, operator

PARTS = {"林": "owner", "小美": "rep", "老周": "warehouse"}


@pytest.fixture
def told_house(told_demo: House) -> House:
    """A demo whose first chapter is told; days pass in seconds here, so nothing waits for a pace."""
    return replace(told_demo, line=unhurried_line())


@pytest.fixture
def behind(told_demo: House) -> Iterator[Behind]:
    """The platform's process, not started yet, ended with the test."""
    behind = Behind(told_demo.home)
    yield behind
    behind.close()


def truth(platform: Platform, part: str = "summary") -> list[dict[str, Any]]:
    """What the platform itself says of its shop."""
    answer = httpx.get(f"{platform.page}_state", params={"part": part}, timeout=15)
    found: list[dict[str, Any]] = answer.json() if part == "summary" else [httpx.Response(200, text=line).json() for line in answer.text.splitlines()]
    return found


def known(house: House, shop_id: ShopId) -> set[str]:
    """The numbers of the second shop's orders as the desk knows them."""
    page = orders(house, owner(house), clock.now(), shop_ids=[shop_id], limit=1000)
    return {row.order.order_no for row in page.rows}


def test_it_is_a_shop_of_the_same_people_connected_and_only_offering_acts(told_house: House, behind: Behind) -> None:
    shop_id = keep_connected(told_house, behind.start())

    by = owner(told_house)
    connection = connection_state(told_house, by, shop_id, clock.now())
    levels = {view.terms.kind: view.limits.level for view in kinds(told_house, by, shop_id, clock.now())}
    assert [shop.name for shop in shops_seen(told_house, operator())] == [story().shop.name, second_shop_name()]
    assert {member.display_name: member.role for member in people_of(told_house, by, shop_id, clock.now()).members} == {
        "林": "owner",
        "小美": "rep",
        "老周": "warehouse",
    }
    assert (connection.state, connection.mall_name) == (ConnectionState.CONNECTED, second_shop_name())
    assert levels[ActKind.REFUND_AGREE] is ActLevel.SUGGEST
    # that a label was printed is only told, never decided
    assert {kind for kind, level in levels.items() if level is ActLevel.ACT} == {ActKind.PRINT_REPORT}


def test_it_is_read_whole_and_follows_when_the_clock_is_wound(told_house: House, behind: Behind) -> None:
    platform = behind.start()
    shop_id = keep_connected(told_house, platform)

    first = sync_once(told_house, operator(), shop_id, clock.now(), clock.unwound())
    step_to_chapter(told_house, "late_batch")
    step_an_hour(told_house)
    then = sync_once(told_house, operator(), shop_id, clock.now(), clock.unwound())

    # what changed within the platform's own margin is read a few minutes later
    settled = clock.now() - timedelta(minutes=4)
    there = {line["order"]["order_sn"] for line in truth(platform, "orders") if line["order"]["confirm_time"] < _wall(settled)}
    assert first.complete
    assert then.complete
    assert abs(truth(platform)[0]["now"] - clock.now().timestamp()) < 5
    assert there <= known(told_house, shop_id)
    assert len(there) > 100


def test_it_is_made_once_however_often_the_demo_is_opened(told_house: House, behind: Behind, tmp_path: Path) -> None:
    shop_id = keep_connected(told_house, behind.start())
    first = page_of(told_house.home)
    behind.close()

    again = Behind(told_house.home)
    try:
        platform = again.start()
        second_time = keep_connected(told_house, platform)
    finally:
        again.close()

    assert second_time == shop_id
    assert platform.page == first
    assert len(shops_seen(told_house, operator())) == 2


def test_it_is_found_again_where_the_platform_has_moved(told_house: House, behind: Behind) -> None:
    shop_id = keep_connected(told_house, behind.start())
    behind.close()
    (told_house.home / "platform" / "page").unlink()
    moved = Behind(told_house.home)
    try:
        platform = moved.start()
        keep_connected(told_house, platform)
        application = connection_state(told_house, owner(told_house), shop_id, clock.now()).application
    finally:
        moved.close()

    assert application is not None
    assert application.doors.router == platform.gateway


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill that cannot be caught")
def test_the_platform_comes_back_by_itself_with_all_that_was_done_to_it(told_house: House, behind: Behind) -> None:
    platform = behind.start()
    httpx.post(f"{platform.page}_do", json={"act": "orders.come", "many": 3}, timeout=15)
    before = truth(platform, "orders")

    assert behind._process is not None
    os.kill(behind._process.pid, signal.SIGKILL)
    after = _once_it_answers(platform)

    assert {line["order"]["order_sn"] for line in before} <= {line["order"]["order_sn"] for line in after}


def test_its_own_page_cannot_wind_the_clock_apart(told_house: House, behind: Behind) -> None:
    platform = behind.start()

    answer = httpx.post(f"{platform.page}_clock", json={"step": 3600}, timeout=15)

    assert answer.status_code == 409
    assert abs(truth(platform)[0]["now"] - clock.now().timestamp()) < 5


def test_the_clock_goes_on_from_where_it_was_marked(told_house: House) -> None:
    marked = story().chapters[0].moment + timedelta(hours=2)
    set_clock(told_house.home, marked)
    keep_moment(told_house.home)
    clock.wind(told_house.home, timedelta(days=9))

    begin_clock(told_house.home)

    diary = diary_of(told_house.home)
    assert diary is not None
    assert diary.told == 1
    assert timedelta(0) <= clock.now() - marked < timedelta(minutes=1)


def test_its_scenario_lies_in_the_story() -> None:
    assert SCENARIO.parent.name == "story"
    assert second_shop_name() == "林家山货铺"


def _once_it_answers(platform: Platform) -> list[dict[str, Any]]:
    """The orders, once the platform is there again."""
    for _ in range(100):
        try:
            return truth(platform, "orders")
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the platform did not come back")


def _wall(moment: datetime) -> str:
    return (moment + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
