"""Before a connected shop's to-do is called overdue the platform is asked; parcels that show no sign of moving are asked about."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.emulator.caller import YTO, Caller, quiet, running
from tests.worker.desk import at_the_platforms_hour, connect_through, stage_of
from zhanggui import clock
from zhanggui.actions.asking_first import HELD_BACK
from zhanggui.actions.chores import watch_parcels
from zhanggui.actions.connections import disconnect
from zhanggui.actions.house import House
from zhanggui.actions.reading_again import read_hints
from zhanggui.actions.syncing import read_again
from zhanggui.actions.today import settle
from zhanggui.core.deadlines import Band

SECOND = timedelta(seconds=1)


@pytest.fixture
def platform(house: House, people: Cast) -> Iterator[Caller]:
    with running(quiet()) as caller, at_the_platforms_hour(house):
        connect_through(house, people.shop_id, caller)
        yield caller


class Desk:
    """An order of the connected shop that is to be shipped, and what we hold of it."""

    def __init__(self, house: House, people: Cast, platform: Caller) -> None:
        self.house, self.shop_id = house, people.shop_id
        (self.order_no,) = platform.new_orders(1)
        read_again(house, self.shop_id, "order", self.order_no, clock.now(), clock.unwound())
        self.due_at: datetime = self._row("ship_by")[1]

    def look(self, at: datetime) -> None:
        """The worker looks for what is due a look, until nothing is left."""
        settle(self.house, [self.shop_id], at, wall=clock.unwound(), most_batches=20)

    def band(self, kind: str = "ship_by") -> Band | None:
        band = self._row(kind)[0]
        return None if band is None else Band(band)

    def hints(self) -> list[tuple[str, str, str]]:
        with self.house.pool.connection() as tx:
            return tx.execute("select what, no, because from hints order by what, no").fetchall()

    def read(self, at: datetime) -> bool:
        """The worker reads what hints speak of."""
        return read_hints(self.house, self.shop_id, at, clock.unwound() + SECOND, "a worker")

    def _row(self, kind: str) -> tuple[int | None, datetime]:
        with self.house.pool.connection() as tx:
            row = tx.execute("select band, due_at from deadlines where subject_no = %s and kind = %s", (self.order_no, kind)).fetchone()
        assert row is not None
        return row[0], row[1]


def test_a_to_do_that_was_done_meanwhile_is_never_called_overdue(house: House, people: Cast, platform: Caller) -> None:
    desk = Desk(house, people, platform)
    desk.look(desk.due_at - timedelta(minutes=30))
    before = desk.band()
    platform.ship(desk.order_no, "YT7400000000001", YTO)

    desk.look(desk.due_at + SECOND)
    held, asked = desk.band(), desk.hints()
    desk.read(desk.due_at + 2 * SECOND)
    desk.look(desk.due_at + HELD_BACK + timedelta(minutes=1))

    assert (before, held, desk.band()) == (Band.HOUR, Band.HOUR, None)
    assert asked == [("order", desk.order_no, "due")]
    assert stage_of(house, people.shop_id, desk.order_no) == "shipped"


def test_one_that_was_not_done_is_overdue_as_soon_as_the_platform_has_said_so(house: House, people: Cast, platform: Caller) -> None:
    desk = Desk(house, people, platform)
    desk.look(desk.due_at - timedelta(minutes=30))

    desk.look(desk.due_at + SECOND)
    desk.read(desk.due_at + 2 * SECOND)
    desk.look(desk.due_at + 3 * SECOND)

    assert desk.band() == Band.OVERDUE


def test_it_is_overdue_after_a_moment_where_the_platform_does_not_answer(house: House, people: Cast, platform: Caller) -> None:
    desk = Desk(house, people, platform)
    desk.look(desk.due_at - timedelta(minutes=30))

    desk.look(desk.due_at + SECOND)
    soon = desk.band()
    desk.look(desk.due_at + HELD_BACK)
    later = desk.band()
    desk.look(desk.due_at + SECOND + HELD_BACK)

    assert (soon, later, desk.band()) == (Band.HOUR, Band.HOUR, Band.OVERDUE)
    assert len(desk.hints()) == 1


def test_a_shop_without_a_connection_is_not_asked_about(house: House, people: Cast, platform: Caller) -> None:
    desk = Desk(house, people, platform)
    disconnect(house, people.lin, people.shop_id, clock.now())

    desk.look(desk.due_at + SECOND)

    assert desk.band() == Band.OVERDUE
    assert desk.hints() == []


def test_a_parcel_that_shows_no_sign_of_moving_is_asked_about_at_half_of_the_time_left(house: House, people: Cast, platform: Caller) -> None:
    desk = Desk(house, people, platform)
    platform.ship(desk.order_no, "YT7400000000002", YTO)
    read_again(house, people.shop_id, "order", desk.order_no, clock.now(), clock.unwound())
    wall = clock.unwound()
    due_at = desk._row("pickup_by")[1]
    now = due_at - timedelta(hours=6)

    for _ in range(3):
        watch_parcels(house, now, wall)

    with house.pool.connection() as tx:
        hints = tx.execute("select what, no, order_no, because, look_at from hints").fetchall()
    assert desk.band("pickup_by") == Band.UNVERIFIED
    assert hints == [("parcel", "YT7400000000002", desk.order_no, "silence", wall + timedelta(hours=3))]


def test_its_scans_are_read_then(house: House, people: Cast, platform: Caller) -> None:
    desk = Desk(house, people, platform)
    platform.ship(desk.order_no, "YT7400000000003", YTO)
    read_again(house, people.shop_id, "order", desk.order_no, clock.now(), clock.unwound())
    watch_parcels(house, desk._row("pickup_by")[1], clock.unwound() - timedelta(days=1))
    platform.step(20 * 3600)

    desk.read(clock.now() + timedelta(hours=20))

    assert desk.band("pickup_by") is None
    assert desk.hints() == []
