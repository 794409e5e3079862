"""What is planned, and when: the first time, after a while, on the next day, and after so long that the platform has forgotten."""

from datetime import UTC, datetime, timedelta

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.syncing import begin_sync
from zhanggui.actions.syncing.planning import HEADROOM, plan_due, run_begins
from zhanggui.connectors.pdd.windows import sources
from zhanggui.core.coverage import Span, holes
from zhanggui.records import sync_sources, sync_windows

WALL = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MARGIN = timedelta(minutes=3)


def planned(house: House, people: Cast, source: str) -> list[tuple[datetime, datetime, int]]:
    statement = "select starts_at, ends_at, rank from sync_windows where shop_id = %s and source = %s and state = 'planned' order by rank, ends_at desc"
    with house.pool.connection() as tx:
        return tx.execute(statement, (people.shop_id, source)).fetchall()


def plan_at(house: House, people: Cast, moment: datetime) -> None:
    with house.pool.connection() as tx:
        begin_sync(tx, people.shop_id, moment, moment)
        plan_due(tx, people.shop_id, moment, moment)


def read_all(house: House, people: Cast, moment: datetime, things: int = 0) -> None:
    """As if every window had been read whole at that moment, and so many things had been in each."""
    with house.pool.connection() as tx:
        statement = """
            update sync_windows set state = 'done', look_at = null, read_at = %s, settled_to = greatest(starts_at, least(ends_at, %s)), things = %s
            where shop_id = %s and state = 'planned'
        """
        tx.execute(statement, (moment, moment - timedelta(minutes=10), things, people.shop_id))


def test_the_first_time_the_past_is_planned_by_days_and_the_last_hour_by_what_changed(house: House, people: Cast) -> None:
    plan_at(house, people, WALL)

    orders, days = planned(house, people, "orders"), planned(house, people, "recheck")
    assert [(begins, ends) for begins, ends, _ in orders] == [
        (WALL - timedelta(minutes=31, seconds=30), WALL - MARGIN),
        (WALL - timedelta(hours=1), WALL - timedelta(minutes=31, seconds=30)),
    ]
    assert holes(Span(WALL - timedelta(days=89), WALL - MARGIN), [Span(begins, ends) for begins, ends, _ in days]) == ()
    assert (len(days), days[0][1], days[0][2], {rank for _, _, rank in days[1:]}) == (89, WALL - MARGIN, 0, {1})
    assert len(planned(house, people, "refunds")) == 2


def test_a_minute_later_only_the_newest_minutes_are_planned(house: House, people: Cast) -> None:
    plan_at(house, people, WALL)
    read_all(house, people, WALL)

    plan_at(house, people, WALL + timedelta(minutes=1))

    assert planned(house, people, "orders") == [(WALL - timedelta(minutes=10), WALL - timedelta(minutes=2), 0)]
    assert planned(house, people, "recheck") == []


def test_the_recheck_begins_anew_every_day_at_half_past_three_in_shanghai(house: House, people: Cast) -> None:
    plan_at(house, people, WALL)
    read_all(house, people, WALL)
    due = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)

    plan_at(house, people, due - timedelta(minutes=1))
    before = planned(house, people, "recheck")
    plan_at(house, people, due + timedelta(minutes=1))

    after = planned(house, people, "recheck")
    assert before == []
    assert len(after) == 89
    assert run_begins(sources()["recheck"], due) == due


def test_after_a_week_away_the_gap_and_nothing_else_is_planned(house: House, people: Cast) -> None:
    plan_at(house, people, WALL)
    read_all(house, people, WALL)

    back = WALL + timedelta(days=7)
    plan_at(house, people, back)

    orders = sorted(planned(house, people, "orders"))
    assert (orders[0][0], orders[-1][1]) == (WALL - timedelta(minutes=10), back - MARGIN)
    assert len(orders) == 337


def test_what_the_platform_has_forgotten_is_given_up_and_the_rest_is_read(house: House, people: Cast) -> None:
    plan_at(house, people, WALL)
    read_all(house, people, WALL)
    plan_at(house, people, WALL + timedelta(days=1))
    back = WALL + timedelta(days=200)

    plan_at(house, people, back)

    orders = sorted(planned(house, people, "orders"))
    # the first is read last, and must not have grown too old by then
    assert (orders[0][0], orders[-1][1]) == (back - timedelta(days=90) + HEADROOM, back - MARGIN)


def test_away_until_just_before_what_can_be_read_the_stretch_begins_anew(house: House, people: Cast) -> None:
    plan_at(house, people, WALL)
    read_all(house, people, WALL)
    with house.pool.connection() as tx:
        slots = (WALL - timedelta(minutes=10), WALL - timedelta(hours=1), people.shop_id)
        tx.execute("update sync_sources set horizon = %s, floor = %s where shop_id = %s and source = 'orders'", slots)

    plan_at(house, people, WALL + timedelta(days=90) - HEADROOM / 2)

    with house.pool.connection() as tx:
        (source,) = (one for one in sync_sources.of_shop(tx, people.shop_id) if one.source == "orders")
    assert source.floor is None


def test_planning_twice_plans_nothing_twice(house: House, people: Cast) -> None:
    plan_at(house, people, WALL)
    once = planned(house, people, "orders")

    plan_at(house, people, WALL)

    assert planned(house, people, "orders") == once
    with house.pool.connection() as tx:
        assert len(sync_windows.pending(tx, people.shop_id, "orders")) == len(once)


def test_what_changes_in_a_busy_shop_is_read_twice_and_not_every_minute_until_it_is_settled(house: House, people: Cast) -> None:
    plan_at(house, people, WALL)
    read_all(house, people, WALL, things=500)
    often: dict[datetime, int] = {}

    for minute in range(1, 31):
        moment = WALL + timedelta(minutes=minute)
        plan_at(house, people, moment)
        for begins, ends, _ in planned(house, people, "orders"):
            for second in range(0, int((ends - begins).total_seconds()), 60):
                at = begins + timedelta(seconds=second)
                often[at] = often.get(at, 0) + 1
        read_all(house, people, moment, things=500)

    sure = [often[WALL + timedelta(minutes=minute)] for minute in range(15)]
    assert set(sure) == {2}
    assert holes(Span(WALL, WALL + timedelta(minutes=18)), settled(house, people)) == ()
    assert holes(Span(WALL, WALL + timedelta(minutes=27)), seen(house, people)) == ()


def settled(house: House, people: Cast) -> list[Span]:
    with house.pool.connection() as tx:
        return [Span(one.starts_at, one.settled_to) for one in sync_windows.read(tx, people.shop_id, "orders") if one.settled_to > one.starts_at]


def seen(house: House, people: Cast) -> list[Span]:
    with house.pool.connection() as tx:
        return [Span(one.starts_at, one.ends_at) for one in sync_windows.read(tx, people.shop_id, "orders")]
