"""The demo's second shop: it lives on the platform behind the demo, and is connected to it and kept in step like any real shop."""

from datetime import timedelta
from time import monotonic, sleep

import msgspec

from zhanggui import clock
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.connecting import GivenTokens, connect_by_hand
from zhanggui.actions.connections import connection_state
from zhanggui.actions.house import House
from zhanggui.actions.joining import accept
from zhanggui.actions.outbox import set_limits
from zhanggui.actions.outbox.kinds import terms_of
from zhanggui.actions.people import invite, people_of
from zhanggui.actions.platform import connected_shops
from zhanggui.actions.shops import create_shop, shops_seen
from zhanggui.actions.syncing import sync_some, sync_soon, sync_state
from zhanggui.connectors.pdd.doors import doors_of
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.connection import ConnectionState
from zhanggui.demo.behind import Platform
from zhanggui.demo.furnishing import furnish_connected
from zhanggui.demo.story_data import PersonTold, story
from zhanggui.demo.telling import owner, person_told
from zhanggui.people.permissions import Role, ShopId, operator

SUGGESTED = (ActKind.REFUND_AGREE, ActKind.RETURN_AGREE, ActKind.SENDING_CANCEL, ActKind.ORDER_NOTE)
"""What the desk offers to do on the platform for this shop; nothing goes by itself until whoever plays the demo says so."""

A_MOMENT = 4.0
"""Seconds a step may wait for the reading. An hour is read in a blink, a day in about two seconds on a quiet machine."""

IN_STEP = timedelta(minutes=5)
"""The platform wants the last three minutes left alone; a reading up to there is as good as now."""


def keep_connected(house: House, platform: Platform) -> ShopId:
    """The second shop, made where it is missing, with the same people, and connected to where the platform is now."""
    shop_id = _shop(house, platform)
    for person in story().shop.people[1:]:
        _take_in(house, shop_id, person)
    _connect(house, shop_id, platform)
    return shop_id


def sync_at_once(house: House) -> None:
    """Have the worker read the second shop now, not when its turn comes, and lend it a hand for a moment: a page drawn then shows the new state."""
    for shop_id in connected_shops(house):
        with house.pool.connection() as tx:
            sync_soon(tx, shop_id, clock.unwound())
        over = monotonic() + A_MOMENT
        while monotonic() < over and not _is_in_step(house, shop_id):
            if not sync_some(house, shop_id, clock.now(), clock.unwound(), "demo"):
                sleep(0.05)


def _is_in_step(house: House, shop_id: ShopId) -> bool:
    """Whether everything up to a few minutes ago was read. The platform's own margin lies between that and now."""
    now = clock.now()
    sources = sync_state(house, operator(), shop_id, now).sources
    return all(source.seen_to is not None and now - source.seen_to < IN_STEP for source in sources if source.source != "recheck")


def _shop(house: House, platform: Platform) -> ShopId:
    """The second shop of ours, under the name it has on the platform."""
    name = platform.shops[0].shop_name
    seen = {shop.name: shop.shop_id for shop in shops_seen(house, operator())}
    return seen[name] if name in seen else create_shop(house, owner(house), name, clock.now())


def _take_in(house: House, shop_id: ShopId, told: PersonTold) -> None:
    """Give somebody of the first shop the same part in the second, over an invitation like anybody."""
    by, person, now = owner(house), person_told(house, told.login), clock.now()
    if person is None or person.person_id in {member.person_id for member in people_of(house, by, shop_id, now).members}:
        return
    token = invite(house, by, shop_id, Role(told.role), told.name, now).rpartition("/")[2]
    accept(house, person, shop_id, token, now)


def _connect(house: House, shop_id: ShopId, platform: Platform) -> None:
    """Connect the shop where it is not, or have it go by the platform's new address where that has moved."""
    by, now, wall, doors = owner(house), clock.now(), clock.unwound(), doors_of(platform.gateway)
    stands = connection_state(house, by, shop_id, now)
    if stands.application is None or stands.application.doors != doors:
        connect_app(house, by, shop_id, NewApplication(client_id=platform.client_id, client_secret=platform.client_secret, doors=doors), now)
    if stands.state is not ConnectionState.CONNECTED:
        given = GivenTokens(access_token=platform.access_token, refresh_token=platform.refresh_token, owner_id=platform.shops[0].shop_id)
        connect_by_hand(house, by, shop_id, given, now, wall, is_sure=True)
        for kind in SUGGESTED:
            set_limits(house, by, shop_id, kind, msgspec.structs.replace(terms_of(kind).limits, level=ActLevel.SUGGEST), now)
        furnish_connected(house, by, shop_id)
