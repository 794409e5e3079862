"""Whatever mood the platform is in, what we hold in the end is what it holds, and nothing waits for ever."""

import pytest

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House

BUSY = {"refund_unshipped": 0.1, "refund_received": 0.1, "chase": 0.1, "memo": 0.1}
MOODS: dict[str, dict[str, object]] = {
    "failing": {},
    "cutting": {},
    "limiting": {"too_often": 0.1, "method_full": 0.05},
    "late_reads": {},
    "wrong_totals": {},
    "strange_words": {},
    "broken_json": {},
    "silent_after": {"timeout_after": 0.004, "hold_seconds": 5.2},
    "hostile": {"timeout_before": 0.0, "timeout_after": 0.0},
}


BELIEVED_AT_LAST = {"strange_words", "hostile", "limiting"}
"""Moods that may tell the same strange word twice running, which is believed then; the re-check of a calm day heals it.

Under `limiting`, on a busy machine, one order was once left for the re-check too; why is not known.
"""


@pytest.mark.slow
@pytest.mark.parametrize("mood", MOODS)
def test_it_comes_into_step_in_this_mood(mood: str, house: House, people: Cast) -> None:
    with running(quiet(size={"history": 150, "history_days": 1, "warm_days": 1}, buyers=BUSY, seller={"backlog": 0.3})) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.4, refunds=0.1)
        platform.mood(name=mood, **MOODS[mood])

        seat.work()
        platform.step(600)
        platform.new_orders(30)
        platform.step(1500)
        seat.planned_soon()
        seat.work()
        if mood in BELIEVED_AT_LAST:
            platform.mood(name="fair")
            seat.rechecked_soon()
            seat.work()

        assert seat.our_orders() == seat.their_orders()
        assert seat.our_cases() == seat.their_cases()
