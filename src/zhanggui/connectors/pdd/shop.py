"""The shop itself, and the platform's clock."""

from datetime import datetime
from typing import Any

import msgspec

from zhanggui.connectors.pdd.calls import Call, reader
from zhanggui.connectors.pdd.values import OddWire, key, moment, text

TIME, MALL = "pdd.time.get", "pdd.mall.info.get"


class Mall(msgspec.Struct, frozen=True):
    """A shop by its number and name."""

    owner_id: str
    name: str


class _Time(msgspec.Struct, frozen=True):
    time: Any


class _Mall(msgspec.Struct, frozen=True):
    mall_id: Any
    mall_name: Any = None


def platform_time() -> Call[datetime]:
    """The platform's present moment. Needs no token."""
    return Call(TIME, {}, reader(TIME, _Time, _moment), needs_token=False)


def mall_info() -> Call[Mall]:
    """The shop whose token it is."""
    return Call(MALL, {}, reader(MALL, _Mall, _mall))


def _moment(told: _Time) -> datetime:
    try:
        found = moment(told.time, "time")
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None
    if found is None:
        raise msgspec.ValidationError("no time in it")
    return found


def _mall(told: _Mall) -> Mall:
    try:
        return Mall(key(told.mall_id, "mall_id"), text(told.mall_name, "mall_name") or "")
    except OddWire as odd:
        raise msgspec.ValidationError(str(odd)) from None
