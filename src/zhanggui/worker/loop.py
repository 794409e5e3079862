"""The worker: does each chore when its time has come, one after the other, until it is told to stop.

Several workers may run over one database: each chore is claimed there first, so that it is done once.
"""

import logging
import threading
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

import psycopg
from psycopg_pool import PoolTimeout

from zhanggui import clock
from zhanggui.actions.chores import claimed
from zhanggui.actions.house import House
from zhanggui.worker.timetable import TIMETABLE, Chore

log = logging.getLogger("zhanggui.worker")

LOOKS_EVERY = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
"""What the pool raises while the database is away."""


class Worker:
    """One worker over one house."""

    def __init__(self, house: House, chores: Sequence[Chore] = TIMETABLE) -> None:
        self._house = house
        self._chores = chores
        self._next: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`. A chore that is under way is finished first."""
        while not stop.is_set():
            self.tick(clock.unwound(), stop)
            stop.wait(LOOKS_EVERY.total_seconds())

    def tick(self, now: datetime, stop: threading.Event | None = None) -> None:
        """Do every chore that is due."""
        for chore in self._chores:
            if stop is not None and stop.is_set():
                return
            if self._next.get(chore.name, now) <= now:
                self._next[chore.name] = now + self._attempt(chore, now)

    def _attempt(self, chore: Chore, now: datetime) -> timedelta:
        """Do the chore if it is ours to do now; how long until it is looked at again."""
        try:
            with claimed(self._house, chore.name, every=chore.every, now=now) as ours:
                if ours:
                    chore.do(self._house, clock.now() if chore.by_house_clock else now)
        except AWAY as error:
            return self._wait_after(chore, f"the database is away ({type(error).__name__})", "")
        except Exception as error:  # noqa: BLE001 - one broken chore must not keep the others from being done
            # The message of an error may hold a buyer's data; where it happened says enough.
            return self._wait_after(chore, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        self._failures.pop(chore.name, None)
        return chore.every

    def _wait_after(self, chore: Chore, what: str, where: str) -> timedelta:
        failures = self._failures[chore.name] = self._failures.get(chore.name, 0) + 1
        wait: timedelta = min(LOOKS_EVERY * 2 ** min(failures, 10), LONGEST_WAIT)
        log.error("chore %s failed for the %d. time, tried again in %d s: %s\n%s", chore.name, failures, wait.total_seconds(), what, where)
        return wait
