"""How old the data of a connected shop are: as old as the last reading that left no hole, also for what did not change since."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import HOUR, Caller, quiet, running
from zhanggui.actions.connections import disconnect
from zhanggui.actions.data_ages import data_ages
from zhanggui.actions.house import House
from zhanggui.actions.today import settle, todo_item
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import FactKind
from zhanggui.core.verdicts import Act

ORDERS = Subject(SubjectKind.SOURCE, FactKind.ORDER.value)


@pytest.fixture
def platform() -> Iterator[Caller]:
    with running(quiet()) as caller:
        yield caller


@pytest.fixture
def seat(house: House, people: Cast, platform: Caller) -> Seat:
    made = Seat(house, people.lin, people.shop_id, platform)
    made.goes_back(orders=0.02, refunds=0.02, recheck=0.02)
    return made


def test_an_order_that_did_not_change_is_as_fresh_as_the_last_reading(seat: Seat, house: House, people: Cast, platform: Caller) -> None:
    order_no = platform.new_orders(1)[0]
    seat.settle()
    ship = Subject(SubjectKind.ORDER, order_no)

    platform.step(7 * HOUR)
    unread = todo_item(house, people.lin, people.shop_id, ship, DeadlineKind.SHIP_BY, seat.now)
    stale = data_ages(house, people.lin, seat.now)
    seat.sync()
    read = todo_item(house, people.lin, people.shop_id, ship, DeadlineKind.SHIP_BY, seat.now)
    fresh = data_ages(house, people.lin, seat.now)

    assert unread is not None
    assert read is not None
    assert (unread.data_is_stale, read.data_is_stale) == (True, False)
    assert seat.now - read.data_as_of <= timedelta(minutes=15)
    assert {age.kind for age in stale.stale} >= {FactKind.ORDER}
    assert fresh.stale == ()
    assert all(age.is_read for age in fresh.ages if age.kind in (FactKind.ORDER, FactKind.AFTERSALE))
    assert data_ages(house, people.zheng, seat.now).ages == ()


def test_nobody_is_told_to_export_what_is_read_from_the_platform(seat: Seat, house: House, people: Cast, platform: Caller) -> None:
    platform.new_orders(1)
    seat.settle()
    platform.step(7 * HOUR)
    settle(house, [people.shop_id], seat.now)

    connected = todo_item(house, people.lin, people.shop_id, ORDERS, DeadlineKind.FRESHEN_DATA, seat.now)
    disconnect(house, people.lin, people.shop_id, seat.now)
    disconnected = todo_item(house, people.lin, people.shop_id, ORDERS, DeadlineKind.FRESHEN_DATA, seat.now)

    assert connected is not None
    assert disconnected is not None
    assert (connected.verdict.act, disconnected.verdict.act) == (Act.LOOK, Act.EXPORT_AGAIN)
