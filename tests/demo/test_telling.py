"""The telling: chapters come in through imports, the clock is wound, and a kill or a second start does no harm."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import Cast
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.importing import batches
from zhanggui.actions.orders import order
from zhanggui.actions.shops import shops_seen
from zhanggui.core.facts import OrderStage, RefundState
from zhanggui.demo.diary import diary_of, set_clock, write_diary
from zhanggui.demo.story_data import story
from zhanggui.demo.telling import NotADemo, begin_clock, fresh, next_chapter, prepare, present_chapter, step_an_hour, step_to_chapter
from zhanggui.demo.world import world
from zhanggui.people.permissions import operator


def test_it_opens_with_the_first_chapter_told_and_the_clock_at_its_moment(demo_house: House) -> None:
    prepare(demo_house)

    assert present_chapter(demo_house.home).id == "monday_morning"
    assert timedelta(0) <= clock.now() - story().chapters[0].moment < timedelta(minutes=1)
    assert [batch.state for batch in batches(demo_house, operator())] == ["done", "done", "done", "done"]


def test_it_tells_nothing_twice_when_it_is_opened_again(told_demo: House) -> None:
    prepare(told_demo)

    assert len(batches(told_demo, operator())) == 4
    assert [shop.name for shop in shops_seen(told_demo, operator())] == [story().shop.name]


def test_it_tells_the_next_chapter_once_however_often_the_button_is_pressed(told_demo: House) -> None:
    step_to_chapter(told_demo, "late_batch")
    step_to_chapter(told_demo, "late_batch")

    assert present_chapter(told_demo.home).id == "late_batch"
    assert len(batches(told_demo, operator())) == 6


def test_it_tells_a_chapter_again_that_a_kill_cut_off(told_demo: House) -> None:
    begun = diary_of(told_demo.home)
    assert begun is not None
    step_to_chapter(told_demo, "late_batch")
    write_diary(told_demo.home, begun)  # killed after the import, before the page of the diary was turned

    step_to_chapter(told_demo, "late_batch")

    assert present_chapter(told_demo.home).id == "late_batch"
    assert _stage(told_demo, "not_printed") == (OrderStage.CANCELLED, RefundState.REFUNDED)


def test_it_goes_through_the_whole_week(told_demo: House) -> None:
    while coming := next_chapter(told_demo.home):
        step_to_chapter(told_demo, coming.id)

    assert _stage(told_demo, "printed") == (OrderStage.CANCELLED, RefundState.REFUNDED)
    assert _stage(told_demo, "late_1") == (OrderStage.RECEIVED, RefundState.NONE)
    assert _stage(told_demo, "presale_1") == (OrderStage.TO_SHIP, RefundState.NONE)
    assert sum(batch.waiting_in_quarantine for batch in batches(told_demo, operator())) == 1


def test_it_winds_the_clock_by_an_hour_and_no_chapter_when_none_falls_into_it(told_demo: House) -> None:
    before = clock.now()

    step_an_hour(told_demo)

    assert timedelta(hours=1) <= clock.now() - before < timedelta(hours=1, minutes=1)
    assert present_chapter(told_demo.home).id == "monday_morning"


def test_it_tells_the_chapters_that_an_hour_runs_over(told_demo: House) -> None:
    set_clock(told_demo.home, story().chapters[1].moment - timedelta(minutes=30))

    step_an_hour(told_demo)

    assert present_chapter(told_demo.home).id == "late_batch"


def test_it_does_not_grow_old_while_it_is_closed(told_demo: House) -> None:
    clock.wind(told_demo.home, timedelta(days=9))

    begin_clock(told_demo.home)

    assert clock.now() - story().chapters[0].moment < timedelta(minutes=1)


def test_it_never_touches_a_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "accounts.xlsx").write_bytes(b"mine")

    with pytest.raises(NotADemo):
        begin_clock(tmp_path)
    with pytest.raises(NotADemo):
        fresh(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["accounts.xlsx"]


def test_it_never_tells_its_story_among_real_shops(demo_house: House, people: Cast) -> None:
    with pytest.raises(NotADemo):
        prepare(demo_house)

    assert len(shops_seen(demo_house, operator())) == 2
    assert batches(demo_house, operator()) == ()


def test_it_forgets_a_demo_home_whole(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    begin_clock(home)

    fresh(home)

    assert not home.exists()
    clock.use_home(None)


def _stage(house: House, key: str) -> tuple[OrderStage | None, RefundState | None]:
    shop = shops_seen(house, operator())[0]
    view = order(house, operator(), shop.shop_id, world().told[key].order_no, clock.now())
    assert view is not None
    return view.order.stage, view.order.refund
