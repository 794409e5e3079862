"""Lanes: shops are served in turn, a shop in trouble rests, and no shop waits for another."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.worker.waiting import until
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.lanes import LONGEST_REST, ShopRests, let_rest, standings, went_well
from zhanggui.actions.timetable import Lane
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.records import lanes as records
from zhanggui.records.rousing import rouse
from zhanggui.worker.lanes import LaneRunner
from zhanggui.worker.loop import Worker

WELL, ILL = ShopId(1), ShopId(2)
TITLE = say("A lane")
SILENT = say("The platform did not answer.")


class Queue:
    """So many things to do in each shop; what serving one of them is like may be told."""

    def __init__(self, **left: int) -> None:
        self.left = {ShopId(int(name[1:])): many for name, many in left.items()}
        self.served: list[ShopId] = []
        self.lock = threading.Lock()

    def shops(self, _house: House, _now: datetime, _wall: datetime) -> Sequence[ShopId]:
        return [shop_id for shop_id, many in self.left.items() if many]

    def serve(self, _house: House, shop_id: ShopId, _now: datetime, _wall: datetime, _holder: str) -> bool:
        with self.lock:
            if not self.left[shop_id]:
                return False
            self.left[shop_id] -= 1
            self.served.append(shop_id)
        self.meet(shop_id)
        return True

    def meet(self, shop_id: ShopId) -> None:
        """What happens while one is served."""


@contextmanager
def running(house: House, queue: Queue, threads: int, per_shop: int = 1) -> Iterator[LaneRunner]:
    """A lane at work for as long as the block lasts."""
    runner = LaneRunner(house, Lane("queue", threads, queue.shops, queue.serve, TITLE, threads_per_shop=per_shop), "a worker")
    stop = threading.Event()
    at_work = [threading.Thread(target=runner.run, args=(stop,)) for _ in range(threads)]
    for thread in at_work:
        thread.start()
    try:
        yield runner
    finally:
        stop.set()
        runner.bell.ring()
        for thread in at_work:
            thread.join(10)


def test_it_serves_shops_in_turn_however_much_one_of_them_has(house: House) -> None:
    queue = Queue(s1=1000, s2=3)
    runner = LaneRunner(house, Lane("queue", 1, queue.shops, queue.serve, TITLE), "a worker")

    for _ in range(6):
        runner.turn()

    assert queue.served in ([1, 2] * 3, [2, 1] * 3)


def test_a_shop_that_never_answers_keeps_no_other_waiting(house: House) -> None:
    class Slow(Queue):
        def meet(self, shop_id: ShopId) -> None:
            if shop_id == ILL:
                time.sleep(1.0)
                raise ShopRests(SILENT)

    queue = Slow(s1=50, s2=50)
    began = time.monotonic()

    with running(house, queue, threads=3, per_shop=2):
        assert until(lambda: queue.left[WELL] == 0, 10)
    took = time.monotonic() - began

    assert took < 2.0
    assert queue.served.count(ILL) <= 3


def test_shops_in_trouble_hold_one_thread_at_most(house: House, people: Cast) -> None:
    together: list[int] = []

    class Troubled(Queue):
        busy = 0

        def meet(self, shop_id: ShopId) -> None:
            with self.lock:
                self.busy += 1
                together.append(self.busy)
            time.sleep(0.1)
            with self.lock:
                self.busy -= 1

    queue = Troubled(s3=4, s4=4, s5=4)
    for shop_id in queue.left:
        let_rest(house, "queue", shop_id, ShopRests(SILENT), clock.unwound() - timedelta(minutes=1))

    with running(house, queue, threads=3):
        until(lambda: len(together) >= 3)

    assert together[:3] == [1, 1, 1]


def test_slow_shops_leave_a_thread_to_the_quick_ones(house: House) -> None:
    class Slow(Queue):
        def meet(self, shop_id: ShopId) -> None:
            time.sleep(0.01 if shop_id == WELL else 1.1)

    queue = Slow(s1=0, s2=9, s3=9, s4=9, s5=9)

    with running(house, queue, threads=3) as runner:
        assert until(lambda: len(queue.served) >= 5)
        waits = []
        for _ in range(8):
            began = time.monotonic()
            queue.left[WELL] = 1
            runner.bell.ring()
            assert until(lambda: not queue.left[WELL])
            waits.append(time.monotonic() - began)

    assert sorted(waits)[6] < 0.8


def test_a_shop_rests_longer_with_each_failure_in_a_row_and_is_well_after_the_first_success(house: House) -> None:
    wall = clock.unwound()

    rests = [let_rest(house, "queue", ILL, ShopRests(SILENT), wall) for _ in range(12)]
    stands = [standings(house, "queue", [ILL], wall + wait)[ILL] for wait in (timedelta(seconds=1), timedelta(minutes=6))]
    went_well(house, "queue", ILL, wall)
    after = standings(house, "queue", [ILL], wall)[ILL]

    assert [timedelta(seconds=1.5) <= rests[0] <= timedelta(seconds=2), timedelta(seconds=12) <= rests[3] <= timedelta(seconds=16)] == [True, True]
    assert LONGEST_REST * 0.75 <= rests[-1] <= LONGEST_REST
    assert [(stand.may, stand.failures) for stand in stands] == [(False, 12), (True, 12)]
    assert (after.may, after.failures) == (True, 0)


def test_being_asked_to_be_slower_is_no_trouble(house: House) -> None:
    wall = clock.unwound()

    wait = let_rest(house, "queue", ILL, ShopRests(None, timedelta(milliseconds=300)), wall)

    stand = standings(house, "queue", [ILL], wall)[ILL]
    assert wait == timedelta(milliseconds=300)
    assert (stand.may, stand.failures) == (False, 0)


def test_a_rest_that_a_wrong_clock_gave_holds_nobody(house: House) -> None:
    wall = clock.unwound()
    let_rest(house, "queue", ILL, ShopRests(SILENT), wall + timedelta(days=365))

    assert standings(house, "queue", [ILL], wall)[ILL].may is True


def test_a_stumble_lets_that_shop_rest_visibly_and_the_others_go_on(house: House, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Queue):
        def meet(self, shop_id: ShopId) -> None:
            if shop_id == ILL:
                raise ValueError(chr(0x5F20) + chr(0x4E09))

    queue = Broken(s1=5, s2=5)

    with running(house, queue, threads=1):
        assert until(lambda: queue.left[WELL] == 0)

    with house.pool.connection() as tx:
        state = records.of_lane(tx, [ILL], "queue")[ILL]
    assert queue.served.count(ILL) == 1
    assert state.failures == 1
    assert "ValueError" in (state.problem or "")
    assert "张三" not in caplog.text + (state.problem or "")


def test_it_comes_at_once_when_it_is_roused(house: House) -> None:
    queue = Queue(s1=0)
    lane = Lane("queue", 1, queue.shops, queue.serve, TITLE, looks_every=timedelta(minutes=5))
    stop = threading.Event()
    worker = threading.Thread(target=Worker(house, chores=(), lanes=(lane,)).run, args=(stop,))
    worker.start()
    try:
        time.sleep(1.0)
        queue.left[WELL] = 1
        began = time.monotonic()
        with house.pool.connection() as tx:
            rouse(tx, "queue")
        assert until(lambda: queue.served == [WELL], 5)
        took = time.monotonic() - began
    finally:
        stop.set()
        worker.join(20)

    assert took < 0.5
    assert not worker.is_alive()
