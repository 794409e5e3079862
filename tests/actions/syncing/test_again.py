"""One thing read again is read whole: nothing that a window would have told is missing, nor lost."""

from datetime import timedelta

from tests.actions.syncing.seat import Seat, waiting_for_an_answer
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.hints import note_all
from zhanggui.actions.house import House
from zhanggui.actions.reading_again import read_hints
from zhanggui.actions.syncing import read_again
from zhanggui.connectors.pdd.aftersales import DETAIL as CASE_DETAIL
from zhanggui.connectors.pdd.orders import BY_UPDATE, DETAIL

LATER = timedelta(minutes=2)


def test_a_case_first_heard_of_by_a_push_is_known_whole(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        (order_no,) = platform.new_orders()
        case_no = str(platform.do("buyer.asks", order_sn=order_no, kind=1)["after_sales_id"])

        was_told = read_again(seat.house, seat.shop_id, "case", f"{order_no}/{case_no}", seat.now, seat.wall)

        assert was_told
        assert seat.our_cases() == seat.their_cases()
        assert seat.our_orders() == seat.their_orders()


def test_a_case_read_again_loses_nothing_that_was_known(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        (order_no,) = platform.new_orders()
        case_no = str(platform.do("buyer.asks", order_sn=order_no, kind=1)["after_sales_id"])
        seat.goes_back(orders=0.2, refunds=0.2)
        seat.settle()
        before = seat.our_cases()

        read_again(seat.house, seat.shop_id, "case", case_no, seat.now, seat.wall)

        assert before[case_no].applied_at is not None
        assert seat.our_cases() == before == seat.their_cases()


def test_a_case_whose_detail_is_refused_is_known_as_it_was_listed_but_not_called_read(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        ((order_no, case_no),) = waiting_for_an_answer(platform)
        seat = Seat(house, people.lin, people.shop_id, platform)
        platform.mood(refused_method=CASE_DETAIL, refused_code=50001)

        was_told = read_again(seat.house, seat.shop_id, "case", f"{order_no}/{case_no}", seat.now, seat.wall)

        alone = seat.our_cases()[case_no]
        assert not was_told
        assert (alone.applied_at, alone.expire_at) == (seat.their_cases()[case_no].applied_at, None)
        platform.mood(name="fair", refused_code=0)
        assert read_again(seat.house, seat.shop_id, "case", case_no, seat.now, seat.wall)
        assert seat.our_cases() == seat.their_cases()


def test_a_case_that_is_known_stays_as_it_is_while_its_detail_is_refused(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        ((order_no, case_no),) = waiting_for_an_answer(platform)
        seat = Seat(house, people.lin, people.shop_id, platform)
        read_again(seat.house, seat.shop_id, "case", f"{order_no}/{case_no}", seat.now, seat.wall)
        platform.mood(refused_method=CASE_DETAIL, refused_code=50001)

        was_told = read_again(seat.house, seat.shop_id, "case", case_no, seat.now, seat.wall)

        assert not was_told
        assert seat.our_cases() == seat.their_cases()


def test_many_orders_pushed_at_once_are_read_from_the_list_and_what_it_does_not_tell_one_by_one(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        orders = platform.new_orders(130)
        before = len(platform.ledger(method=DETAIL)), len(platform.ledger(method=BY_UPDATE))
        with house.pool.connection() as tx:
            # the last was pushed long after the others changed: the list of those minutes need not tell it as it is now
            note_all(tx, seat.shop_id, {("order", no): None for no in orders[:-1]}, seat.wall, "push")
            note_all(tx, seat.shop_id, {("order", orders[-1]): None}, seat.wall + LATER, "push")

        platform.step(LATER.total_seconds())
        read_hints(house, seat.shop_id, seat.now, seat.wall + LATER, "worker")

        after = len(platform.ledger(method=DETAIL)), len(platform.ledger(method=BY_UPDATE))
        assert seat.our_orders() == seat.their_orders()
        assert (after[0] - before[0], after[1] - before[1]) == (1, 2)
