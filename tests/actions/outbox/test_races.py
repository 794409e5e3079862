"""Several workers and people at the same door at the same moment."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from tests.actions.outbox.door import MINUTE, Door
from tests.cast import make_cast
from tests.emulator.caller import quiet, running
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.outbox import Stopped, decide, send_due, stop, throw_switch
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.paces import Limits, Paces
from zhanggui.core.acts import ActKind, ActLevel, NoteOrder
from zhanggui.core.money import Fen
from zhanggui.records import act_limits
from zhanggui.records.db import Tx, open_pool, transact
from zhanggui.rulebook.acts import act_terms

T = TypeVar("T")
NOTE = ActKind.ORDER_NOTE
WORKERS = 4


class LaggingLine(Line):
    """A line through a store that answers a question it was asked before with the old answer, for some minutes: as the platform's own reads may."""

    def __init__(self) -> None:
        super().__init__(Paces(Limits(limit=())))
        self.lag = timedelta(0)
        self.wall: Callable[[], datetime] | None = None
        self._kept: dict[tuple[str, ...], tuple[datetime, Any]] = {}

    def call(self, app: App, call: Call[T], *, shop_key: str = "", access_token: str | None = None, now: datetime) -> T:
        if call.is_act or self.wall is None:
            return super().call(app, call, shop_key=shop_key, access_token=access_token, now=now)
        asked = (call.method, *(f"{name}={value}" for name, value in sorted(call.params.items())))
        kept = self._kept.get(asked)
        if kept is not None and self.wall() - kept[0] < self.lag:
            old: T = kept[1]
            return old
        fresh = super().call(app, call, shop_key=shop_key, access_token=access_token, now=now)
        self._kept[asked] = self.wall(), fresh
        return fresh


@pytest.fixture
def door(database: str, tmp_path: Path) -> Iterator[Door]:
    """A door with room for many at once."""
    with open_pool(database, max_size=16) as pool, running(quiet()) as platform:
        people = make_cast(pool)
        opened = Door(House(pool=pool, home=tmp_path, rulebook=rulebook.load()), people.lin, people.shop_id, platform)
        opened.house = replace(opened.house, line=LaggingLine())
        yield opened


def noted(door: Door, many: int) -> dict[int, str]:
    """So many notes on as many orders, each to be sent now."""
    decided = {}
    for order_no in door.orders(many):
        request = NoteOrder(order_no=order_no, note="note")
        act_no = transact(door.house.pool, lambda tx, request=request: decide(tx, door.house, door.by, door.shop_id, request, door.now))  # type: ignore[misc]  # bound now
        decided[act_no] = order_no
    return decided


def at_once(*works: Callable[[], T]) -> list[T]:
    """What each brings, all begun at the same moment."""
    ready = threading.Barrier(len(works))

    def begun(work: Callable[[], T]) -> T:
        ready.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as hands:
        return [each.result() for each in [hands.submit(begun, work) for work in works]]


def effects(door: Door, order_no: str) -> int:
    return door.happened(NOTE, order_sn=order_no)


def test_several_workers_send_each_act_once(door: Door) -> None:
    door.put(NOTE, ActLevel.SUGGEST)
    decided = noted(door, 12)
    now, wall = door.now, door.wall

    at_once(*(lambda name=f"w{each}": send_due(door.house, door.shop_id, now, wall, name, 20) for each in range(WORKERS)))

    assert {door.act(act_no).state for act_no in decided} == {"carried_out"}
    assert [effects(door, order_no) for order_no in decided.values()] == [1] * 12


def test_the_cap_of_a_day_holds_when_several_send_at_once(door: Door) -> None:
    door.put(NOTE, ActLevel.SUGGEST, daily_cap=5)
    decided = noted(door, 12)
    now, wall = door.now, door.wall

    at_once(*(lambda name=f"w{each}": send_due(door.house, door.shop_id, now, wall, name, 20) for each in range(WORKERS)))
    on_the_day = sorted(door.act(act_no).state for act_no in decided)
    waiting = [door.act(act_no) for act_no in decided if door.act(act_no).state == "announced"]
    door.later(timedelta(hours=15))  # it began at nine in the morning in Shanghai
    door.works(20)

    assert on_the_day == ["announced"] * 7 + ["carried_out"] * 5
    assert {act.send_at.isoformat() for act in waiting if act.send_at} == {"2026-03-02T16:00:00+00:00"}
    assert sorted(door.act(act_no).state for act_no in decided) == ["announced"] * 2 + ["carried_out"] * 10
    assert sum(effects(door, order_no) for order_no in decided.values()) == 10


def test_the_money_of_a_day_holds_when_several_ask_for_the_last_of_it(door: Door) -> None:
    limits = msgspec.structs.replace(act_terms()[ActKind.REFUND_AGREE].limits, daily_cap=100, daily_money=Fen(1000))
    day = door.now.date()

    def takes() -> bool:
        return transact(door.house.pool, lambda tx: act_limits.take_place(tx, door.shop_id, "refund.agree", day, 300, limits))

    taken = at_once(*[takes] * 8)

    assert sum(taken) == 3


def test_no_more_leave_by_themselves_than_may_when_several_ask_for_the_last_place(door: Door) -> None:
    door.put(NOTE, ActLevel.SUGGEST)
    limits, day = act_terms()[NOTE].limits, door.now.date()

    def leaves(act_no: int) -> bool:
        def work(tx: Tx) -> bool:
            taken = act_limits.take_place(tx, door.shop_id, NOTE.value, day, 0, limits, most_alone=3)
            if taken:
                tx.execute("update acts set by_itself = true, day = %s where shop_id = %s and act_no = %s", (day, door.shop_id, act_no))
            return taken

        return transact(door.house.pool, work)

    left = at_once(*(lambda act_no=act_no: leaves(act_no) for act_no in noted(door, 8)))

    assert sum(left) == 3


def test_a_stop_that_races_with_the_sending_either_holds_it_or_says_that_it_left(door: Door) -> None:
    door.put(NOTE, ActLevel.SUGGEST)
    decided = noted(door, 16)
    now, wall = door.now, door.wall
    brought: dict[int, Stopped | None] = {}

    def stops() -> None:
        for act_no in reversed(decided):
            try:
                brought[act_no] = stop(door.house, door.by, door.shop_id, act_no, now)
            except Refused:
                brought[act_no] = None  # it is done already

    at_once(stops, *(lambda name=f"w{each}": _ignored(send_due(door.house, door.shop_id, now, wall, name, 20)) for each in range(2)))

    for act_no, order_no in decided.items():
        happened = effects(door, order_no)
        assert happened == (0 if brought[act_no] is Stopped.STOPPED else 1), f"{act_no}: {brought[act_no]}"
        assert door.act(act_no).state == ("stopped" if brought[act_no] is Stopped.STOPPED else "carried_out")


def test_nothing_passes_the_door_once_the_switch_is_thrown(door: Door) -> None:
    door.put(NOTE, ActLevel.SUGGEST)
    decided = noted(door, 16)
    now, wall = door.now, door.wall
    told: list[int] = []

    def throws() -> None:
        throw_switch(door.house, door.keeper(), now)
        told.append(sum(door.act(act_no).state in ("sending", "carried_out") for act_no in decided))

    at_once(throws, *(lambda name=f"w{each}": _ignored(send_due(door.house, door.shop_id, now, wall, name, 20)) for each in range(2)))
    door.later(timedelta(hours=1))
    door.works(50)

    assert sum(effects(door, order_no) for order_no in decided.values()) == told[0]
    assert {door.act(act_no).state for act_no in decided} <= {"stopped", "carried_out"}


def test_two_who_decide_the_same_at_once_decide_one_act(door: Door) -> None:
    door.put(NOTE, ActLevel.SUGGEST)
    order_no = door.orders()[0]
    request = NoteOrder(order_no=order_no, note="note")

    def decides() -> int:
        return transact(door.house.pool, lambda tx: decide(tx, door.house, door.by, door.shop_id, request, door.now))

    numbers = at_once(*[decides] * 6)
    door.works()

    assert len(set(numbers)) == 1
    assert effects(door, order_no) == 1


def test_it_does_not_believe_what_it_reads_too_early(door: Door) -> None:
    line = door.house.line
    assert isinstance(line, LaggingLine)
    door.put(NOTE, ActLevel.SUGGEST)
    act_no, order_no = next(iter(noted(door, 1).items()))
    line.wall, line.lag = lambda: door.wall, timedelta(minutes=8)
    _lose_the_answer(door)
    unsure = door.act(act_no).state

    for _ in range(7):
        door.wait(MINUTE)
        door.works()
    early = door.act(act_no).state, effects(door, order_no)
    door.wait(4 * MINUTE)
    door.works()

    assert unsure == "unsure"
    assert early == ("unsure", 1)  # each time the old note was read, and nothing was sent again
    assert door.act(act_no).state == "carried_out"
    assert effects(door, order_no) == 1


def _lose_the_answer(door: Door) -> None:
    """Sends the next act; the platform does it, and its answer is cut off. What is read before is answered, or kept from before."""
    door.works(0)
    line = door.house.line
    assert isinstance(line, LaggingLine)
    whole = line.call

    def cut(app: App, call: Call[Any], *, shop_key: str = "", access_token: str | None = None, now: datetime) -> Any:
        door.platform.mood(name="cutting" if call.is_act else "fair", cut_before=0.0, cut_after=1.0 if call.is_act else 0.0)
        return whole(app, call, shop_key=shop_key, access_token=access_token, now=now)

    line.call = cut  # type: ignore[method-assign]  # the line breaks at this very call
    try:
        door.works(1)
    finally:
        line.call = whole  # type: ignore[method-assign]
        door.platform.mood(name="fair")


def _ignored(_: int) -> None:
    return None
