"""A shop that is connected comes to hold exactly what the platform holds."""

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House


def test_it_holds_every_order_and_case_after_the_first_run(house: House, people: Cast) -> None:
    with running(quiet(size={"history": 400, "history_days": 6, "warm_days": 1}, buyers={"refund_unshipped": 0.2, "refund_received": 0.2})) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)

        report = seat.settle()

        assert report.trouble is None
        assert report.complete
        assert seat.our_orders() == seat.their_orders()
        assert seat.our_cases() == seat.their_cases()
