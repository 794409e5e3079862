"""What a message stream of the platform tells: a hint for each message, kept before the message is acknowledged."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from zhanggui.actions.hints import Thing, note_all
from zhanggui.actions.house import House
from zhanggui.actions.platform import shop_of_owner
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.messages import Pushed
from zhanggui.core.connection import ConnectionState
from zhanggui.people.permissions import ShopId
from zhanggui.records import apps, connections, goods_readings, shops

REMEMBERED = timedelta(seconds=30)
GOODS_AFTER = timedelta(minutes=10)
"""Pushes about products come in bursts, when somebody works through them: what changed is read once the burst is over, and well before the usual hour."""
MOST_REMEMBERED = 10_000


class Owners:
    """Which shop of ours each shop of the platform is, remembered for a moment, since a stream names it with every message."""

    def __init__(self, house: House, client_id: str) -> None:
        self._house = house
        self._client_id = client_id
        self._known: dict[str, tuple[ShopId | None, datetime]] = {}

    def shop_of(self, owner_id: str, wall: datetime) -> ShopId | None:
        """Our shop, None where it is none of ours or not connected through this application."""
        known = self._known.get(owner_id)
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        if known is None or not timedelta(0) <= wall - known[1] < REMEMBERED:
            known = self._known[owner_id] = shop_of_owner(self._house, self._client_id, owner_id), wall
        return known[0]


def shops_of_stream(house: House, app: App) -> tuple[ShopId, ...]:
    """The shops whose messages come through this application."""
    return tuple(grants_of_stream(house, app))


def grants_of_stream(house: House, app: App) -> dict[ShopId, datetime | None]:
    """The same shops, and when each of them let the application in: what was permitted under an earlier grant may have ended with it."""
    with house.pool.connection() as tx:
        rows = connections.of_shops(tx, [shop.shop_id for shop in shops.every(tx)])
        apps_in_use = {row.app_id: apps.one(tx, row.app_id) for row in rows if row.app_id is not None and row.state == ConnectionState.CONNECTED}
    ours = {app_id for app_id, record in apps_in_use.items() if record is not None and record.client_id == app.client_id}
    return {ShopId(row.shop_id): row.authorised_at for row in rows if row.app_id in ours and row.state == ConnectionState.CONNECTED}


def keep_pushed(house: House, shop_id: ShopId, pushes: Sequence[Pushed], wall: datetime) -> None:
    """Keep a hint for the nearest thing each message names; a case is read together with its order, products with all others of the shop soon after."""
    things: dict[Thing, str | None] = {}
    for pushed in pushes:
        no = {"case": pushed.case_no, "order": pushed.order_no, "parcel": pushed.tracking_no, None: None}[pushed.what]
        if pushed.what is not None and no is not None:
            things[pushed.what, no] = pushed.order_no or things.get((pushed.what, no))
    with house.pool.connection() as tx:
        note_all(tx, shop_id, things, wall, "push")
        if any(pushed.is_about_goods for pushed in pushes):
            goods_readings.soon(tx, shop_id, wall + GOODS_AFTER)
