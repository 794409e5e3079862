"""A wall clock that was far ahead and is set right again must not keep a shop from being read until the wrong moment has come."""

from datetime import UTC, datetime, timedelta

from tests.cast import Cast
from zhanggui.actions.chores import mend_moments
from zhanggui.actions.house import House
from zhanggui.actions.syncing import begin_sync, pause_sync, shops_to_sync
from zhanggui.actions.syncing.planning import plan_due
from zhanggui.records import sync_sources, sync_windows

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
WRONG = NOW + timedelta(days=30)
MINUTE = timedelta(minutes=1)


def read_by_a_wrong_clock(house: House, people: Cast) -> None:
    """As a worker leaves the ledger that planned, claimed one window, failed in another, and let a source rest, a month ahead."""
    with house.pool.connection() as tx:
        begin_sync(tx, people.shop_id, WRONG, WRONG)
        plan_due(tx, people.shop_id, NOW, WRONG)
        sync_windows.claim(tx, people.shop_id, "dead", WRONG, WRONG + 5 * MINUTE)
        window = sync_windows.claim(tx, people.shop_id, "failing", WRONG, WRONG + 5 * MINUTE)
        assert window is not None
        sync_windows.fail(tx, people.shop_id, window.window_id, "failing", "{}", WRONG + 10 * MINUTE)
        sync_sources.rest(tx, people.shop_id, ["refunds"], WRONG + 5 * MINUTE)
        sync_sources.look_next(tx, people.shop_id, ["orders", "refunds", "recheck"])


def test_it_reads_on_once_the_clock_is_right_again(house: House, people: Cast) -> None:
    read_by_a_wrong_clock(house, people)
    before = shops_to_sync(house, NOW + MINUTE)

    mend_moments(house, NOW)

    with house.pool.connection() as tx:
        claimed = 0
        while sync_windows.claim(tx, people.shop_id, "alive", NOW, NOW + 5 * MINUTE) is not None:
            claimed += 1
        left = len([1 for source in ("orders", "refunds", "recheck") for _ in sync_windows.pending(tx, people.shop_id, source)])
        assert sync_sources.must_plan(tx, people.shop_id, NOW)
    assert before == []
    assert shops_to_sync(house, NOW) == [people.shop_id]
    assert claimed == left


def test_a_source_that_was_paused_stays_so(house: House, people: Cast) -> None:
    read_by_a_wrong_clock(house, people)
    with house.pool.connection() as tx:
        pause_sync(tx, people.shop_id)

    mend_moments(house, NOW)

    assert shops_to_sync(house, NOW + timedelta(days=60)) == []


def test_what_waits_as_long_as_it_should_is_left_alone(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        begin_sync(tx, people.shop_id, NOW, NOW)
        plan_due(tx, people.shop_id, NOW, NOW)
        statement = "select source, plan_at, look_at from sync_sources where shop_id = %s order by source"
        before = tx.execute(statement, (people.shop_id,)).fetchall()

    mend_moments(house, NOW)

    with house.pool.connection() as tx:
        assert tx.execute(statement, (people.shop_id,)).fetchall() == before
