"""Whoever dies in the middle of a window loses nothing, and two who work at one shop do nothing by halves."""

import gc
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import Caller, quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.syncing import reading, sync_some
from zhanggui.actions.syncing import working as at_work
from zhanggui.connectors.pdd.aftersales import DETAIL, LISTED
from zhanggui.people.permissions import ShopId

SMALL = {"history": 300, "history_days": 1, "warm_days": 1}


def seated(house: House, people: Cast, platform: Caller) -> Seat:
    seat = Seat(house, people.lin, people.shop_id, platform)
    seat.goes_back(orders=0.4, refunds=0.06)
    return seat


class Struck(Exception):
    """Where the process would have died."""


@pytest.mark.parametrize("place", ["platform_now", "finish", "_store"])
def test_a_window_cut_off_anywhere_is_read_again_by_another(place: str, house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(quiet(size=SMALL)) as platform:
        seat = seated(house, people, platform)
        sync_some(seat.house, seat.shop_id, seat.now, seat.wall, "first")
        strike = getattr(at_work, place)

        def struck(*told: object) -> object:
            strike(*told)
            raise Struck

        with monkeypatch.context() as patch:
            patch.setattr(at_work, place, struck)
            with pytest.raises(Struck):
                sync_some(seat.house, seat.shop_id, seat.now, seat.wall, "first")
        nobody_else = sync_some_of(seat, "second")
        seat.worked_until = seat.wall + at_work.LEASE
        seat.work()

        assert nobody_else == []
        assert seat.our_orders() == seat.their_orders()
        assert seat.our_cases() == seat.their_cases()
        assert open_windows(seat) == []


def test_who_was_too_slow_finds_the_window_taken_and_stores_nothing(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(quiet(size=SMALL)) as platform:
        seat = seated(house, people, platform)
        sync_some(seat.house, seat.shop_id, seat.now, seat.wall, "slow")
        store = at_work._store

        def overtaken(*told: object) -> object:
            monkeypatch.setattr(at_work, "_store", store)
            for _planned_then_read in range(2):
                assert sync_some(seat.house, seat.shop_id, seat.now, seat.wall + at_work.LEASE * 2, "quick")
            return store(*told)  # type: ignore[arg-type]  # handed on as it came

        monkeypatch.setattr(at_work, "_store", overtaken)
        step = at_work.step(seat.house, seat.shop_id, seat.now, seat.wall, "slow")

        assert step is not None
        assert step.sort == "lost"


def test_what_was_read_of_a_window_that_was_taken_need_not_be_read_again(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(quiet(size=SMALL)) as platform:
        seat = seated(house, people, platform)
        for order_no in platform.new_orders(3):
            platform.do("buyer.asks", order_sn=order_no, kind=1)
        platform.step(240)
        store = at_work._store

        def snatched(*told: object) -> object:
            if told[2].source == "refunds":  # type: ignore[attr-defined]  # the window
                monkeypatch.setattr(at_work, "_store", store)
                with house.pool.connection() as tx:
                    tx.execute("update sync_windows set holder = 'quick' where state = 'running'")
            return store(*told)  # type: ignore[arg-type]  # handed on as it came

        monkeypatch.setattr(at_work, "_store", snatched)
        until(seat, "lost")
        before = len(platform.ledger(method=LISTED)), len(platform.ledger(method=DETAIL))
        let_leases_run_out(seat)
        step = until(seat, "read", "refunds")

        assert step.things > 0
        assert (len(platform.ledger(method=LISTED)), len(platform.ledger(method=DETAIL))) == before


def test_a_reading_that_lasts_is_given_back_half_read_and_goes_on_from_there(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", timedelta(0))
    with running(quiet(size=SMALL)) as platform:
        seat = seated(house, people, platform)
        for order_no in platform.new_orders(3):
            platform.do("buyer.asks", order_sn=order_no, kind=1)
        platform.step(240)

        waited = until(seat, "waits", "refunds")
        seat.work(20_000)

        asked = [tuple(sorted(entry["keys"].items())) for entry in platform.ledger(method=LISTED)]
        assert waited.trouble is None
        assert seat.our_cases() == seat.their_cases() != {}
        assert len(asked) == len(set(asked))
        assert open_windows(seat) == []


def test_what_is_half_read_goes_with_its_database() -> None:
    class Pool:
        pass

    pool, other, key = Pool(), Pool(), (ShopId(1), 1)
    half_read: Any = at_work._HalfRead
    half_read.keep(pool, key, reading.Partly(datetime(2026, 3, 2, tzinfo=UTC)))
    of_another = half_read.take(other, key)
    del pool
    gc.collect()

    assert of_another is None
    assert all(not isinstance(held, Pool) for held in half_read.held)


def test_two_workers_at_one_shop_read_each_window_once(house: House, people: Cast) -> None:
    with running(quiet(size=SMALL)) as platform:
        seat = seated(house, people, platform)
        now, wall = seat.now, seat.wall
        workers = [threading.Thread(target=work_off, args=(seat.house, seat.shop_id, now, wall, name)) for name in ("one", "other")]

        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        asked = [entry["keys"] for entry in platform.ledger(method="pdd.order.number.list.increment.get")]
        assert seat.our_orders() == seat.their_orders()
        assert open_windows(seat) == []
        assert len(asked) == 20


def test_nothing_is_lost_when_processes_are_killed_again_and_again(house: House, people: Cast) -> None:
    with running(quiet(size={**SMALL, "history": 1500})) as platform:
        seat = seated(house, people, platform)
        conninfo = house.pool.conninfo
        assert isinstance(conninfo, str)
        killed = 0
        for number in range(6):
            program = [sys.executable, "-m", "tests.actions.syncing.child", conninfo, str(house.home), str(seat.shop_id), seat.now.isoformat()]
            child = subprocess.Popen(program, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True)
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.1 + 0.1 * number)
            killed += child.poll() is None
            child.kill()
            child.wait()
            child.stdout.close()
            let_leases_run_out(seat)

        seat.work()

        assert killed >= 3
        assert seat.our_orders() == seat.their_orders()
        assert seat.our_cases() == seat.their_cases()
        assert open_windows(seat) == []


def until(seat: Seat, sort: str, source: str = "") -> at_work.Step:
    """Works until a step is of this sort, in a window of this source."""
    for _ in range(500):
        step = at_work.step(seat.house, seat.shop_id, seat.now, seat.wall, "slow")
        if step is not None and step.sort == sort and source in ("", step.source):
            return step
    raise AssertionError(f"no step was {sort}")


def work_off(house: House, shop_id: ShopId, now: object, wall: object, holder: str) -> None:
    while sync_some(house, shop_id, now, wall, holder):  # type: ignore[arg-type]  # moments, handed through a thread
        pass


def sync_some_of(seat: Seat, holder: str) -> list[str]:
    """The windows that another holder could take from whoever holds them still: none."""
    with seat.house.pool.connection() as tx:
        rows = tx.execute("select window_id from sync_windows where state = 'running' and look_at <= %s", (seat.wall,)).fetchall()
    return [f"{holder}: {window_id}" for (window_id,) in rows]


def open_windows(seat: Seat) -> list[tuple[str, str]]:
    with seat.house.pool.connection() as tx:
        return tx.execute("select source, state from sync_windows where shop_id = %s and state <> 'done'", (seat.shop_id,)).fetchall()


def let_leases_run_out(seat: Seat) -> None:
    """As if minutes had passed."""
    with seat.house.pool.connection() as tx:
        tx.execute("update sync_windows set look_at = look_at - %s where state = 'running'", (timedelta(minutes=6),))
        tx.execute("update sync_sources set look_at = least(look_at, plan_at), plan_at = plan_at - %s", (timedelta(minutes=6),))
