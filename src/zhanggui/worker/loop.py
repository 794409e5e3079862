"""The worker: chores in their beat, lanes shop by shop, and an ear for what may have become due, until it is told to stop.

Several workers may run over one database, in this process or others: whatever is done is claimed there first.
"""

import gc
import logging
import os
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from zhanggui import clock
from zhanggui.actions.chores import claimed, stumbled
from zhanggui.actions.house import House
from zhanggui.actions.presence import SAID_EVERY, say_alive, say_gone
from zhanggui.actions.timetable import LANES, TIMETABLE, Chore, Lane
from zhanggui.core.say import say
from zhanggui.records import rousing
from zhanggui.records.db import AWAY, conninfo_of, open_pool
from zhanggui.server import ServerTrouble
from zhanggui.worker.lanes import LaneRunner
from zhanggui.worker.streams import Streams

log = logging.getLogger("zhanggui.worker")

LOOKS_EVERY = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
ENDS_WITHIN = 15.0
"""Seconds given to what is under way when the worker is told to stop; what takes longer is left to its lease."""
MOST_CONNECTIONS = 16


def work(house: House, stop: threading.Event, began: Callable[[str], None] | None = None) -> None:
    """Work over this house until `stop`, with connections of one's own, so that no page ever waits for one. `began` is told the worker's name."""
    # what stays for good is looked through by no later round for garbage, which takes a quarter of a second otherwise while every lane stands still
    gc.freeze()
    with open_pool(conninfo_of(house.pool), min_size=1, max_size=MOST_CONNECTIONS) as pool:
        worker = Worker(replace(house, pool=pool))
        if began is not None:
            began(worker.name)
        worker.run(stop)


class Worker:
    """One worker over one house."""

    def __init__(self, house: House, chores: Sequence[Chore] = TIMETABLE, lanes: Sequence[Lane] = LANES) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self.lanes = {lane.name: LaneRunner(house, lane, self.name) for lane in lanes}
        self._house = house
        self._chores = [chore for chore in chores if not chore.apart]
        self._apart = [chore for chore in chores if chore.apart]
        self._next: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}
        self._said_alive = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`. What is under way is finished first."""
        threads = self._threads(stop)
        for thread in threads:
            thread.start()
        while not stop.is_set():
            self._round(lambda: self.tick(clock.unwound(), stop))
            self._round(self._say_alive)
            stop.wait(LOOKS_EVERY.total_seconds())
        self._end(threads)

    def tick(self, now: datetime, stop: threading.Event | None = None) -> None:
        """Do every chore that is due, but for those that are done apart."""
        self._do_due(self._chores, now, stop)

    def _do_due(self, chores: Sequence[Chore], now: datetime, stop: threading.Event | None) -> None:
        for chore in chores:
            if stop is not None and stop.is_set():
                return
            due_at = self._next.get(chore.name, now)
            # farther ahead than it was ever put off: the clock was set back
            if due_at <= now or due_at > now + max(chore.every, LONGEST_WAIT):
                self._next[chore.name] = now + self._attempt(chore, now)

    def _round(self, do: Callable[[], None]) -> None:
        """What goes wrong where nobody foresaw it ends the round, never the worker: nothing would be sent any more, and no clock move, in silence."""
        try:
            do()
        except Exception as error:  # noqa: BLE001 - see above
            # The message of an error may hold a buyer's data; where it happened says enough.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("a round of the worker failed: %s\n%s", type(error).__name__, where)  # noqa: TRY400

    def _threads(self, stop: threading.Event) -> list[threading.Thread]:
        """The lanes' threads, the ear, and the message streams. They end with the process where something never ends."""
        if not self.lanes:
            return []
        runs = [(f"{name}-{number}", lane.run) for name, lane in self.lanes.items() for number in range(lane.lane.threads)]
        runs += [("ear", self._listen), ("streams", Streams(self._house).run), ("apart", self._work_apart)]
        return [threading.Thread(target=run, args=(stop,), name=name, daemon=True) for name, run in runs]

    def _work_apart(self, stop: threading.Event) -> None:
        """Do what may take minutes, one after the other."""
        while not stop.is_set():
            self._round(lambda: self._do_due(self._apart, clock.unwound(), stop))
            stop.wait(LOOKS_EVERY.total_seconds())

    def _listen(self, stop: threading.Event) -> None:
        rousing.listen(conninfo_of(self._house.pool), stop, self._ring, began=self._ring_all)

    def _say_alive(self) -> None:
        if time.monotonic() - self._said_alive > SAID_EVERY.total_seconds():
            self._said_alive = time.monotonic()
            say_alive(self._house, self.name, clock.unwound())

    def _ring(self, lane: str) -> None:
        if lane in self.lanes:
            self.lanes[lane].bell.ring()

    def _ring_all(self) -> None:
        for lane in self.lanes:
            self._ring(lane)

    def _end(self, threads: Sequence[threading.Thread]) -> None:
        self._ring_all()
        ends = time.monotonic() + ENDS_WITHIN
        for thread in threads:
            thread.join(max(0.0, ends - time.monotonic()))
        say_gone(self._house, self.name)

    def _attempt(self, chore: Chore, now: datetime) -> timedelta:
        """Do the chore if it is ours to do now; how long until it is looked at again."""
        if chore.can is not None and not chore.can():
            return chore.every
        try:
            with claimed(self._house, chore.name, every=chore.every, now=now) as ours:
                if ours:
                    chore.do(self._house, clock.now(), now)
        except AWAY as error:
            return self._wait_after(chore, f"the database is away ({type(error).__name__})", "")
        except ServerTrouble as trouble:
            wait = self._wait_after(chore, type(trouble).__name__, "")
            with suppress(*AWAY):
                stumbled(self._house, chore.name, trouble.say, every=chore.every, wait=wait, now=now)
            return wait
        except Exception as error:  # noqa: BLE001 - one broken chore must not keep the others from being done
            # The message of an error may hold a buyer's data; where it happened says enough.
            wait = self._wait_after(chore, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            problem = say("The program itself stumbled here ({error}). Please report it; the log tells where.", error=type(error).__name__)
            with suppress(*AWAY):
                stumbled(self._house, chore.name, problem, every=chore.every, wait=wait, now=now)
            return wait
        self._failures.pop(chore.name, None)
        return chore.every

    def _wait_after(self, chore: Chore, what: str, where: str) -> timedelta:
        failures = self._failures[chore.name] = self._failures.get(chore.name, 0) + 1
        wait: timedelta = min(LOOKS_EVERY * 2 ** min(failures, 10), LONGEST_WAIT)
        log.error("chore %s failed for the %d. time, tried again in %d s: %s\n%s", chore.name, failures, wait.total_seconds(), what, where)
        return wait
