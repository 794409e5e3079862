"""Whatever happens in whatever order, processes dying between any two steps included: never twice, never lost, never after it was stopped.

Notes on orders are what is sent here, since the platform takes each of them again and again: nothing but the door itself keeps one from being written twice.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.actions.outbox.door import Door
from tests.cast import make_cast
from tests.emulator.caller import quiet, running
from zhanggui import rulebook
from zhanggui.actions.house import House
from zhanggui.actions.outbox import Stopped, decide, open_switch, resolve, stop, throw_switch
from zhanggui.actions.outbox.asking import concluded, doubted
from zhanggui.actions.outbox.calling import call_of
from zhanggui.actions.outbox.reading import read_facts
from zhanggui.actions.outbox.sending import carry_out, claimed, let_through, prepared
from zhanggui.actions.outbox.watch import running as seconds
from zhanggui.actions.platform import called
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.core.acts import ActKind, ActLevel, ActState, NoteOrder
from zhanggui.core.acts.moves import AT_REST, TRANSITIONS
from zhanggui.records.db import Pool, transact

NOTE = ActKind.ORDER_NOTE
CAP = 4
MOODS = ("fair", "fair", "fair", "cut_before", "cut_after", "server_error", "broken_json", "too_often", "busy_inside")
DIES = ("never", "never", "never", "claimed", "read", "at_the_door", "before_the_call", "after_the_call")
SPANS = (timedelta(seconds=10), timedelta(minutes=2), timedelta(minutes=11), timedelta(hours=14))


@dataclass
class Note:
    """One act as the test knows it."""

    order_no: str
    act_no: int
    by_hand: int = 0
    is_frozen: bool = False
    """A stop, the switch or the level has held it before it left: it must never be sent."""


class Mishaps(RuleBasedStateMachine):
    """The life of a shop's door. `opened` is set by the test: it makes a house over an empty database."""

    opened: Callable[[], Door]

    @initialize()
    def open_the_door(self) -> None:
        self.door = self.opened()
        self.notes: list[Note] = []
        self.written = 0
        self.door.put(NOTE, ActLevel.SUGGEST, daily_cap=CAP)
        for _ in range(3):
            self.a_person_writes_a_note()

    @rule()
    @precondition(lambda self: len(self.notes) < 9)
    def a_person_writes_a_note(self) -> None:
        order_no = self.door.orders()[0]
        request = NoteOrder(order_no=order_no, note=f"note of {order_no}")
        try:
            act_no = transact(self.door.house.pool, lambda tx: decide(tx, self.door.house, self.door.by, self.door.shop_id, request, self.door.now))
        except Refused:
            return  # off, or closed
        self.notes.append(Note(order_no, act_no))

    @rule(mood=st.sampled_from(MOODS), dies=st.sampled_from(DIES), holder=st.sampled_from(["w1", "w2"]))
    def a_worker_sends_the_next(self, mood: str, dies: str, holder: str) -> None:
        house, watch = self.door.house, self.door.watch()
        act = transact(house.pool, lambda tx: claimed(tx, self.door.shop_id, watch, f"{holder}/{self._token()}"))
        if act is None or dies == "claimed":
            return
        ready = prepared(house, act, watch)
        if ready is None or dies == "read":
            return
        through = transact(house.pool, lambda tx: let_through(tx, house, act, ready[1], watch))
        if through is None or dies in ("at_the_door", "before_the_call"):
            return
        self._set_mood(mood)
        if dies == "after_the_call":
            with suppress(PlatformError):  # it dies before it can tell anybody
                called(house, self.door.shop_id, ready[0], call_of(ready[1], watch.now), watch.now)
        else:
            carry_out(house, through, *ready, watch, seconds())
        self._set_mood("fair")

    @rule(mood=st.sampled_from(MOODS[3:]))
    def a_worker_sends_the_next_over_a_bad_line(self, mood: str) -> None:
        self.a_worker_sends_the_next(mood=mood, dies="never", holder="w1")

    @rule(dies=st.sampled_from(DIES[3:]))
    def a_worker_dies_while_sending(self, dies: str) -> None:
        self.a_worker_sends_the_next(mood="fair", dies=dies, holder="w2")

    @rule(times=st.integers(1, 3))
    def the_worker_does_its_rounds(self, times: int) -> None:
        for _ in range(times):
            self.door.works(2)
            self.door.wait(timedelta(minutes=1))

    @rule(dies=st.booleans(), is_cut_off=st.booleans())
    def a_worker_asks_after_one(self, *, dies: bool, is_cut_off: bool) -> None:
        house, watch = self.door.house, self.door.watch()
        act = transact(house.pool, lambda tx: doubted(tx, self.door.shop_id, watch, f"w3/{self._token()}"))
        if act is None or act.at is not ActState.UNSURE or dies:
            return
        was_read = not is_cut_off and read_facts(house, act, watch.now, watch.wall)
        transact(house.pool, lambda tx: concluded(tx, act, watch.wall, watch, was_read=was_read))

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        self.door.later(span)

    @rule(data=st.data())
    @precondition(lambda self: self.notes)
    def somebody_stops_one(self, data: st.DataObject) -> None:
        note = data.draw(st.sampled_from(self.notes))
        try:
            brought = stop(self.door.house, self.door.by, self.door.shop_id, note.act_no, self.door.now)
        except Refused:
            return
        note.is_frozen = note.is_frozen or brought is Stopped.STOPPED

    @rule(data=st.data())
    @precondition(lambda self: self.notes)
    def somebody_writes_by_hand(self, data: st.DataObject) -> None:
        note = data.draw(st.sampled_from(self.notes))
        self.written += 1
        self.door.platform.call("pdd.order.note.update", order_sn=note.order_no, note=f"by hand {self.written}")
        note.by_hand += 1

    @rule(level=st.sampled_from([ActLevel.OFF, *[ActLevel.SUGGEST] * 4]))
    def an_owner_sets_the_level(self, level: ActLevel) -> None:
        self.door.put(NOTE, level, daily_cap=CAP)
        if level is ActLevel.OFF:
            self._freeze()

    @rule(chance=st.integers(0, 3))
    def a_keeper_throws_the_switch(self, chance: int) -> None:
        if chance:
            return
        throw_switch(self.door.house, self.door.keeper(), self.door.now)
        self._freeze()

    @rule()
    def a_keeper_sets_the_switch_back(self) -> None:
        open_switch(self.door.house, self.door.keeper(), self.door.now)

    @invariant()
    def nothing_happens_twice_or_after_it_was_stopped(self) -> None:
        if not hasattr(self, "door"):
            return
        effects = self._effects()
        for note in self.notes:
            act, ours = self.door.act(note.act_no), effects.get(note.order_no, 0) - note.by_hand
            assert ours in (0, 1), f"{note} was written {ours} times"
            if act.attempts == 0 or note.is_frozen or act.at in (ActState.PROPOSED, ActState.STOPPED, ActState.DECLINED):
                assert ours == 0, f"{note} is {act.state} and was written all the same"
            if act.at is ActState.CARRIED_OUT:
                assert ours == 1, f"{note} is said to be done and was not"

    @invariant()
    def the_cap_of_the_day_holds(self) -> None:
        if not hasattr(self, "door"):
            return
        by_hand = self.written
        with self.door.house.pool.connection() as tx:
            days = tx.execute("select day, acts from act_days where shop_id = %s", (self.door.shop_id,)).fetchall()
        assert all(0 <= many <= CAP for _, many in days)
        assert sum(self._effects().values()) - by_hand <= sum(many for _, many in days)

    def teardown(self) -> None:
        """In the end nothing that was decided is lost: with the platform well and the door open every act comes to rest."""
        if not hasattr(self, "door"):
            return
        open_switch(self.door.house, self.door.keeper(), self.door.now)
        self.door.put(NOTE, ActLevel.SUGGEST, daily_cap=100)
        for _ in range(8):
            self.door.later(timedelta(hours=5))
            self.door.works(50)
        effects = self._effects()
        for note in self.notes:
            act = self.door.act(note.act_no)
            if act.at is ActState.NEEDS_PERSON:
                resolve(self.door.house, self.door.by, self.door.shop_id, note.act_no, self.door.now, has_happened=effects.get(note.order_no, 0) > note.by_hand)
                act = self.door.act(note.act_no)
            assert act.at in AT_REST, f"{note} is still {act.state}"
            if act.at is not ActState.CARRIED_OUT:
                assert note.is_frozen or note.by_hand or act.is_halted or act.at in (ActState.STOPPED, ActState.DECLINED), f"{note} was lost: {act.state}"
        self.nothing_happens_twice_or_after_it_was_stopped()

    def _freeze(self) -> None:
        """What is announced now must never be sent; what has left may only not be sent again."""
        for note in self.notes:
            act = self.door.act(note.act_no)
            note.is_frozen = note.is_frozen or act.at is ActState.STOPPED

    def _effects(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for entry in self.door.platform.ledger(effect="order.noted"):
            order_no = str(entry["keys"]["order_sn"])
            found[order_no] = found.get(order_no, 0) + 1
        return found

    def _set_mood(self, name: str) -> None:
        self.door.platform.mood(name=name, **({} if name == "fair" else {name: 1.0}))

    def _token(self) -> str:
        self.tokens = getattr(self, "tokens", 0) + 1
        return str(self.tokens)


EMPTY = """
    truncate acts, act_days, act_levels, act_rounds, journal, orders, sightings, deadlines, deadline_totals, connections, apps, platform_shops cascade
"""


@pytest.mark.slow
def test_nothing_is_sent_twice_or_lost_or_after_it_was_stopped(pool: Pool, tmp_path: Path) -> None:
    house = House(pool=pool, home=tmp_path, rulebook=rulebook.load())
    people = make_cast(pool)
    open_now: list[Any] = []

    def fresh() -> Door:
        while open_now:
            open_now.pop().__exit__(None, None, None)
        with pool.connection() as tx:
            tx.execute(EMPTY)
            tx.execute("update act_switch set is_open = true")
        emulator = running(quiet())
        open_now.append(emulator)
        return Door(house, people.lin, people.shop_id, emulator.__enter__())

    class Here(Mishaps):
        opened = staticmethod(fresh)

    try:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=14,
                stateful_step_count=35,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
                derandomize=True,
                phases=(Phase.generate,),
            ),
        )
    finally:
        while open_now:
            open_now.pop().__exit__(None, None, None)


def test_every_state_is_reached_and_only_ends_have_no_way_out() -> None:
    reached = {step.after for step in TRANSITIONS} | {ActState.ANNOUNCED}
    left = {step.before for step in TRANSITIONS}

    assert reached == set(ActState)
    assert set(ActState) - left == AT_REST
    assert len({(step.before, step.event) for step in TRANSITIONS}) == len(TRANSITIONS)


def test_a_person_may_stop_whatever_may_still_be_sent() -> None:
    stopping = {step.before for step in TRANSITIONS if step.after is ActState.STOPPED}

    assert stopping >= {ActState.PROPOSED, ActState.ANNOUNCED, ActState.SENDING, ActState.UNSURE}
