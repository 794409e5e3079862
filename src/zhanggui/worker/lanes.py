"""A lane: one kind of work, done shop by shop in turn by a few threads, the shop that waited longest first.

A shop in trouble rests, longer each time, and holds at most one thread when it is tried again. Shops that are slow to serve leave one thread to the others.
So no shop waits for another.
"""

import logging
import random
import threading
import time
import traceback
from collections import Counter

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.lanes import ShopRests, Standing, let_rest, standings, went_well
from zhanggui.actions.timetable import Lane
from zhanggui.core.say import say
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import AWAY

log = logging.getLogger("zhanggui.worker")

NOTED_EVERY = 10.0
"""Seconds between two notes that a shop is served well."""
LONGEST_AWAY = 30.0
BREATH = 0.05
"""Seconds: rings come in bursts, and one look does for all that came within a breath."""
SLOW = 1.0
"""Seconds; a shop that took longer when it was last served is slow."""


class Bell:
    """Rung when there may be work, by anybody; a ring between looking and waiting is not lost."""

    def __init__(self) -> None:
        self._rung = 0
        self._changed = threading.Condition()

    @property
    def rung(self) -> int:
        """How often it was rung so far."""
        return self._rung

    def ring(self) -> None:
        """Wake whoever waits."""
        with self._changed:
            self._rung += 1
            self._changed.notify_all()

    def wait(self, since: int, seconds: float) -> None:
        """Wait until it has been rung more often than that, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: self._rung != since, seconds)


class LaneRunner:
    """One lane in one process: what its threads share."""

    def __init__(self, house: House, lane: Lane, holder: str) -> None:
        self.lane = lane
        self.bell = Bell()
        self._house = house
        self._holder = holder
        self._lock = threading.Lock()
        self._turns = 0
        self._served: dict[ShopId, int] = {}
        """In which turn a shop was last served."""
        self._busy: Counter[ShopId] = Counter()
        self._suspects: set[ShopId] = set()
        """Shops in trouble that are being tried."""
        self._slow: set[ShopId] = set()
        """Shops that took long when they were last served."""
        self._quiet: dict[ShopId, float] = {}
        """Shops that turned out to have nothing to do for us: until when they are not asked."""
        self._noted: dict[ShopId, float] = {}
        self._nothing: tuple[float, int] = (0.0, 0)
        """Until when nothing is to be done, as long as the bell has been rung no more than so often."""
        self._away = 0

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`; what is under way is finished first."""
        while not stop.is_set():
            rung = self.bell.rung
            try:
                did = self.turn()
                self._away = 0
            except AWAY as error:
                self._wait_for_database(error, stop)
                continue
            except Exception as error:  # noqa: BLE001 - a lane must outlive whatever befalls it
                self._log("looking for work", error)
                did = False
            if not did:
                self.bell.wait(rung, self.lane.looks_every.total_seconds())
                if self.bell.rung != rung:
                    self._quiet.clear()
                    stop.wait(BREATH)

    def turn(self) -> bool:
        """Serve the shop whose turn it is; whether there was one."""
        begun = self._begin()
        if begun is None:
            return False
        shop_id, standing = begun
        began = time.monotonic()
        try:
            did = self._serve(shop_id, standing)
        finally:
            self._end(shop_id, time.monotonic() - began)
        if not did:
            self._quiet[shop_id] = time.monotonic() + self.lane.looks_every.total_seconds()
        return True

    def _begin(self) -> tuple[ShopId, Standing] | None:
        """The shop whose turn it is, now ours."""
        with self._lock:
            until, rung = self._nothing
            if time.monotonic() < until and rung == self.bell.rung:
                return None
            rung = self.bell.rung
            free = self._free()
            if not free:
                # one thread's look does for all of them
                self._nothing = time.monotonic() + self.lane.looks_every.total_seconds() / 2, rung
                return None
            # among those that waited alike by lot, or all workers would begin at the same one and wait for each other's locks
            chosen = min(free, key=lambda shop_id: (self._served.get(shop_id, 0), random.random()))  # noqa: S311 - guards nothing
            self._turns += 1
            self._served[chosen] = self._turns
            self._busy[chosen] += 1
            if free[chosen].in_trouble:
                self._suspects.add(chosen)
            return chosen, free[chosen]

    def _free(self) -> dict[ShopId, Standing]:
        """The shops that have work and may be served."""
        due = self.lane.shops(self._house, clock.now(), clock.unwound())
        wanted = [shop_id for shop_id in due if self._quiet.get(shop_id, 0.0) <= time.monotonic()]
        stand = standings(self._house, self.lane.name, wanted, clock.unwound()) if wanted else {}
        return {shop_id: stand[shop_id] for shop_id in wanted if self._may_begin(shop_id, stand[shop_id])}

    def _may_begin(self, shop_id: ShopId, standing: Standing) -> bool:
        if not standing.may:
            return False
        if standing.in_trouble:
            return not self._suspects and not self._busy[shop_id]
        if shop_id in self._slow and sum(self._busy[slow] for slow in self._slow) >= max(1, self.lane.threads - 1):
            return False
        return self._busy[shop_id] < self.lane.threads_per_shop

    def _end(self, shop_id: ShopId, took: float) -> None:
        with self._lock:
            self._busy[shop_id] -= 1
            self._suspects.discard(shop_id)
            (self._slow.add if took > SLOW else self._slow.discard)(shop_id)
            self._nothing = (0.0, 0)

    def _serve(self, shop_id: ShopId, standing: Standing) -> bool:
        try:
            did = self.lane.serve(self._house, shop_id, clock.now(), clock.unwound(), self._holder)
        except ShopRests as rests:
            self._rest(shop_id, rests)
            return True
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - one broken shop must not keep the others from being served
            self._log(f"shop {shop_id}", error)
            stumbled = say("The program itself stumbled here ({error}). Please report it; the log tells where.", error=type(error).__name__)
            self._rest(shop_id, ShopRests(stumbled))
            return True
        if did and (standing.in_trouble or time.monotonic() - self._noted.get(shop_id, 0.0) > NOTED_EVERY):
            went_well(self._house, self.lane.name, shop_id, clock.unwound())
            self._noted[shop_id] = time.monotonic()
        return did

    def _rest(self, shop_id: ShopId, rests: ShopRests) -> None:
        wait = let_rest(self._house, self.lane.name, shop_id, rests, clock.unwound())
        if rests.say is not None:
            log.warning("lane %s lets shop %d rest for %d s", self.lane.name, shop_id, wait.total_seconds())

    def _wait_for_database(self, error: Exception, stop: threading.Event) -> None:
        self._away += 1
        seconds = min(0.5 * 2 ** min(self._away, 10), LONGEST_AWAY)
        log.error("lane %s: the database is away (%s), tried again in %.0f s", self.lane.name, type(error).__name__, seconds)
        stop.wait(seconds)

    def _log(self, where: str, error: Exception) -> None:
        # The message of an error may hold a buyer's data; where it happened says enough.
        log.error("lane %s stumbled at %s: %s\n%s", self.lane.name, where, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
