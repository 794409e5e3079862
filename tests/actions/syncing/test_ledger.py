"""The ledger: what is planned, split, rested, healed and told of; and single things read again."""

from datetime import timedelta

import pytest

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import Caller, quiet, running
from zhanggui.actions.connections import disconnect
from zhanggui.actions.house import House
from zhanggui.actions.platform import NotConnected
from zhanggui.actions.syncing import begin_sync, pause_sync, read_again, shops_to_sync, sync_state
from zhanggui.actions.syncing.working import step
from zhanggui.core.facts import AftersaleState, OrderStage
from zhanggui.people.permissions import NotAllowed

DAY = 86400


def seated(house: House, people: Cast, platform: Caller, **days: float) -> Seat:
    seat = Seat(house, people.lin, people.shop_id, platform)
    seat.goes_back(**({"orders": 0.3, "refunds": 0.03} | days))
    return seat


def test_every_moment_is_covered_up_to_where_the_read_side_may_lag(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)

        seat.work()

        states = {state.source: state for state in sync_state(house, people.lin, people.shop_id, seat.now).sources}
        orders = states["orders"]
        assert orders.floor == orders.goal
        assert orders.horizon is not None
        assert orders.seen_to is not None
        assert seat.now - timedelta(minutes=10, seconds=1) <= orders.horizon <= seat.now - timedelta(minutes=10)
        assert seat.now - timedelta(minutes=3, seconds=1) <= orders.seen_to <= seat.now - timedelta(minutes=3)
        assert (orders.holes, orders.planned, orders.running, orders.failed, orders.trouble) == ((), 0, 0, 0, None)
        assert orders.windows_done == 15


def test_a_busy_window_is_split_and_read_in_parts(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)
        for _ in range(5):
            platform.new_orders(450)
            platform.step(60)
        platform.step(1200)

        seat.work()

        calls = platform.ledger(method="pdd.order.number.list.increment.get")
        assert len(seat.our_orders()) == 2250
        assert seat.our_orders() == seat.their_orders()
        assert len({(entry["keys"]["start_updated_at"], entry["keys"]["end_updated_at"]) for entry in calls}) > 15


def test_orders_that_change_while_we_page_are_all_there_in_the_end(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)
        numbers = platform.new_orders(700)
        platform.step(1500)
        call = seat.house.line.call

        def disturbed(*told: object, **named: object) -> object:
            platform.do("buyer.chases", order_sn=numbers.pop())
            platform.new_orders(1)
            platform.step(2)
            return call(*told, **named)  # type: ignore[arg-type]  # handed on as it came

        seat.house.line.call = disturbed  # type: ignore[method-assign,assignment]  # the world goes on between two calls
        seat.work()
        del seat.house.line.call
        platform.step(1500)
        seat.planned_soon()
        seat.work()

        assert seat.our_orders() == seat.their_orders()


def test_a_pushed_order_that_lags_behind_is_there_after_some_minutes(house: House, people: Cast) -> None:
    with running(quiet(reading={"lag_seconds": 400})) as platform:
        seat = seated(house, people, platform)
        seat.work()
        number = platform.new_orders(1)[0]
        platform.step(240)
        seat.planned_soon()
        seat.work()

        assert number not in seat.our_orders()
        platform.step(600)
        seat.planned_soon()
        seat.work()
        assert seat.our_orders()[number].stage is OrderStage.TO_SHIP


def test_the_daily_recheck_heals_what_was_lost_and_counts_it(house: House, people: Cast) -> None:
    with running(quiet(size={"history": 60, "history_days": 1, "warm_days": 0})) as platform:
        seat = seated(house, people, platform, orders=2)
        seat.work()
        lost = sorted(seat.our_orders())[:3]
        with house.pool.connection() as tx:
            tx.execute("delete from sightings where key = any(%s)", (lost,))
            tx.execute("delete from orders where order_no = any(%s)", (lost,))
            tx.execute("delete from deadlines where subject_no = any(%s)", (lost,))

        platform.step(DAY)
        seat.planned_soon()
        seat.rechecked_soon()
        seat.work()

        assert seat.our_orders() == seat.their_orders()
        recheck = next(state for state in sync_state(house, people.lin, people.shop_id, seat.now).sources if state.source == "recheck")
        assert recheck.healed == 3


def test_one_order_is_read_again_at_once(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)
        number = platform.new_orders(1)[0]

        found = read_again(seat.house, seat.shop_id, "order", number, seat.now, seat.wall)

        assert found
        assert seat.our_orders() == seat.their_orders()
        assert not read_again(seat.house, seat.shop_id, "order", "260101-000000000000000", seat.now, seat.wall)


def test_a_case_is_read_with_its_order(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)
        number = platform.new_orders(1)[0]
        platform.ship(number, "YT0000000000001")
        platform.do("parcel.arrives", order_sn=number)
        case_no = str(platform.do("buyer.asks", order_sn=number, kind=2)["after_sales_id"])

        found = [
            read_again(seat.house, seat.shop_id, "case", case_no, seat.now, seat.wall),
            read_again(seat.house, seat.shop_id, "case", case_no, seat.now, seat.wall, order_no=number),
            read_again(seat.house, seat.shop_id, "case", case_no, seat.now, seat.wall),
            read_again(seat.house, seat.shop_id, "case", f"{number}/{case_no}", seat.now, seat.wall),
        ]

        assert found == [False, True, True, True]
        assert seat.our_cases()[case_no].state is AftersaleState.SELLER_TO_ANSWER
        assert seat.our_cases()[case_no].expire_at is not None
        assert seat.our_orders() == seat.their_orders()


def test_the_scans_of_a_parcel_are_read_by_its_number(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)
        number = platform.new_orders(1)[0]
        platform.ship(number, "YT0000000000001")
        platform.step(2 * DAY)
        read_again(seat.house, seat.shop_id, "order", number, seat.now, seat.wall)

        found = read_again(seat.house, seat.shop_id, "parcel", "YT0000000000001", seat.now, seat.wall)

        scans = next(line for line in platform.state("parcels") if line["order_sn"] == number)["scans"]
        with house.pool.connection() as tx:
            stored = tx.execute("select count(*) from scans where tracking_no = 'YT0000000000001'").fetchone()
        assert found
        assert len(scans) > 1
        assert stored == (len(scans),)


def test_a_token_that_does_not_hold_lets_the_whole_shop_rest_and_says_why(house: House, people: Cast) -> None:
    with running(quiet(gate={"token_seconds": 1})) as platform:
        seat = seated(house, people, platform)
        platform.do("token.expires")
        platform.mood(token_expires=1.0)

        done = step(seat.house, seat.shop_id, seat.now, seat.wall, "worker")
        second = step(seat.house, seat.shop_id, seat.now, seat.wall, "worker")

        assert done is not None
        assert second is not None
        assert second.sort == "failed"
        assert shops_to_sync(seat.house, seat.wall) == []
        assert shops_to_sync(seat.house, seat.wall + timedelta(minutes=6)) == [seat.shop_id]
        assert sync_state(house, people.lin, people.shop_id, seat.now).sources[0].trouble is not None


def test_a_shop_that_is_paused_has_nothing_due(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)

        with house.pool.connection() as tx:
            pause_sync(tx, seat.shop_id)

        assert shops_to_sync(house, seat.wall) == []
        assert step(seat.house, seat.shop_id, seat.now, seat.wall, "worker") is None
        with house.pool.connection() as tx:
            begin_sync(tx, seat.shop_id, seat.now, seat.wall)
        assert shops_to_sync(house, seat.wall) == [seat.shop_id]


def test_a_shop_that_is_not_connected_is_refused(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)
        disconnect(seat.house, people.lin, people.shop_id, seat.now)

        with pytest.raises(NotConnected):
            seat.sync()


def test_outsiders_learn_nothing(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform)

        with pytest.raises(NotAllowed):
            sync_state(house, people.zheng, people.shop_id, seat.now)


def test_done_windows_are_written_as_one(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = seated(house, people, platform, orders=6)

        seat.work()

        with house.pool.connection() as tx:
            rows = tx.execute("select count(*) from sync_windows where source = 'orders'").fetchone()
        orders = next(state for state in sync_state(house, people.lin, people.shop_id, seat.now).sources if state.source == "orders")
        assert rows is not None
        assert rows[0] < 200
        assert (orders.holes, orders.floor, orders.windows_done) == ((), orders.goal, 288)
