"""Deadlines whose band has changed by now, shop by shop, as the worker's lane asks for them."""

from datetime import datetime

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.today import settle
from zhanggui.people.permissions import ShopId
from zhanggui.records import deadlines


def shops_due(house: House, now: datetime, _wall: datetime) -> list[ShopId]:
    """The shops in which some deadline is due a look."""
    shop_ids = every_shop(house)
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in deadlines.shops_due_a_look(tx, shop_ids, now)]


def settle_due(house: House, shop_id: ShopId, now: datetime, wall: datetime, _holder: str) -> bool:
    """Move one batch of the shop's deadlines into the bands they now belong to; whether there were any."""
    return settle(house, [shop_id], now, wall=wall, most_batches=1) > 0
