"""Reads again from the platform what hints speak of, a few things of one shop at a time.

A thing that cannot be read is tried later, longer each time, and given up after a while, visibly; the platform's own troubles let the whole shop rest.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from psycopg.errors import LockNotAvailable

from zhanggui.actions.asking_first import answered
from zhanggui.actions.backing_off import wait_after
from zhanggui.actions.chores import every_shop
from zhanggui.actions.hints import REST
from zhanggui.actions.house import House
from zhanggui.actions.lanes import MOST_ATTEMPTS, ONE_TRY_LEFT, ShopRests
from zhanggui.actions.platform import NotConnected
from zhanggui.actions.refused import Refused
from zhanggui.actions.syncing import read_again
from zhanggui.connectors.carriers.errors import TrackerError
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import hints as records
from zhanggui.records.db import may_be_lost
from zhanggui.records.hints import Hint, What
from zhanggui.records.says import packed


class Read(Protocol):
    """Reads one thing from the platform and stores it."""

    def __call__(self, house: House, shop_id: ShopId, what: What, no: str, now: datetime, wall: datetime, *, order_no: str | None = None) -> bool: ...


AT_ONCE = 20
LEASE = timedelta(seconds=60)
TURN = 5.0
"""Seconds after which the turn goes to another shop; one call more may be under way, and the lease is longer than both."""
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=30)
PACE = timedelta(seconds=1)
IMPORTS_WAIT = timedelta(seconds=3)
OF_THE_THING = frozenset({"business", "foreign", "large", "mend", "no_trace", "refused", "strange", "unknown"})
"""Ways out of a platform's refusal that concern the one thing asked for; the others concern everything of the shop."""


def shops_hinted(house: House, _now: datetime, wall: datetime) -> list[ShopId]:
    """The shops in which something is to be read again by now."""
    shop_ids = every_shop(house)
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in records.shops_due(tx, shop_ids, wall)]


def read_hints(house: House, shop_id: ShopId, now: datetime, wall: datetime, holder: str, *, read: Read = read_again) -> bool:
    """Read some of what the shop's hints speak of; whether there was anything. Raises ShopRests where the platform does not answer this shop."""
    with house.pool.connection() as tx:
        may_be_lost(tx)
        claimed = records.claim(tx, shop_id, holder, wall, wall + LEASE, AT_ONCE)
    finished: list[Hint] = []
    waiting = list(claimed)
    ends = time.monotonic() + TURN
    try:
        while waiting and time.monotonic() < ends:
            hint = waiting.pop(0)
            if _read(house, hint, now, wall, holder, read, waiting):
                finished.append(hint)
    finally:
        with house.pool.connection() as tx:
            may_be_lost(tx)
            records.done(tx, shop_id, holder, finished, wall)
            answered(tx, shop_id, finished, now)
            records.let_go(tx, shop_id, holder, waiting, wall)
    return bool(claimed)


def _read(house: House, hint: Hint, now: datetime, wall: datetime, holder: str, read: Read, waiting: list[Hint]) -> bool:
    """Whether it was read. What was not is tried later, or given back to `waiting`."""
    shop_id = ShopId(hint.shop_id)
    try:
        read(house, shop_id, hint.what, hint.no, now, wall, order_no=hint.order_no)
    except NotConnected:
        waiting.clear()
        with house.pool.connection() as tx:
            records.forget_shop(tx, shop_id)
    except Refused as error:
        # what would refuse every other thing of the shop too, such as a vault without its key
        waiting.append(hint)
        raise ShopRests(error.say) from error
    except LockNotAvailable as error:
        # an import holds the shop
        waiting.append(hint)
        raise ShopRests(None, IMPORTS_WAIT) from error
    except TrackerError as error:
        # the service rests by itself; the platform has nothing to do with it
        _put_off(house, hint, error.say, wall, holder, error)
    except PlatformError as error:
        if error.trouble is Trouble.SLOW_DOWN:
            waiting.append(hint)
            raise ShopRests(None, error.wait or PACE) from error
        _put_off(house, hint, error.say, wall, holder, error)
        if error.do not in OF_THE_THING:
            raise ShopRests(error.say, error.wait) from error
    except Exception as error:  # noqa: BLE001 - a thing that cannot be read must not keep the others from being read
        stumbled = say(
            "Reading {no} again, the program itself stumbled ({error}). Please report it with this name; the full look once a day reads it too.",
            no=hint.no,
            error=type(error).__name__,
        )
        _put_off(house, hint, stumbled, wall, holder, error)
    else:
        return True
    return False


def _put_off(house: House, hint: Hint, problem: Say, wall: datetime, holder: str, error: Exception) -> None:
    """Try it later, or never by itself where that cannot help or did not help often enough."""
    attempts = hint.attempts + 1
    is_hopeless = isinstance(error, PlatformError) and error.trouble is Trouble.FOREVER
    look_at = None if is_hopeless or attempts >= MOST_ATTEMPTS else wall + wait_after(attempts, FIRST_WAIT, LONGEST_WAIT)
    if is_hopeless and hint.again_at is not None and hint.again_at > wall:
        # a push runs ahead of what can be read: what is not there yet may be there then
        look_at = hint.again_at
    with house.pool.connection() as tx:
        records.failed(tx, holder, hint, packed(problem), wall, look_at, REST)


def try_again(house: House, shop_ids: Sequence[ShopId], wall: datetime) -> int:
    """Read once more what was given up; how many things that are."""
    with house.pool.connection() as tx:
        return sum(records.try_again(tx, shop_id, wall, ONE_TRY_LEFT) for shop_id in shop_ids)
