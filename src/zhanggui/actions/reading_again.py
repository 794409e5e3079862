"""Reads again from the platform what hints speak of, a few things of one shop at a time; what it told of them is stored in one transaction.

A thing that cannot be read is tried later, longer each time, and given up after a while, visibly; the platform's own troubles let the whole shop rest.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from psycopg.errors import LockNotAvailable

from zhanggui.actions.asking_first import answered
from zhanggui.actions.backing_off import wait_after
from zhanggui.actions.hints import REST
from zhanggui.actions.house import House
from zhanggui.actions.lanes import MOST_ATTEMPTS, ONE_TRY_LEFT, ShopRests
from zhanggui.actions.platform import NotConnected
from zhanggui.actions.refused import Refused
from zhanggui.actions.second_looks import brought_by_windows
from zhanggui.actions.syncing import InWhoseName, ToldAgain, store_again, told_again
from zhanggui.actions.syncing.asking import Asking
from zhanggui.actions.syncing.platform_clock import platform_now
from zhanggui.actions.syncing.together import MANY, told_together
from zhanggui.actions.vault import VaultShut
from zhanggui.connectors.carriers.errors import TrackerError
from zhanggui.connectors.pdd.errors import OF_THE_THING, PlatformError, Trouble
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import hints as records
from zhanggui.records import shops
from zhanggui.records.db import may_be_lost
from zhanggui.records.hints import Hint, What
from zhanggui.records.says import packed


class Read(Protocol):
    """Asks the platform for one thing. What it told is stored by whoever asked."""

    def __call__(self, house: House, shop_id: ShopId, what: What, no: str, now: datetime, wall: datetime, *, order_no: str | None = None) -> ToldAgain: ...


AT_ONCE = 200
LEASE = timedelta(seconds=60)
TURN = 5.0
"""Seconds after which the turn goes to another shop; one call more may be under way, and the lease is longer than both."""
STORED_WITHIN = 0.25
"""Seconds that what came first waits at most for what comes after it, so that a slow platform keeps no push from the screen."""
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=30)
PACE = timedelta(seconds=1)
IMPORTS_WAIT = timedelta(seconds=3)


def shops_hinted(house: House, _now: datetime, wall: datetime) -> list[ShopId]:
    """The shops in which something is to be read again by now."""
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in records.shops_due(tx, [shop.shop_id for shop in shops.every(tx)], wall)]


def read_hints(house: House, shop_id: ShopId, now: datetime, wall: datetime, holder: str, *, read: Read | None = None) -> bool:
    """Read some of what the shop's hints speak of; whether there was anything. Raises ShopRests where the platform does not answer this shop."""
    with house.pool.connection() as tx:
        may_be_lost(tx)
        claimed = records.claim(tx, shop_id, holder, wall, wall + LEASE, AT_ONCE)
    turn, name = _Turn(house, shop_id, now, wall, holder, claimed), InWhoseName()
    try:
        turn.spare(brought_by_windows(house, shop_id, claimed, now, wall, name))
        if read is None:
            turn.take_together(name)
        turn.take(read or partial(told_again, name=name))
    finally:
        with house.pool.connection() as tx:
            may_be_lost(tx)
            records.done(tx, shop_id, holder, turn.finished, wall)
            answered(tx, shop_id, turn.finished, now)
            records.let_go(tx, shop_id, holder, turn.waiting, wall)
    return bool(claimed)


class _Turn:
    """A shop's turn: its things are asked for one by one, and what came is stored together."""

    def __init__(self, house: House, shop_id: ShopId, now: datetime, wall: datetime, holder: str, claimed: Sequence[Hint]) -> None:
        self._house, self._shop_id, self._now, self._wall, self._holder = house, shop_id, now, wall, holder
        self._told: list[tuple[Hint, ToldAgain]] = []
        self.waiting = list(claimed)
        self.finished: list[Hint] = []

    def spare(self, hints: Sequence[Hint]) -> None:
        """These need not be read."""
        self.finished += hints
        self.waiting = [hint for hint in self.waiting if hint not in hints]

    def take_together(self, name: InWhoseName) -> None:
        """Read the orders that were pushed just now from the list, where they are many. What it does not tell is asked for one by one."""
        fresh = {hint.no: hint for hint in self.waiting if hint.what == "order" and hint.because == "push" and hint.attempts == 0}
        if len(fresh) < MANY:
            return
        asking = Asking(self._house, self._shop_id, self._now, self._wall, name)
        try:
            moment = platform_now(asking, self._now, self._wall)
            told = told_together(asking, {no: hint.was_due + (moment - self._wall) for no, hint in fresh.items()}, moment)
        except (PlatformError, Refused):
            return  # whoever asks for them one by one meets the same, and says what is the matter
        self._told = [(fresh[no], answer) for no, answer in told.items()]
        self.waiting = [hint for hint in self.waiting if fresh.get(hint.no) is not hint or hint.no not in told]
        self._store()

    def take(self, read: Read) -> None:
        """Read until nothing waits or the turn is over. What came is stored, whatever kept the rest from being asked for."""
        ends = time.monotonic() + TURN
        store_at = time.monotonic() + STORED_WITHIN
        try:
            while self.waiting and time.monotonic() < ends:
                self._ask(self.waiting.pop(0), read)
                if time.monotonic() > store_at:
                    self._store()
                    store_at = time.monotonic() + STORED_WITHIN
        finally:
            self._store()

    def _store(self) -> None:
        """Store what came: all at once, or one by one where one of them makes the program stumble."""
        told, self._told = self._told, []
        try:
            store_again(self._house, self._shop_id, [answer for _, answer in told], self._now)
        except LockNotAvailable as error:
            # an import holds the shop
            self.waiting.extend(hint for hint, _ in told)
            raise ShopRests(None, IMPORTS_WAIT) from error
        except Exception as error:  # noqa: BLE001 - a thing that cannot be stored must not keep the others from being stored
            if len(told) == 1:
                self._put_off(told[0][0], _stumbled(told[0][0], error), error)
                return
            for one in told:
                self._told = [one]
                self._store()
        else:
            self.finished += [hint for hint, _ in told]

    def _ask(self, hint: Hint, read: Read) -> None:
        """Ask for one thing. What could not be asked for is tried later, or goes back to those that wait."""
        try:
            self._told.append((hint, read(self._house, self._shop_id, hint.what, hint.no, self._now, self._wall, order_no=hint.order_no)))
        except NotConnected:
            self.waiting.clear()
            with self._house.pool.connection() as tx:
                records.forget_shop(tx, self._shop_id)
        except VaultShut as error:
            # without its key nothing of the shop can be asked for
            self.waiting.append(hint)
            raise ShopRests(error.say) from error
        except (Refused, TrackerError) as error:
            # something about this one thing, or about a tracking service, which rests by itself: the platform has nothing to do with it
            self._put_off(hint, error.say, error)
        except PlatformError as error:
            if error.trouble is Trouble.SLOW_DOWN:
                self.waiting.append(hint)
                raise ShopRests(None, error.wait or PACE) from error
            self._put_off(hint, error.say, error)
            if error.do not in OF_THE_THING:
                raise ShopRests(error.say, error.wait) from error
        except Exception as error:  # noqa: BLE001 - a thing that cannot be read must not keep the others from being read
            self._put_off(hint, _stumbled(hint, error), error)

    def _put_off(self, hint: Hint, problem: Say, error: Exception) -> None:
        """Try it later, or never by itself where that cannot help or did not help often enough."""
        attempts = hint.attempts + 1
        is_hopeless = isinstance(error, PlatformError) and error.trouble is Trouble.FOREVER
        look_at = None if is_hopeless or attempts >= MOST_ATTEMPTS else self._wall + wait_after(attempts, FIRST_WAIT, LONGEST_WAIT)
        if is_hopeless and hint.again_at is not None and hint.again_at > self._wall:
            # a push runs ahead of what can be read: what is not there yet may be there then
            look_at = hint.again_at
        with self._house.pool.connection() as tx:
            records.failed(tx, self._holder, hint, packed(problem), self._wall, look_at, REST)


def _stumbled(hint: Hint, error: Exception) -> Say:
    """That the fault is ours, and what is still done about it."""
    return say(
        "Reading {no} again, the program itself stumbled ({error}). Please report it with this name; the full look once a day reads it too.",
        no=hint.no,
        error=type(error).__name__,
    )


def try_again(house: House, shop_ids: Sequence[ShopId], wall: datetime) -> int:
    """Read once more what was given up; how many things that are."""
    with house.pool.connection() as tx:
        return sum(records.try_again(tx, shop_id, wall, ONE_TRY_LEFT) for shop_id in shop_ids)
