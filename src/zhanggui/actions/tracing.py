"""Asks the tracking service of a shop about one parcel: never more often a day than it may, and not while it rests after a trouble."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.vault import VaultShut, unseal
from zhanggui.connectors.carriers import kdniao, kuaidi100
from zhanggui.connectors.carriers.asking import Account, Parcel, Question, Told
from zhanggui.connectors.carriers.errors import OF_THE_PARCEL, TrackerError
from zhanggui.connectors.carriers.tables import answers_of
from zhanggui.core.moments import SHANGHAI
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import shops, trackers
from zhanggui.records.says import packed
from zhanggui.records.trackers import TrackerRecord

FARTHEST = timedelta(hours=2)
"""Farther ahead than any rest is ever given."""
SHUT_REST = timedelta(hours=1)


class Service(msgspec.Struct, frozen=True):
    """A tracking service: its name, its own address, and how it is asked."""

    name: str
    address: str
    query: Callable[[Account, Parcel], Question]


SERVICES: dict[str, Service] = {
    "kuaidi100": Service(kuaidi100.NAME, answers_of("kuaidi100").address, kuaidi100.query),
    "kdniao": Service(f"{kdniao.NAME} {kdniao.IMMEDIATE}", answers_of("kdniao").address, kdniao.query),
    "kdniao_8001": Service(f"{kdniao.NAME} {kdniao.IN_TRANSIT}", answers_of("kdniao").address, partial(kdniao.query, request_type=kdniao.IN_TRANSIT)),
}


def tracker_of(house: House, shop_id: ShopId) -> TrackerRecord | None:
    """The account the shop's parcels are asked about with: its own, else the house's."""
    with house.pool.connection() as tx:
        return next(iter(trackers.open_to(tx, shop_id)), None)


def shops_with_tracker(house: House) -> tuple[ShopId, ...]:
    """The shops of the house whose parcels some service can be asked about."""
    with house.pool.connection() as tx:
        owners = trackers.owners(tx)
        return tuple(ShopId(shop.shop_id) for shop in shops.every(tx) if None in owners or shop.shop_id in owners) if owners else ()


def asked_of_tracker(house: House, row: TrackerRecord, parcel: Parcel, now: datetime, wall: datetime) -> Told | None:
    """What the service tells of the parcel; None where it is not asked: it rests, or today's questions are used up. Raises TrackerError.

    A trouble of the whole account lets it rest, so that no further parcel is paid for in vain; one of this parcel alone does not.
    """
    service = SERVICES[row.service]
    try:
        account = Account(row.account, unseal(house, row.secret), row.address or service.address)
    except VaultShut as shut:
        _troubled(house, row, shut.say, wall + SHUT_REST, now)
        return None
    question = service.query(account, parcel)  # what cannot be asked is not counted
    with house.pool.connection() as tx:
        if not trackers.take(tx, row.tracker_id, wall.astimezone(SHANGHAI).date(), wall, wall + FARTHEST):
            return None
    try:
        told = house.trackers.ask(account.address, question, secrets=(account.key,))
    except TrackerError as problem:
        if problem.do not in OF_THE_PARCEL:
            _troubled(house, row, problem.say, wall + problem.wait, now)
        raise
    if told.left_out:
        odd = say(
            "{service} told {n} events of parcel {number} that cannot be read. They were left out; please report it.",
            service=service.name,
            n=told.left_out,
            number=parcel.tracking_no,
        )
        _troubled(house, row, odd, None, now)
    elif row.problem is not None:
        with house.pool.connection() as tx:
            trackers.well(tx, row.tracker_id)
    return told


def _troubled(house: House, row: TrackerRecord, problem: Say, paused_until: datetime | None, now: datetime) -> None:
    with house.pool.connection() as tx:
        trackers.troubled(tx, row.tracker_id, packed(problem), paused_until, now)
