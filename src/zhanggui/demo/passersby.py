"""The orders nobody talks about: bought, shipped with the next batch, picked up, received. They make the pages look like a shop."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from zhanggui.demo.story_data import Goods, OrderTold, ShopTold

PASSER_BY = "passer_by"
"""How the keys of made-up orders begin."""

_HOURS = (0, 1, 1, 0, 0, 0, 1, 3, 4, 6, 7, 6, 6, 6, 5, 5, 5, 5, 6, 8, 10, 11, 8, 4)
"""How busy each hour of the day is."""

_PACKING = timedelta(hours=2)
"""An order that formed less than this before a batch goes with the next one."""


def passers_by(shop: ShopTold, chance: Random) -> Iterator[OrderTold]:
    """The made-up orders, day by day."""
    for day_no, count in enumerate(shop.orders_a_day):
        day = shop.first_day + timedelta(days=day_no)
        for number in range(count):
            yield _order(f"{PASSER_BY}_{day_no}_{number}", day, shop, chance)


def _order(key: str, day: date, shop: ShopTold, chance: Random) -> OrderTold:
    goods = chance.choices(shop.goods, [goods.weight for goods in shop.goods])[0]
    hour = chance.choices(range(24), _HOURS)[0]
    formed = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)))
    shipped = _next_batch(formed + _PACKING, shop) + timedelta(seconds=chance.randrange(60, 900))
    picked_up = shipped + timedelta(minutes=chance.randrange(80, 260), seconds=chance.randrange(60))
    received = picked_up + timedelta(hours=chance.randrange(44, 120), minutes=chance.randrange(60))
    return OrderTold(
        key=key,
        goods=goods.key,
        spec=_spec(goods, chance),
        quantity=chance.choices((1, 2, 3), (8, 2, 1))[0],
        formed_at=formed,
        shipped_at=shipped,
        picked_up_at=picked_up,
        received_at=received,
        deliver_by=_promised(shipped, chance),
    )


def _spec(goods: Goods, chance: Random) -> int:
    return chance.randrange(len(goods.specs))


def _promised(shipped: datetime, chance: Random) -> datetime | None:
    """One order in five carries a promised delivery; it is always kept."""
    if chance.randrange(5):
        return None
    return datetime.combine((shipped + timedelta(days=6)).date(), time(23, 59, 59))


def _next_batch(moment: datetime, shop: ShopTold) -> datetime:
    """The first hand-over at or after the moment."""
    times = [time.fromisoformat(text) for text in shop.batches_at]
    days = (moment.date() + timedelta(days=ahead) for ahead in range(2))
    return next(batch for day in days for at in times if (batch := datetime.combine(day, at)) >= moment)
