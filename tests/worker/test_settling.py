"""Time passes, nobody looks: the worker moves to-dos into the band they now belong to."""

from datetime import timedelta
from pathlib import Path

from tests.cast import Cast
from tests.site.planted import plant
from zhanggui import clock
from zhanggui.actions.due import settle_due, shops_due
from zhanggui.actions.house import House
from zhanggui.core.deadlines import Band
from zhanggui.people.permissions import ShopId


def test_it_moves_a_todo_to_the_last_hour_when_the_clock_says_so(house: House, people: Cast, tmp_path: Path) -> None:
    planted = plant(house, people, tmp_path, ours=True)
    clock.use_home(house.home)
    try:
        before = _band(house, planted.order_no)
        clock.wind(house.home, timedelta(hours=19, minutes=30))
        look(house, planted.shop_id)
        within_the_hour = _band(house, planted.order_no)
        clock.wind(house.home, timedelta(hours=1))
        look(house, planted.shop_id)
        overdue = _band(house, planted.order_no)
    finally:
        clock.use_home(None)

    assert before in {Band.TODAY, Band.LATER}
    assert (within_the_hour, overdue) == (Band.HOUR, Band.OVERDUE)


def look(house: House, shop_id: ShopId) -> None:
    """One look of the worker's lane."""
    if shop_id in shops_due(house, clock.now(), clock.unwound()):
        settle_due(house, shop_id, clock.now(), clock.unwound(), "a worker")


def _band(house: House, order_no: str) -> Band:
    with house.pool.connection() as tx:
        row = tx.execute("select band from deadlines where subject_no = %s and kind = 'ship_by'", (order_no,)).fetchone()
    assert row is not None
    return Band(row[0])
