"""The platform's time: windows are planned by it. The difference to the house's time is kept in memory for some minutes."""

from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

import msgspec

from zhanggui.actions.syncing.asking import Asking
from zhanggui.connectors.pdd.shop import platform_time
from zhanggui.connectors.pdd.windows import platform_time_kept
from zhanggui.core.coverage import whole_second

JUMP = timedelta(seconds=60)
"""By so much the house's clock may run ahead of or behind what passes before the difference is measured anew. Less than the minutes by which every window
ends before the platform's time: else a clock that is set forward would have stretches counted as read that have not happened yet."""


class Measure(msgspec.Struct, frozen=True):
    """What was measured at a gateway: the difference to the house's time, at which moments, and until when (wall) it is believed."""

    difference: timedelta
    now: datetime
    passed: float
    until: datetime

    def holds(self, now: datetime, wall: datetime) -> bool:
        """Whether it may still be believed: it is not old, and no clock was set meanwhile."""
        is_fresh = wall <= self.until <= wall + platform_time_kept()
        return is_fresh and abs(now - self.now - timedelta(seconds=monotonic() - self.passed)) <= JUMP


class _Kept:
    """What was measured last at each gateway."""

    lock = Lock()
    measures: dict[str, Measure] = {}  # noqa: RUF012  # one for the whole process is what is meant


def platform_now(asking: Asking, now: datetime, wall: datetime) -> datetime:
    """The platform's time, in whole seconds, measured again where the last measure is old or a clock was set since. Raises what asking raises."""
    gateway = asking.access().app.doors.router
    here = now + asking.passed
    with _Kept.lock:
        kept = _Kept.measures.get(gateway)
    if kept is None or not kept.holds(here, wall):
        told = asking.ask(platform_time())
        here = now + asking.passed
        kept = Measure(told - whole_second(here), here, monotonic(), wall + platform_time_kept())
        with _Kept.lock:
            _Kept.measures[gateway] = kept
    return whole_second(here) + kept.difference


def measure_anew(asking: Asking) -> None:
    """Lets the difference be measured before it is next needed: the house's clock may have been wound. Raises NotConnected, VaultShut."""
    with _Kept.lock:
        _Kept.measures.pop(asking.access().app.doors.router, None)
