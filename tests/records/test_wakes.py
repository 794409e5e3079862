"""A wake is heard once what it tells of is committed, and never before; whoever listens anew is told to look at everything."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.actions.files import ONE, TWO, orders_csv, row
from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.marks import mark_done
from zhanggui.actions.shops import set_promised_hours
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people import members, sign_ins
from zhanggui.people.permissions import Role
from zhanggui.records import wakes
from zhanggui.records.db import Pool
from zhanggui.records.wakes import Wake

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Listener:
    """What was heard, in order."""

    wakes: queue.Queue[Wake] = field(default_factory=queue.Queue)
    began: queue.Queue[None] = field(default_factory=queue.Queue)

    def next(self) -> Wake:
        """The next wake, waited for a moment."""
        return self.wakes.get(timeout=5)

    def hears_nothing(self) -> bool:
        """Whether it stays quiet for a while."""
        time.sleep(0.3)
        return self.wakes.empty()


@contextmanager
def listening(conninfo: str) -> Iterator[Listener]:
    """Listens while the block runs."""
    ears, stop = Listener(), threading.Event()
    thread = threading.Thread(target=lambda: wakes.listen(conninfo, stop, ears.wakes.put, began=lambda: ears.began.put(None)))
    thread.start()
    try:
        ears.began.get(timeout=5)
        yield ears
    finally:
        stop.set()
        thread.join(5)
        assert not thread.is_alive()


def test_it_is_heard_after_the_commit_and_not_before(pool: Pool, database: str) -> None:
    with listening(database) as ears:
        with pool.connection() as tx:
            wakes.wake(tx, 7, ["231101-1"])
            quiet = ears.hears_nothing()

        assert quiet
        assert ears.next() == Wake(7, ("231101-1",))


def test_it_is_not_heard_when_the_transaction_is_undone(pool: Pool, database: str) -> None:
    with listening(database) as ears:
        with pool.connection() as tx:
            wakes.wake(tx, 7)
            tx.rollback()

        assert ears.hears_nothing()


def test_it_names_the_shop_alone_when_the_orders_are_too_many_or_too_long(pool: Pool, database: str) -> None:
    with listening(database) as ears, pool.connection() as tx:
        wakes.wake(tx, 7, [f"231101-{n}" for n in range(wakes.MOST_ORDERS + 1)])
        wakes.wake(tx, 8, ["编" * 2000])
        tx.commit()

        assert [ears.next(), ears.next()] == [Wake(7), Wake(8)]


def test_it_listens_again_after_the_server_ended_the_connection(pool: Pool, database: str) -> None:
    with listening(database) as ears:
        with pool.connection() as tx:
            tx.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        ears.began.get(timeout=10)
        with pool.connection() as tx:
            wakes.wake(tx, 7)

        assert ears.next() == Wake(7)


def test_a_word_it_does_not_know_wakes_all_the_same(pool: Pool, database: str) -> None:
    with listening(database) as ears:
        with pool.connection() as tx:
            tx.execute("select pg_notify('zhanggui_wakes', 'something newer')")

        assert ears.next() == Wake()


def test_losing_ones_part_and_signing_out_are_heard(house: House, people: Cast, database: str) -> None:
    with house.pool.connection() as tx:
        assert people.mei.person_id is not None
        token = sign_ins.begin(tx, people.mei.person_id, NOW)

    with listening(database) as ears:
        with house.pool.connection() as tx:
            sign_ins.end(tx, sign_ins.digest_of(token))
        with house.pool.connection() as tx:
            members.admit(tx, people.shop_id, people.mei.person_id, Role.VIEWER, NOW)

        assert [ears.next(), ears.next()] == [Wake(), Wake()]


def test_what_touches_no_deadline_wakes_nobody(house: House, people: Cast, database: str) -> None:
    with listening(database) as ears:
        set_promised_hours(house, people.lin, people.shop_id, "g-1", 24, NOW)

        assert ears.hears_nothing()


def test_an_import_and_a_mark_wake_their_shop_and_name_the_orders(house: House, people: Cast, database: str, tmp_path: Path) -> None:
    file = orders_csv(tmp_path / "orders.csv", [row(ONE), row(TWO)])
    batch = importing.preview(house, people.lin, people.shop_id, [file], NOW, as_of=NOW)

    with listening(database) as ears:
        importing.confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)
        of_import = ears.next()
        _ = ears.next()  # the reminder to export again
        mark_done(house, people.mei, people.shop_id, Subject(SubjectKind.ORDER, ONE), DeadlineKind.SHIP_BY, now=NOW)

        assert of_import == Wake(people.shop_id, (ONE, TWO))
        assert ears.next() == Wake(people.shop_id, (ONE,))
