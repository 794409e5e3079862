"""Both clocks while some acts are handled: the moments one was called with, and what has passed since."""

import sys
import time
from datetime import datetime, timedelta


def running() -> float:
    """Seconds of a clock that only goes forward, a machine's sleep included where it can tell."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Watch:
    """The house's time and the wall's, going on from the moments given."""

    def __init__(self, now: datetime, wall: datetime) -> None:
        self._now, self._wall, self._began = now, wall, running()

    @property
    def passed(self) -> timedelta:
        """What has passed since."""
        return timedelta(seconds=max(0.0, running() - self._began))

    @property
    def now(self) -> datetime:
        """The house's time."""
        return self._now + self.passed

    @property
    def wall(self) -> datetime:
        """The wall clock's."""
        return self._wall + self.passed
