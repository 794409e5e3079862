"""The worker: each chore when its time has come, once for all workers, over failures and an absent database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from zhanggui import clock
from zhanggui.actions.chores import claimed
from zhanggui.actions.house import House
from zhanggui.actions.presence import say_alive
from zhanggui.actions.timetable import LANES, TIMETABLE, Chore, Told, by_house_clock, by_wall_clock, sweep_uploads
from zhanggui.core.say import say
from zhanggui.records.db import conninfo_of, open_pool
from zhanggui.worker.loop import Worker

NOW = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
EVERY = timedelta(minutes=1)


def a_chore(name: str, do: Callable[[House, datetime], object], by: Callable[[Callable[[House, datetime], object]], Told] = by_wall_clock) -> Chore:
    """A chore of the minute."""
    return Chore(name, EVERY, by(do), say("A chore"))


class Done:
    """A chore that notes when it was done."""

    def __init__(self) -> None:
        self.at: list[datetime] = []

    def __call__(self, house: House, now: datetime) -> None:
        self.at.append(now)


def test_it_does_a_chore_at_once_and_then_when_its_time_has_come(house: House) -> None:
    done = Done()
    worker = Worker(house, [a_chore("note", done)])

    for seconds in (0, 1, 59, 60, 61, 119, 120):
        worker.tick(NOW + timedelta(seconds=seconds))

    assert [moment - NOW for moment in done.at] == [timedelta(0), EVERY, 2 * EVERY]


def test_it_does_a_chore_once_where_two_workers_run(house: House) -> None:
    done = Done()
    workers = [Worker(house, [a_chore("note", done)]) for _ in range(3)]

    for minutes in range(5):
        with ThreadPoolExecutor(3) as at_once:
            list(at_once.map(Worker.tick, workers, [NOW + minutes * EVERY] * 3))

    assert [moment - NOW for moment in done.at] == [minutes * EVERY for minutes in range(5)]


def test_it_lets_nobody_else_begin_what_one_is_still_at(house: House) -> None:
    with claimed(house, "note", every=EVERY, now=NOW) as first, claimed(house, "note", every=EVERY, now=NOW + 10 * EVERY) as second:
        assert (first, second) == (True, False)

    with claimed(house, "note", every=EVERY, now=NOW + 10 * EVERY) as third:
        assert third is True


def test_it_remembers_over_a_restart_when_a_chore_was_done(house: House) -> None:
    done = Done()
    Worker(house, [a_chore("note", done)]).tick(NOW)

    Worker(house, [a_chore("note", done)]).tick(NOW + timedelta(seconds=30))

    assert len(done.at) == 1


def test_it_is_not_stopped_for_good_by_a_clock_that_was_wrong(house: House) -> None:
    done = Done()
    Worker(house, [a_chore("note", done)]).tick(NOW + timedelta(days=400))

    Worker(house, [a_chore("note", done)]).tick(NOW)

    assert len(done.at) == 2


def test_a_clock_set_back_stops_no_chore(house: House) -> None:
    done = Done()
    worker = Worker(house, [a_chore("note", done)])

    for days in (0, 400, 0, 0):
        worker.tick(NOW + timedelta(days=days))

    assert [moment - NOW for moment in done.at] == [timedelta(0), timedelta(days=400), timedelta(0)]


def test_it_goes_on_with_the_others_when_one_chore_breaks(house: House, caplog: pytest.LogCaptureFixture) -> None:
    done = Done()

    def broken(house: House, now: datetime) -> None:
        raise ValueError(chr(0x5F20) + chr(0x4E09))

    Worker(house, [a_chore("broken", broken), a_chore("note", done)]).tick(NOW)

    assert done.at == [NOW]
    assert "chore broken failed for the 1. time" in caplog.text
    assert "张三" not in caplog.text


def test_it_waits_longer_each_time_the_database_is_away_and_goes_on_when_it_is_back(house: House, caplog: pytest.LogCaptureFixture) -> None:
    done, tried = Done(), []
    away = open_pool("host=127.0.0.1 port=1 dbname=nowhere connect_timeout=1", min_size=0, max_size=1)
    away.timeout = 0.05
    worker = Worker(House(pool=away, home=house.home, rulebook=house.rulebook), [a_chore("note", done)])
    try:
        for seconds in range(40):
            before = len(caplog.records)
            worker.tick(NOW + timedelta(seconds=seconds))
            if len(caplog.records) > before:
                tried.append(seconds)
    finally:
        away.close()

    worker._house = house
    worker.tick(NOW + timedelta(minutes=10))

    assert tried == [0, 2, 6, 14, 30]
    assert len(done.at) == 1


def test_it_goes_on_after_the_database_has_ended_its_connections(house: House, conninfo: str, database: str) -> None:
    done = Done()
    worker = Worker(house, [a_chore("note", done)])
    worker.tick(NOW)

    with psycopg.connect(conninfo, autocommit=True) as other:
        name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
        other.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()", (name,))
    worker.tick(NOW + EVERY)
    worker.tick(NOW + 2 * EVERY)

    assert [moment - NOW for moment in done.at] in ([timedelta(0), EVERY, 2 * EVERY], [timedelta(0), 2 * EVERY])


def test_it_ends_soon_after_it_is_told_to(house: House) -> None:
    stop, done = threading.Event(), Done()
    thread = threading.Thread(target=Worker(house, [a_chore("note", done)]).run, args=(stop,))
    thread.start()

    stop.set()
    thread.join(5)

    assert not thread.is_alive()


def test_it_begins_no_further_chore_once_told_to_stop(house: House) -> None:
    stop, done = threading.Event(), Done()

    def tell_to_stop(house: House, now: datetime) -> None:
        stop.set()

    Worker(house, [a_chore("last", tell_to_stop), a_chore("note", done)]).tick(NOW, stop)

    assert done.at == []


def test_it_tells_the_chores_of_the_shop_the_wound_time_and_the_others_the_real_one(house: House) -> None:
    wound, real = Done(), Done()
    clock.use_home(house.home)
    try:
        clock.wind(house.home, timedelta(days=3))
        before = clock.unwound()
        Worker(house, [a_chore("wound", wound, by_house_clock), a_chore("real", real)]).tick(before)
    finally:
        clock.use_home(None)

    assert real.at == [before]
    assert timedelta(days=3) <= wound.at[0] - before < timedelta(days=3, minutes=1)


def test_it_has_one_name_for_each_chore_and_lane() -> None:
    names = [chore.name for chore in TIMETABLE] + [lane.name for lane in LANES]

    assert len(names) == len(set(names))


def test_it_can_do_its_whole_timetable_on_an_empty_house(house: House, caplog: pytest.LogCaptureFixture) -> None:
    Worker(house).tick(clock.unwound())

    assert caplog.records == []


def test_it_removes_uploads_that_a_crash_left(house: House) -> None:
    old, fresh, other = (_folder(house.home / "spool" / name) for name in ("upload-old", "upload-new", "17"))
    now = clock.unwound()

    sweep_uploads(house, now + timedelta(hours=1))
    assert [old.exists(), fresh.exists(), other.exists()] == [True, True, True]

    sweep_uploads(house, now + timedelta(days=2))
    assert [old.exists(), fresh.exists(), other.exists()] == [False, False, True]


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    (path / "orders.csv").write_text("x", "utf-8")
    return path


def test_it_goes_on_once_a_database_that_took_no_writes_takes_them_again(house: House) -> None:
    done = Done()
    with open_pool(conninfo_of(house.pool), min_size=1, max_size=1) as pool:
        worker = Worker(replace(house, pool=pool), [a_chore("note", done)], lanes=())
        with pool.connection() as tx:
            tx.execute("set session characteristics as transaction read only")
        worker.tick(NOW)
        say_alive(replace(house, pool=pool), worker.name, NOW)
        meanwhile = len(done.at)
        with pool.connection() as tx:
            tx.execute("set session characteristics as transaction read write")
        worker.tick(NOW + EVERY)

    assert (meanwhile, len(done.at)) == (0, 1)


class Stumbles(Worker):
    """A worker in which something goes wrong that nobody foresaw."""

    rounds = 0

    def tick(self, now: datetime, stop: threading.Event | None = None) -> None:
        self.rounds += 1
        if self.rounds == 1 or stop is None:
            raise RuntimeError
        stop.set()


def test_a_round_that_goes_wrong_does_not_end_it(house: House) -> None:
    worker, stop = Stumbles(house, [], lanes=()), threading.Event()

    worker.run(stop)

    assert worker.rounds == 2
