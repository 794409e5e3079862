"""What the desk says beside an order that waits: by when it should be printed, with whom it had best travel, and whether its goods are there."""

from collections.abc import Mapping, Sequence

import msgspec

from zhanggui.core.say import Say
from zhanggui.people.permissions import ShopId
from zhanggui.workbench.desk import Desk


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What is advised for one order."""

    latest: Say | None = None
    carrier: str | None = None
    short: Say | None = None


def advice_for(desk: Desk, shop_id: ShopId, order_nos: Sequence[str]) -> Mapping[str, Advice]:
    """The advice for each of these orders that there is any for."""
    del desk, shop_id, order_nos
    return {}
