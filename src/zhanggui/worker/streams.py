"""The message streams: one leader among all workers listens to each application's stream, and every message becomes a hint before it is acknowledged."""

import logging
import threading
import time
import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

from zhanggui import clock
from zhanggui.actions.backing_off import wait_after
from zhanggui.actions.house import House
from zhanggui.actions.lanes import ShopRests, let_rest, went_well
from zhanggui.actions.platform import ask, streams
from zhanggui.actions.refused import Refused
from zhanggui.actions.streams import Owners, grants_of_stream, keep_pushed, shops_of_stream
from zhanggui.actions.syncing import sync_soon
from zhanggui.actions.timetable import MESSAGES
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.messages import Pushed, listen, permit_messages
from zhanggui.people.permissions import ShopId
from zhanggui.records import leaders
from zhanggui.records.db import AWAY, Tx, connect, conninfo_of

log = logging.getLogger("zhanggui.worker")

LOOKS_EVERY = 3.0
"""Seconds between two looks at which streams there are, and at whether we still lead."""
ENDS_WITHIN = 5.0
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=1)
STEADY = 60.0
"""Seconds after which an open stream counts as steady: one that is closed sooner, again and again, is opened less and less often."""
PERMITS_AGAIN = 60.0
"""Seconds after which a shop's messages are asked for again where the platform failed."""


class Streams:
    """The streams of one worker process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._following: dict[tuple[str, str], _Following] = {}

    def run(self, stop: threading.Event) -> None:
        """Follow every stream there is until `stop`."""
        while not stop.is_set():
            try:
                self._look()
            except AWAY:
                pass  # said elsewhere
            except Exception as error:  # noqa: BLE001 - the streams must outlive whatever befalls them
                _log("looking for streams", error)
            stop.wait(LOOKS_EVERY)
        for following in self._following.values():
            following.end()
        for following in self._following.values():
            following.join(ENDS_WITHIN)

    def _look(self) -> None:
        apps = {(app.client_id, app.doors.messages): app for app in streams(self._house, clock.now())}
        for key in [key for key, following in self._following.items() if key not in apps or following.app != apps[key] or not following.is_alive]:
            self._following.pop(key).end()
        for key, app in apps.items():
            if key not in self._following:
                self._following[key] = _Following(self._house, app)


class _Following:
    """One stream, followed in a thread of its own as long as we lead."""

    def __init__(self, house: House, app: App) -> None:
        self.app = app
        self._house = house
        self._stop = threading.Event()
        self._owners = Owners(house, app.client_id)
        self._failures = 0
        self._opened_at = float("inf")
        self._permitted: dict[tuple[ShopId, datetime | None], float] = {}
        """The shops whose messages were asked for under which grant, and until when that is enough."""
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def end(self) -> None:
        """Stop following; the lead goes to another worker."""
        self._stop.set()

    def join(self, seconds: float) -> None:
        """Wait until it has ended."""
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with connect(conninfo_of(self._house.pool), autocommit=True) as lead:
                    if leaders.try_lead(lead, f"stream {self.app.client_id}"):
                        self._lead(lead)
            except AWAY as error:
                log.warning("the message stream waits for the database (%s)", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - a stream must outlive whatever befalls it
                _log("a stream", error)
            self._stop.wait(LOOKS_EVERY)

    def _lead(self, lead: Tx) -> None:
        """Listen as long as the lead is ours, again and again where the stream breaks off."""
        while not self._stop.is_set():
            ended = threading.Event()
            watch = threading.Thread(target=self._watch, args=(lead, ended), name="stream-lead", daemon=True)
            watch.start()
            try:
                listen(self.app, ended, self._heard, wall=clock.unwound, on_open=self._opened)
                self._broke_off(None)
            except PlatformError as error:
                self._broke_off(error)
            finally:
                ended.set()
                watch.join()
            leaders.still_leads(lead)

    def _watch(self, lead: Tx, ended: threading.Event) -> None:
        """End the listening when we are to stop, or no longer lead."""
        while not ended.is_set():
            try:
                leaders.still_leads(lead)
                self._permit()
            except AWAY:
                ended.set()
            except Exception as error:  # noqa: BLE001 - nobody else ends the listening
                _log("the watch over a stream", error)
                ended.set()
            if self._stop.wait(LOOKS_EVERY / 3):
                ended.set()

    def _permit(self) -> None:
        """Have the stream carry the messages of every shop that is connected through this application, also of those that came later."""
        grants = grants_of_stream(self._house, self.app).items()
        # who was disconnected meanwhile, or has let us in anew, has to be asked for again
        self._permitted = {grant: until for grant, until in self._permitted.items() if grant in grants}
        for grant in grants:
            if time.monotonic() < self._permitted.get(grant, 0.0):
                continue
            self._permitted[grant] = float("inf")
            shop_id, _ = grant
            try:
                ask(self._house, shop_id, permit_messages(), clock.now(), clock.unwound())
            except PlatformError as error:
                self._permitted[grant] = time.monotonic() + PERMITS_AGAIN
                let_rest(self._house, MESSAGES, shop_id, ShopRests(error.say), clock.unwound())
            except Refused:
                self._permitted[grant] = time.monotonic() + PERMITS_AGAIN

    def _opened(self) -> None:
        """The stream is open: what was pushed while it was not may be lost, so the shops are read by time at once."""
        self._opened_at = time.monotonic()
        wall = clock.unwound()
        for shop_id in shops_of_stream(self._house, self.app):
            went_well(self._house, MESSAGES, shop_id, wall)
            with self._house.pool.connection() as tx:
                sync_soon(tx, shop_id, wall)

    def _heard(self, pushes: Sequence[Pushed]) -> None:
        """Keep hints; only then are the messages acknowledged. One of a shop that is none of ours is acknowledged too, or it would come for ever."""
        wall = clock.unwound()
        by_shop: dict[ShopId, list[Pushed]] = {}
        for pushed in pushes:
            shop_id = self._owners.shop_of(pushed.owner_id, wall)
            if shop_id is not None:
                by_shop.setdefault(shop_id, []).append(pushed)
        for shop_id, mine in by_shop.items():
            keep_pushed(self._house, shop_id, mine, wall)

    def _broke_off(self, error: PlatformError | None) -> None:
        was_steady = time.monotonic() - self._opened_at > STEADY
        self._failures, self._opened_at = 1 if was_steady else self._failures + 1, float("inf")
        for shop_id in shops_of_stream(self._house, self.app):
            if error is not None:
                let_rest(self._house, MESSAGES, shop_id, ShopRests(error.say), clock.unwound())
        self._stop.wait(wait_after(self._failures, FIRST_WAIT, LONGEST_WAIT).total_seconds())


def _log(where: str, error: Exception) -> None:
    # The message of an error may hold a buyer's data; where it happened says enough.
    log.error("%s stumbled: %s\n%s", where, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
