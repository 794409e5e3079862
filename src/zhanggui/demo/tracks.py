"""The tracking events of an ordinary parcel: picked up, over the hubs, out for delivery, delivered, never silent for long."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from zhanggui.demo.world import Sold

Event = tuple[datetime, str, str]
"""The moment, the stage and the carrier's words."""

_FIRST_HOP = timedelta(hours=6, minutes=20)
_SHORTEST = timedelta(hours=1)
_LAST_MILE = timedelta(hours=4, minutes=10)
_TO_THE_DOOR = timedelta(hours=66)


def track_of(sold: Sold) -> Iterator[Event]:
    """The events of the order's parcel in the order they happened; none for a parcel nobody picked up."""
    picked_up = sold.told.picked_up_at
    if picked_up is None:
        return
    delivered = _delivered(sold, picked_up)
    yield picked_up, "picked_up", f"{sold.depot} 已揽收"
    yield from _hops(sold, picked_up + _FIRST_HOP, delivered - _LAST_MILE)
    yield delivered - _LAST_MILE, "out_for_delivery", f"【{sold.city}】{sold.district}网点 正在派件"
    yield delivered, "delivered", f"【{sold.city}】快件已签收，签收人：本人"


def _delivered(sold: Sold, picked_up: datetime) -> datetime:
    """Some hours before the buyer confirms the receipt; after the usual while where the story never says that they did."""
    if sold.told.received_at is None:
        return picked_up + _TO_THE_DOOR
    wait = timedelta(minutes=47 + 13 * (int(sold.order_no[-3:]) % 60))
    return max(picked_up + _FIRST_HOP + _LAST_MILE, sold.told.received_at - wait)


def _hops(sold: Sold, first: datetime, until: datetime) -> Iterator[Event]:
    """From hub to hub, evenly over the time there is, which is less than a day between two of them."""
    province, city, district = (f"【{sold.province}分拨中心】", f"【{sold.city}转运中心】", f"【{sold.city}】{sold.district}网点")
    way = (
        ("in_transit", f"快件离开【杭州转运中心】，下一站{province}"),
        ("arrived", f"快件已到达{province}"),
        ("in_transit", f"快件离开{province}，下一站{city}"),
        ("arrived", f"快件已到达{city}"),
        ("in_transit", f"快件离开{city}，下一站{district}"),
        ("arrived", f"快件已到达{district}"),
    )
    hop = max(until - first, _SHORTEST) / len(way)
    yield from ((first + number * hop, stage, text) for number, (stage, text) in enumerate(way))
