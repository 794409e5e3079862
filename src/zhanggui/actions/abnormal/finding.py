"""The worker looks at what formed lately and still waits to be shipped, and puts what bears signs on the list of suspects."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from zhanggui.actions.abnormal.moving import moved
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.abnormal import AbnormalEvent, Sign, signs_of
from zhanggui.people.permissions import ShopId
from zhanggui.records import abnormal_orders, shops
from zhanggui.rulebook.abnormal import sign_terms

LOOKED_BACK = timedelta(hours=24)
"""So long something can be asked about an order."""
MOST_LOOKED_AT = 50_000
"""The newest of a day that has more: every order is looked at while it is new."""
MOST_FOUND = 500
"""Past so many at once something else is going on, such as a sale: those whose groups formed first come first, the others in the next round."""


def find_abnormal(house: House, now: datetime) -> None:
    """Puts the orders that bear signs on the list, shop by shop. Those on it already, or cleared, stay as they are."""
    with house.pool.connection() as tx:
        every = [ShopId(shop.shop_id) for shop in shops.every(tx)]
    for shop_id in every:
        suspect(house, shop_id, now)


def suspect(house: House, shop_id: ShopId, now: datetime) -> int:
    """How many orders of this shop were put on the list."""
    with house.pool.connection() as tx:
        fresh = abnormal_orders.fresh(tx, shop_id, now - LOOKED_BACK, MOST_LOOKED_AT)
        found = signs_of(fresh, sign_terms())
        known = abnormal_orders.of_orders(tx, shop_id, list(found)) if found else {}
    new = sorted((one for one in fresh if one.order_no in found and one.order_no not in known), key=lambda one: (one.formed_at, one.order_no))
    by_signs: dict[tuple[Sign, ...], list[str]] = {}
    for one in new[:MOST_FOUND]:
        by_signs.setdefault(found[one.order_no], []).append(one.order_no)
    return sum(_put(house, shop_id, nos, signs, now) for signs, nos in by_signs.items())


def _put(house: House, shop_id: ShopId, order_nos: Sequence[str], signs: tuple[Sign, ...], now: datetime) -> int:
    try:
        told: Mapping[str, object] = moved(house, shop_id, order_nos, AbnormalEvent.SUSPECT, now, None, {"signs": signs})
    except Refused:  # an import is being stored; the next round comes soon
        return 0
    return sum(why is None for why in told.values())
