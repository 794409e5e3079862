"""What somebody said to be done is held against the platform, once it was read without a hole for long enough after."""

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.marks import mark_done
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind


def standing(house: House, no: str) -> tuple[int | None, str | None]:
    with house.pool.connection() as tx:
        band = tx.execute("select band from deadlines where subject_no = %s and kind = 'ship_by'", (no,)).fetchone()
        outcome = tx.execute("select outcome from todo_marks where subject_no = %s", (no,)).fetchone()
    assert band is not None
    assert outcome is not None
    return band[0], outcome[0]


def test_a_platform_that_shows_it_open_contradicts_and_one_that_shows_it_done_confirms(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.1, refunds=0.03)
        not_done, done = platform.new_orders(2)
        platform.step(1200)
        seat.work()
        for no in (not_done, done):
            mark_done(house, people.lin, people.shop_id, Subject(SubjectKind.ORDER, no), DeadlineKind.SHIP_BY, now=seat.now)
        platform.step(900)
        seat.planned_soon()
        seat.work()
        too_early = standing(house, not_done)

        platform.ship(done, "YT0000000000001")
        platform.step(3600)
        seat.planned_soon()
        seat.work()

        assert too_early == (Band.SAID_DONE, None)
        assert standing(house, not_done)[1] == "contradicted"
        assert standing(house, not_done)[0] != Band.SAID_DONE
