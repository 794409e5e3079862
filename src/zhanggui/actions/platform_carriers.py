"""The carriers of the moment: the platform's own list, read once a day where a shop is connected, laid over those we come with."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from zhanggui.actions.house import House
from zhanggui.actions.platform import Access, access_to, called, connected_shops, note_trouble
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.carriers import Carrier, Carriers, laid_over, usual_carriers
from zhanggui.connectors.pdd.errors import PlatformError, strange
from zhanggui.connectors.pdd.logistics import COMPANIES, companies
from zhanggui.people.permissions import ShopId
from zhanggui.records import platform_carriers as records
from zhanggui.records.db import Tx, transact
from zhanggui.records.platform_carriers import CarrierRecord

READ_EVERY = timedelta(days=1)
MUCH_SHORTER = 2
"""A list with less than one in so many of the carriers available before is not believed: it was cut off, or means something else."""


def carriers_in(tx: Tx) -> Carriers:
    """The carriers as they stand now, within a transaction; those we come with where no list of the platform was ever read."""
    kept = records.every(tx)
    return _laid_over(tuple(kept)) if kept else usual_carriers()


def carriers_now(house: House) -> Carriers:
    """The carriers as they stand now."""
    with house.pool.connection() as tx:
        return carriers_in(tx)


def read_carriers(house: House, now: datetime, _wall: datetime) -> None:
    """Reads the platform's list where the kept one is a day old, through the first application that gets it. For the worker's timetable.

    Where none does, the list of before stays; the Settings page of the shop tells what went wrong.
    """
    with house.pool.connection() as tx:
        read_at = records.read_at(tx)
    if read_at is not None and now - READ_EVERY < read_at <= now:
        return
    for shop_id, access in _ways(house, now):
        try:
            told = called(house, shop_id, access, companies(), now)
        except PlatformError:
            continue
        if _is_kept(house, told, access.app.doors.router, now):
            return
        note_trouble(house, shop_id, strange(COMPANIES, f"{_available(told)} carriers available", is_act=False), now)


def _ways(house: House, now: datetime) -> Iterator[tuple[ShopId, Access]]:
    """The ways to ask, one through each application."""
    asked: set[tuple[str, str]] = set()
    for shop_id in connected_shops(house):
        try:
            access = access_to(house, shop_id, now)
        except Refused:
            continue
        app = access.app.client_id, access.app.doors.router
        if app not in asked:
            asked.add(app)
            yield shop_id, access


def _is_kept(house: House, told: Carriers, gateway: str, now: datetime) -> bool:
    """Whether the list is kept; one that is much shorter than what was known by the same way is not."""

    def work(tx: Tx) -> bool:
        known = records.available(tx, gateway) or _available(usual_carriers())
        if _available(told) * MUCH_SHORTER < known:
            return False
        records.keep(tx, [CarrierRecord(each.id, each.code, each.name, each.is_available) for each in told.by_id.values()], gateway, now)
        return True

    return transact(house.pool, work)


def _available(carriers: Carriers) -> int:
    return sum(each.is_available for each in carriers.by_id.values())


@lru_cache(maxsize=16)
def _laid_over(kept: tuple[CarrierRecord, ...]) -> Carriers:
    """Laying them over is work, and they change once a day."""
    return laid_over(Carrier(each.carrier_id, each.code, each.name, each.is_available) for each in kept)
