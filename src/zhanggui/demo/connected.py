"""The demo's second shop: it lives on the platform behind the demo, and is connected to it and kept in step like any real shop."""

from datetime import timedelta

from zhanggui import clock
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.connecting import GivenTokens, connect_by_hand
from zhanggui.actions.connections import connection_state
from zhanggui.actions.house import House
from zhanggui.actions.joining import accept
from zhanggui.actions.people import invite, people_of
from zhanggui.actions.platform import connected_shops
from zhanggui.actions.shops import create_shop, shops_seen
from zhanggui.actions.syncing import read_back_to, sync_soon
from zhanggui.connectors.pdd.doors import doors_of
from zhanggui.core.connection import ConnectionState
from zhanggui.demo.behind import Platform
from zhanggui.demo.story_data import PersonTold, story
from zhanggui.demo.telling import owner, person_told
from zhanggui.people.permissions import Role, ShopId, operator

READ_BACK = timedelta(days=1)
"""How far back the increments are read: the shop is hardly older than its story, and its days before come whole by the re-check."""


def keep_connected(house: House, platform: Platform) -> ShopId:
    """The second shop, made where it is missing, with the same people, and connected to where the platform is now."""
    shop_id = _shop(house, platform)
    for person in story().shop.people[1:]:
        _take_in(house, shop_id, person)
    _connect(house, shop_id, platform)
    return shop_id


def sync_at_once(house: House) -> None:
    """Have the worker read the second shop now, not when its turn comes."""
    wall = clock.unwound()
    for shop_id in connected_shops(house):
        with house.pool.connection() as tx:
            sync_soon(tx, shop_id, wall)


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
        with house.pool.connection() as tx:
            read_back_to(tx, shop_id, now - READ_BACK)
