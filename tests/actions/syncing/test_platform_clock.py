"""The platform's time is believed for a while, but never across a jump of our own clock: nothing is counted as read that has not happened yet."""

from datetime import UTC, datetime, timedelta

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.syncing.asking import Asking
from zhanggui.actions.syncing.platform_clock import platform_now

HOUR = timedelta(hours=1)


def asked(seat: Seat, ahead: timedelta) -> tuple[datetime, int]:
    """The platform's time as a house takes it whose clock is so much ahead, and how often that was asked."""
    now = seat.now + ahead
    asking = Asking(seat.house, seat.shop_id, now, seat.wall)
    return platform_now(asking, now, seat.wall), len(seat.platform.ledger(method="pdd.time.get"))


def test_it_believes_a_measure_for_a_while(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        _, before = asked(seat, timedelta(minutes=5))

        told, times = asked(seat, timedelta(minutes=5))

        assert times == before
        assert abs(told - datetime.fromtimestamp(platform.now(), UTC)) <= timedelta(seconds=2)


def test_it_measures_anew_once_our_clock_was_set(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        _, before = asked(seat, timedelta(0))

        forward, once = asked(seat, HOUR)
        back, twice = asked(seat, timedelta(0))

        truth = datetime.fromtimestamp(platform.now(), UTC)
        assert before < once < twice  # a call by a clock an hour wrong is refused first, and made again by theirs
        assert max(abs(forward - truth), abs(back - truth)) <= timedelta(seconds=2)
