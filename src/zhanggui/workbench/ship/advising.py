"""What the desk says beside an order that waits: by when it should be printed, with whom it had best travel, and whether its goods are there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.carrier_choice import carrier_for, carrier_name
from zhanggui.actions.house import House
from zhanggui.actions.planning import latest_print
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.core.say import Say
from zhanggui.people.permissions import Person, ShopId


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What is advised for one order: the last safe moment to print it with its reason, and the carrier with his."""

    at: datetime | None = None
    latest: Say | None = None
    is_late: bool = False
    carrier: str | None = None
    because: Say | None = None
    is_close: bool = False


def advice_for(house: House, by: Person, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> Mapping[str, Advice]:
    """The advice for each of these orders that there is any for."""
    if not order_nos:
        return {}
    latest = latest_print(house, by, shop_id, order_nos, now)
    carriers = carrier_for(house, by, shop_id, order_nos, now)
    found, known = {}, carriers_now(house)
    for no in order_nos:
        by_when, with_whom = latest.get(no), carriers.get(no)
        named = carrier_name(with_whom.carrier, known) if with_whom is not None and with_whom.carrier else None
        found[no] = Advice(
            at=None if by_when is None else by_when.at,
            latest=None if by_when is None else by_when.because,
            is_late=by_when is not None and (by_when.at is None or by_when.at < now),
            carrier=named,
            because=None if with_whom is None else with_whom.because,
            is_close=with_whom is not None and with_whom.is_close,
        )
    return found
