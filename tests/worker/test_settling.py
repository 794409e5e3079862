"""Time passes, nobody looks: the worker moves to-dos into the band they now belong to."""

from datetime import timedelta
from pathlib import Path

from tests.cast import Cast
from tests.site.planted import plant
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.core.deadlines import Band
from zhanggui.worker.loop import Worker


def test_it_moves_a_todo_to_the_last_hour_when_the_clock_says_so(house: House, people: Cast, tmp_path: Path) -> None:
    planted = plant(house, people, tmp_path, ours=True)
    clock.use_home(house.home)
    try:
        before = _band(house, planted.order_no)
        clock.wind(house.home, timedelta(hours=19, minutes=30))
        Worker(house).tick(clock.unwound())
        within_the_hour = _band(house, planted.order_no)
        clock.wind(house.home, timedelta(hours=1))
        Worker(house).tick(clock.unwound() + timedelta(minutes=1))
        overdue = _band(house, planted.order_no)
    finally:
        clock.use_home(None)

    assert before in {Band.TODAY, Band.LATER}
    assert (within_the_hour, overdue) == (Band.HOUR, Band.OVERDUE)


def _band(house: House, order_no: str) -> Band:
    with house.pool.connection() as tx:
        row = tx.execute("select band from deadlines where subject_no = %s and kind = 'ship_by'", (order_no,)).fetchone()
    assert row is not None
    return Band(row[0])
