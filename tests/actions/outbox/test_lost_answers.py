"""The line breaks, the platform is slow, the process dies: nothing happens twice, and nothing that was decided is lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.actions.outbox.door import MINUTE, Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.chores import mend_moments
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide, resolve, sending, stop
from zhanggui.actions.outbox.judging import shown
from zhanggui.actions.outbox.sending import carry_out, claimed, let_through, prepared
from zhanggui.actions.outbox.stumbling import STUMBLED
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.outbox.watch import running as seconds
from zhanggui.connectors.pdd.errors import refusal
from zhanggui.core.acts import ActKind, ActLevel, ActState, AgreeRefund, NoteOrder, ReportPrint, Request
from zhanggui.core.acts.happened import Happened
from zhanggui.people.permissions import operator
from zhanggui.records.db import Tx, transact
from zhanggui.records.outbox import StoredAct

REFUND, NOTE = ActKind.REFUND_AGREE, ActKind.ORDER_NOTE
LAG = timedelta(minutes=10, seconds=5)
LOST_UNHEARD = ("timeout_before", "cut_before")
LOST_AFTER = ("timeout_after", "cut_after", "broken_json")


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        opened = Door(house, people.lin, people.shop_id, platform)
        opened.put(REFUND, ActLevel.SUGGEST)
        yield opened


def sent_in_mood(door: Door, mood: str) -> tuple[int, str]:
    """An act sent while the platform misbehaves in this way, and only then: what is read before is answered."""
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)
    next_in_mood(door, mood)
    return act_no, case_no


def next_in_mood(door: Door, mood: str) -> None:
    """The next act whose time has come, sent in that mood."""
    act = transact(door.house.pool, lambda tx: claimed(tx, door.shop_id, Watch(door.now, door.wall), "w/1"))
    assert act is not None
    watch = Watch(door.now, door.wall)
    ready = prepared(door.house, act, watch)
    assert ready is not None
    through = transact(door.house.pool, lambda tx: let_through(tx, door.house, act, ready[1], watch))
    assert through is not None
    door.platform.mood(name=mood, hold_seconds=5.5, **{mood: 1.0})
    carry_out(door.house, through, *ready, watch, seconds())
    door.platform.mood(name="fair")


def noted(door: Door) -> list[int]:
    """Notes on two orders, decided by a person."""
    door.put(NOTE, ActLevel.SUGGEST)
    requests = [NoteOrder(order_no=order_no, note="装紧") for order_no in door.orders(2)]
    return [transact(door.house.pool, lambda tx, request=request: decide(tx, door.house, door.by, door.shop_id, request, door.now)) for request in requests]  # type: ignore[misc]  # bound now


def on_its_way(door: Door) -> tuple[StoredAct, str]:
    """An act that has passed the door, and whose sender then dies."""
    _, case_no = door.refund_asked()
    door.sends(case_no)
    watch = Watch(door.now, door.wall)
    act = transact(door.house.pool, lambda tx: claimed(tx, door.shop_id, watch, "w/1"))
    assert act is not None
    through = transact(door.house.pool, lambda tx: let_through(tx, door.house, act, act.asked, watch))
    assert through is not None
    return through, case_no


@pytest.mark.parametrize("mood", LOST_AFTER)
def test_it_finds_out_that_it_happened_when_only_the_answer_was_lost(door: Door, mood: str) -> None:
    act_no, case_no = sent_in_mood(door, mood)
    at_once = door.act(act_no).state

    door.wait(MINUTE)
    door.works()

    assert at_once == "unsure"
    assert door.act(act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1
    assert door.told(REFUND) == 1


@pytest.mark.parametrize("mood", LOST_UNHEARD)
def test_it_sends_again_only_once_the_reads_no_longer_lag(door: Door, mood: str) -> None:
    act_no, case_no = sent_in_mood(door, mood)

    for _ in range(3):
        door.wait(MINUTE)
        door.works()
    early = door.act(act_no).state, door.happened(REFUND), door.told(REFUND)
    door.wait(LAG)
    door.works()
    door.works()

    assert early == ("unsure", 0, 1)
    assert door.act(act_no).state == "carried_out"
    assert door.act(act_no).attempts == 2
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_treats_an_error_of_the_server_as_a_lost_answer(door: Door) -> None:
    act_no, case_no = sent_in_mood(door, "server_error")

    door.wait(LAG)
    door.works()
    door.works()

    assert door.act(act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1


@pytest.mark.parametrize("mood", ["too_often", "method_full", "busy_inside"])
def test_it_waits_and_tries_again_when_the_platform_takes_nothing(door: Door, mood: str) -> None:
    act_no, case_no = sent_in_mood(door, mood)
    at_once = door.act(act_no)

    door.wait(MINUTE)
    door.works()

    assert at_once.state == "announced"
    assert at_once.look_at is not None
    assert door.act(act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_sends_with_a_fresh_token_when_the_old_one_had_ended(door: Door) -> None:
    act_no, case_no = sent_in_mood(door, "token_expires")
    at_once = door.act(act_no).state

    door.wait(MINUTE)
    door.works()

    assert at_once == "announced"
    assert door.act(act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_asks_what_happened_when_the_sender_died_before_the_call(door: Door) -> None:
    act, case_no = on_its_way(door)

    door.works()
    held = door.act(act.act_no).state
    door.wait(2 * MINUTE)
    door.works()
    doubted = door.act(act.act_no).state
    door.wait(LAG)
    door.works()
    door.works()

    assert (held, doubted) == ("sending", "unsure")
    assert door.act(act.act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1
    assert door.told(REFUND) == 1


def test_it_finds_what_happened_when_the_sender_died_after_the_call(door: Door) -> None:
    act, case_no = on_its_way(door)
    asked = act.asked
    assert isinstance(asked, AgreeRefund)
    door.platform.call("pdd.refund.agree", request={"order_sn": asked.order_no, "after_sales_id": int(asked.case_no)})

    door.wait(2 * MINUTE)
    door.works()

    assert door.act(act.act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1
    assert door.told(REFUND) == 1


def test_it_keeps_a_late_answer_of_a_sender_taken_for_dead(door: Door) -> None:
    act, case_no = on_its_way(door)
    door.wait(2 * MINUTE)
    door.works()
    doubted = door.act(act.act_no).state
    watch = Watch(door.now, door.wall)
    ready = prepared(door.house, act, watch)
    assert ready is not None

    carry_out(door.house, act, *ready, watch, seconds())

    assert doubted == "unsure"
    assert door.act(act.act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_does_not_make_the_call_when_the_machine_slept_at_the_door(door: Door) -> None:
    act, _ = on_its_way(door)
    watch = Watch(door.now, door.wall)
    ready = prepared(door.house, act, watch)
    assert ready is not None

    carry_out(door.house, act, *ready, watch, seconds() - 3600)

    assert door.act(act.act_no).state == "announced"
    assert door.told(REFUND) == 0


def test_it_does_not_make_the_call_when_the_machine_slept_as_the_door_let_it_through(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)
    through_the_door = sending._through_the_door

    def slept(*told: Any) -> StoredAct | None:
        through = through_the_door(*told)
        monkeypatch.setattr(sending, "running", lambda: seconds() + 3600)
        return through

    monkeypatch.setattr(sending, "_through_the_door", slept)
    sending.send_next(door.house, door.shop_id, Watch(door.now, door.wall), "w/1")

    assert (door.act(act_no).state, door.told(REFUND)) == ("announced", 0)


def test_it_is_not_sent_again_when_it_was_stopped_while_nobody_was_sure(door: Door) -> None:
    act_no, _ = sent_in_mood(door, "timeout_before")

    stop(door.house, door.by, door.shop_id, act_no, door.now)
    door.wait(LAG)
    door.works()
    door.works()

    assert door.act(act_no).state == "stopped"
    assert door.happened(REFUND) == 0
    assert door.told(REFUND) == 1


def test_it_goes_on_asking_while_the_platform_cannot_be_reached(door: Door) -> None:
    act_no, case_no = sent_in_mood(door, "timeout_after")
    door.platform.mood(name="failing", server_error=1.0)

    door.wait(LAG)
    door.works()
    waiting = door.act(act_no).state
    door.platform.mood(name="fair")
    door.wait(LAG)
    door.works()

    assert waiting == "unsure"
    assert door.act(act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_hands_over_to_a_person_what_nobody_can_find_out(door: Door) -> None:
    act_no, _ = sent_in_mood(door, "timeout_after")
    door.platform.mood(name="failing", server_error=1.0)

    door.wait(LAG)
    door.works()
    door.wait(timedelta(hours=3))
    door.works()
    handed = door.act(act_no).state
    resolve(door.house, door.by, door.shop_id, act_no, door.now, has_happened=True)

    assert handed == "needs_person"
    assert door.act(act_no).state == "carried_out"


def test_it_says_once_more_what_does_no_harm_where_the_platform_tells_nothing(door: Door) -> None:
    order_no = door.orders()[0]
    report = ReportPrint(order_no=order_no, tracking_no="YT7600000000001", carrier_id="85")
    door.platform.mood(name="cutting", cut_after=1.0, cut_before=0.0)
    act_no = transact(door.house.pool, lambda tx: decide(tx, door.house, operator("worker"), door.shop_id, report, door.now, by_itself=True))
    door.works()
    unsure = door.act(act_no).state
    door.platform.mood(name="fair")

    for _ in range(3):
        door.wait(LAG)
        door.works()

    assert (unsure, door.act(act_no).state) == ("unsure", "carried_out")
    assert door.told(ActKind.PRINT_REPORT) == 2


def test_a_report_of_a_print_goes_although_a_refund_was_asked_for_meanwhile(door: Door) -> None:
    order_no = door.orders()[0]
    report = ReportPrint(order_no=order_no, tracking_no="YT7600000000001", carrier_id="85")
    act_no = transact(door.house.pool, lambda tx: decide(tx, door.house, operator("worker"), door.shop_id, report, door.now, by_itself=True))
    door.asks(order_no)

    door.works()

    assert door.act(act_no).state == "carried_out"


def test_it_sends_nothing_before_the_facts_could_be_read(door: Door) -> None:
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)
    door.platform.mood(name="failing", server_error=1.0)

    door.works()
    put_off = door.act(act_no)
    door.platform.mood(name="fair")
    door.wait(MINUTE)
    door.works()

    assert put_off.state == "announced"
    assert put_off.look_at is not None
    assert put_off.attempts == 0
    assert door.act(act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_waits_longer_each_time_the_platform_does_not_take_it(door: Door) -> None:
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)

    waits = []
    for _ in range(5):
        watch = door.watch()
        act = transact(door.house.pool, lambda tx, watch=watch: claimed(tx, door.shop_id, watch, "w/1"))  # type: ignore[misc]  # bound now
        assert act is not None
        ready = prepared(door.house, act, watch)
        assert ready is not None
        through = transact(door.house.pool, lambda tx, act=act, ready=ready, watch=watch: let_through(tx, door.house, act, ready[1], watch))  # type: ignore[misc]  # bound now
        assert through is not None
        sending._failed(door.house, through, ready[0], refusal("pdd.refund.agree", 52103, "busy", "", "", "1", is_act=True), watch)
        look_at = door.act(act_no).look_at
        assert look_at is not None
        waits.append(round((look_at - watch.wall).total_seconds()))
        door.wait(look_at - watch.wall)

    assert waits == [5, 10, 20, 40, 80]


def test_one_act_over_which_the_program_stumbles_keeps_no_other_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, good = noted(door)
    held = sending.let_through

    def stumbling(tx: Tx, house: House, act: StoredAct, request: Request, watch: Watch) -> StoredAct | None:
        if act.act_no == broken:
            raise ZeroDivisionError
        return held(tx, house, act, request, watch)

    with monkeypatch.context() as patched:
        patched.setattr("zhanggui.actions.outbox.sending.let_through", stumbling)
        door.works()
    stumbled = door.act(broken)
    door.wait(MINUTE)
    door.works()

    assert (stumbled.at, stumbled.reason, stumbled.tries) == (ActState.ANNOUNCED, STUMBLED, 1)
    assert [door.act(no).at for no in (broken, good)] == [ActState.CARRIED_OUT] * 2


def test_one_act_over_which_asking_stumbles_keeps_no_other_waiting(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = noted(door)
    for _ in acts:
        next_in_mood(door, "cut_after")
    door.wait(LAG)

    def stumbling(tx: Tx, act: StoredAct) -> Happened:
        if act.act_no == acts[0]:
            raise ZeroDivisionError
        return shown(tx, act)

    with monkeypatch.context() as patched:
        patched.setattr("zhanggui.actions.outbox.asking.shown", stumbling)
        door.works()
    stumbled = [door.act(no).at for no in acts]
    door.wait(timedelta(minutes=11))
    door.works()

    assert stumbled == [ActState.UNSURE, ActState.CARRIED_OUT]
    assert door.act(acts[0]).at is ActState.CARRIED_OUT


@pytest.mark.parametrize("code", [20005, 20031, 70034])
def test_what_was_refused_for_no_fault_of_its_own_goes_once_that_is_mended(door: Door, code: int) -> None:
    _, case_no = door.refund_asked()
    act_no = door.sends(case_no)
    act, watch = transact(door.house.pool, lambda tx: claimed(tx, door.shop_id, door.watch(), "w/1")), door.watch()
    assert act is not None
    ready = prepared(door.house, act, watch)
    assert ready is not None
    through = transact(door.house.pool, lambda tx: let_through(tx, door.house, act, ready[1], watch))
    assert through is not None
    sending._failed(door.house, through, ready[0], refusal("pdd.refund.agree", code, "not now", "", "", "1", is_act=True), watch)
    refused = door.act(act_no)

    door.wait(timedelta(minutes=2))
    door.works()

    assert (refused.at, refused.attempts) == (ActState.ANNOUNCED, 1)
    assert door.act(act_no).at is ActState.CARRIED_OUT
    assert door.happened(REFUND, after_sales_id=case_no) == 1


def test_it_is_asked_after_though_it_was_sent_by_a_clock_that_was_a_month_ahead(door: Door) -> None:
    month = timedelta(days=30)
    door.wait(month)
    act_no, case_no = sent_in_mood(door, "cut_before")
    door.wait(-month)
    stuck = door.works()

    mend_moments(door.house, door.wall)
    door.works()
    asked_early = door.act(act_no).state
    door.wait(timedelta(hours=1, minutes=1))
    door.works()
    door.works()

    assert (stuck, asked_early) == (0, "unsure")
    assert door.act(act_no).state == "carried_out"
    assert door.happened(REFUND, after_sales_id=case_no) == 1
