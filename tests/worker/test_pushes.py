"""With a worker at work, what the platform pushes is read within a second, whatever happens to the pushes; and no shop waits for another."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.emulator.caller import YTO, Caller, quiet, running
from tests.worker.desk import at_the_platforms_hour, behind, connect_through, orders_of, stage_of, working
from tests.worker.relay import relaying
from tests.worker.waiting import until
from zhanggui import clock
from zhanggui.actions.hints import note_all
from zhanggui.actions.house import House
from zhanggui.actions.syncing import sync_soon
from zhanggui.records import hints, lanes


@pytest.fixture
def platform(house: House) -> Iterator[Caller]:
    with running(quiet(gate={"subscribed": False})) as caller, at_the_platforms_hour(house):
        yield caller


def test_a_push_is_read_within_a_second(house: House, people: Cast, platform: Caller) -> None:
    connect_through(house, people.shop_id, platform)
    with working(house):
        _in_touch(house, people, platform)

        took = []
        for _ in range(10):
            began = time.monotonic()
            (order,) = platform.new_orders(1)
            assert until(lambda: order in orders_of(house, people.shop_id), 5)  # noqa: B023 - asked at once
            took.append(time.monotonic() - began)

    assert sorted(took)[5] < 1.0


def test_it_comes_to_hold_the_last_state_however_pushes_are_doubled_and_shuffled(house: House, people: Cast, platform: Caller) -> None:
    connect_through(house, people.shop_id, platform)
    platform.mood(push_doubled=0.5, push_late=0.5, late_push_seconds=1)
    with working(house):
        _in_touch(house, people, platform)
        orders = platform.new_orders(20)
        for number, order in enumerate(orders):
            platform.ship(order, f"YT74000000{number:05}", YTO)

        shipped = until(lambda: {stage_of(house, people.shop_id, order) for order in orders} == {"shipped"}, 15)

    assert shipped


def test_what_was_pushed_into_a_broken_socket_comes_after_it(house: House, people: Cast, platform: Caller) -> None:
    with relaying(behind(platform)) as relay:
        connect_through(house, people.shop_id, platform, messages=relay)
        with working(house):
            _in_touch(house, people, platform)
            links = relay.links

            relay.drop()
            orders = set(platform.new_orders(5))
            came = until(lambda: orders <= orders_of(house, people.shop_id), 15)

        assert came
        assert relay.links > links


def test_a_lost_push_is_made_good_by_the_next_window(house: House, people: Cast, platform: Caller) -> None:
    connect_through(house, people.shop_id, platform)
    with working(house):
        _in_touch(house, people, platform)
        platform.mood(push_lost=1.0)
        (order,) = platform.new_orders(1)
        platform.step(600)
        clock.wind(house.home, timedelta(seconds=600))
        with house.pool.connection() as tx:
            sync_soon(tx, people.shop_id, clock.unwound())

        came = until(lambda: order in orders_of(house, people.shop_id), 20)

    assert came


def test_a_shop_whose_platform_never_answers_keeps_no_other_waiting(house: House, people: Cast) -> None:
    with running(quiet(size={"shops": 2}, gate={"subscribed": False})) as platform, at_the_platforms_hour(house), relaying(None) as void:
        connect_through(house, people.other_shop_id, platform, which=1)
        connect_through(house, people.shop_id, platform)
        with house.pool.connection() as tx:
            tx.execute("update apps set doors = jsonb_set(doors, '{router}', to_jsonb(%s::text)) where for_shop = %s", (_void(void.port), people.other_shop_id))
        with working(house):
            _in_touch(house, people, platform)
            with house.pool.connection() as tx:
                note_all(tx, people.other_shop_id, {("order", f"x{number}"): None for number in range(3000)}, clock.unwound(), "push")
            took = []
            for _ in range(10):
                began = time.monotonic()
                (order,) = platform.new_orders(1)
                assert until(lambda: order in orders_of(house, people.shop_id), 5)  # noqa: B023 - asked at once
                took.append(time.monotonic() - began)
            until(lambda: bool(_troubles(house, people)), 15)

    assert sorted(took)[8] < 2.0
    assert void.links < 30
    assert "did not answer" in _troubles(house, people)[0]


def _in_touch(house: House, people: Cast, platform: Caller) -> None:
    """Wait until the stream is open and carries this shop: a first push has come through."""

    def came_through() -> bool:
        (order,) = platform.new_orders(1)
        return until(lambda: order in orders_of(house, people.shop_id), 0.5)

    assert until(came_through, 20)


def _void(port: int) -> str:
    return f"http://127.0.0.1:{port}/api/router"


def _troubles(house: House, people: Cast) -> list[str]:
    with house.pool.connection() as tx:
        told = [state.problem for state in lanes.of_shops(tx, [people.other_shop_id]) if state.lane == "hints"]
        told += [trouble.problem for trouble in hints.troubles(tx, [people.other_shop_id], 5)]
    return [problem for problem in told if problem]
