"""What somebody said to be done is held against the platform, once it was read without a hole for long enough after."""

from datetime import timedelta

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import DAY, quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.marks import mark_done
from zhanggui.actions.syncing.working import step
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import OrderFacts, OrderStage, Place, Sighting


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


def test_a_first_reading_contradicts_nobody_before_it_has_come_to_the_day_of_the_order(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        (no,) = platform.new_orders(1)
        seat = Seat(house, people.lin, people.shop_id, platform)
        facts = OrderFacts(order_no=no, stage=OrderStage.TO_SHIP, group_formed_at=seat.now, ship_by=seat.now + timedelta(days=2))
        with house.pool.connection() as tx:
            row = Sighting(facts, frozenset({"order_no", "stage", "group_formed_at", "ship_by"}), Place("a file"), seat.now)
            store_by_hand(house, tx, people.lin, people.shop_id, [row], seat.now, seat.now, profile="pdd")
        mark_done(house, people.lin, people.shop_id, Subject(SubjectKind.ORDER, no), DeadlineKind.SHIP_BY, now=seat.now)
        platform.step(60)
        platform.ship(no, "YT0000000000001")
        platform.step(DAY + DAY / 2)
        seat.goes_back(orders=0.03, refunds=0.03)

        outcomes = set()
        while step(seat.house, seat.shop_id, seat.now, seat.wall, "worker") is not None:
            with house.pool.connection() as tx:
                outcomes |= {outcome for (outcome,) in tx.execute("select outcome from todo_marks where subject_no = %s", (no,))}

        assert outcomes == {None, "confirmed"}
