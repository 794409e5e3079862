"""The platform asked in the shop's name: a moment's wait for our own pace, and once more where only the token was old."""

from datetime import datetime
from time import sleep
from typing import TypeVar

from zhanggui.actions.house import House
from zhanggui.actions.platform import ask
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.people.permissions import ShopId

T = TypeVar("T")

_LONGEST_PAUSE = 1.0
_PAUSES = 5


def answered(house: House, shop_id: ShopId, call: Call[T], now: datetime, wall: datetime) -> T:
    """What the platform answers. Raises PlatformError, NotConnected, VaultShut. Only what surely was not taken is sent once more."""
    for _ in range(_PAUSES):
        try:
            return _with_fresh_token(house, shop_id, call, now, wall)
        except PlatformError as problem:
            seconds = problem.wait.total_seconds()
            if problem.trouble is not Trouble.SLOW_DOWN or not 0 < seconds <= _LONGEST_PAUSE:
                raise
            sleep(seconds)
    return _with_fresh_token(house, shop_id, call, now, wall)


def _with_fresh_token(house: House, shop_id: ShopId, call: Call[T], now: datetime, wall: datetime) -> T:
    try:
        return ask(house, shop_id, call, now, wall)
    except PlatformError as problem:
        # the platform has refused the token before it looked at the act; `ask` has a new one by now, or this fails in the same way
        if problem.trouble is not Trouble.TOKEN or problem.may_have_acted or not call.is_act:
            raise
    return ask(house, shop_id, call, now, wall)
