"""One thing read again is read whole: nothing that a window would have told is missing, nor lost."""

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.syncing import read_again


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
