"""The second shop's world: small, varied, and calm enough beside the first shop's week."""

from collections import Counter
from functools import cache

import msgspec

from zhanggui.demo.behind import SCENARIO
from zhanggui.demo.story_data import story
from zhanggui.emulator.methods.order_shape import order_info
from zhanggui.emulator.scenario import read_scenario
from zhanggui.emulator.world.cases import EXCHANGE, REFUND_ONLY, RESEND, RETURN_REFUND
from zhanggui.emulator.world.journeys import GOT
from zhanggui.emulator.world.making import make_world
from zhanggui.emulator.world.orders import NO_REFUND, REFUNDED, SHIPPED, TO_SHIP
from zhanggui.emulator.world.travel import LAST_MILE, scans_of
from zhanggui.emulator.world.world import World


class Scene(msgspec.Struct, frozen=True):
    """What is open in the shop at one chapter."""

    orders: int
    to_ship: int
    late: int
    chased: int
    silent: int
    cases: int


@cache
def week() -> tuple[World, tuple[Scene, ...], Counter[int]]:
    """The world at the end of the week, the scene at each chapter, and the kinds of cases met open."""
    scenario = read_scenario(SCENARIO)
    start = scenario.starts_at()
    assert start is not None
    world, scenes, kinds = make_world(scenario, scenario.seed, int(start)), [], Counter[int]()
    for chapter in story().chapters:
        world.advance(int(chapter.moment.timestamp()))
        kinds.update(case.kind for case in world.cases.each() if case.is_open)
        scenes.append(scene(world))
    return world, tuple(scenes), kinds


def scene(world: World) -> Scene:
    """What is open at this moment."""
    orders, rows = world.orders, range(len(world.orders))
    waiting = [row for row in rows if orders.status[row] == TO_SHIP and orders.refund[row] != REFUNDED]
    return Scene(
        orders=len(orders),
        to_ship=len(waiting),
        late=sum(orders.ship_by[row] < world.now for row in waiting),
        chased=sum(bool(orders.urged_at[row]) and orders.refund[row] == NO_REFUND for row in waiting),
        silent=sum(is_silent(world, row) for row in rows if orders.status[row] == SHIPPED and orders.refund[row] != REFUNDED),
        cases=sum(case.is_open for case in world.cases.each()),
    )


def is_silent(world: World, row: int) -> bool:
    """Whether a parcel has had no scan for a day after its pickup, or for two after any later one, the last mile apart."""
    scans = scans_of(world, row)
    if not scans:
        return world.now - world.orders.sent_at[row] > 24 * 3600
    hours = 24 if scans[-1].action == GOT else 48
    return world.now - scans[-1].at > hours * 3600 and scans[-1].action not in LAST_MILE


def test_it_begins_before_the_story_does() -> None:
    start = read_scenario(SCENARIO).starts_at()

    assert start is not None
    assert 0 < story().chapters[0].moment.timestamp() - start < 3600


def test_it_has_one_or_two_hundred_orders_in_its_two_weeks() -> None:
    scenes = week()[1]

    assert scenes[0].orders >= 100
    assert scenes[-1].orders <= 220


def test_it_never_floods_the_desk() -> None:
    for each in week()[1]:
        assert each.to_ship <= 9
        assert each.late <= 3
        assert each.silent <= 3
        assert each.cases <= 6


def test_it_shows_refunds_of_every_kind_late_orders_chases_and_silent_parcels() -> None:
    _, scenes, kinds = week()

    assert kinds.keys() >= {REFUND_ONLY, RETURN_REFUND, EXCHANGE, RESEND}
    assert all(each.late and each.silent and each.cases for each in scenes)
    assert any(each.chased for each in scenes)


def test_it_speaks_of_its_own_goods() -> None:
    world = week()[0]

    names = {item.goods_name for row in range(len(world.orders)) for item in order_info(world, row).item_list}

    assert names == {ware.name for ware in read_scenario(SCENARIO).shelf}
    assert world.mall_name == "林家山货铺"
