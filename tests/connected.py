"""A shop of the house connected to a running emulator, for every test that wants one."""

from datetime import datetime

from tests.emulator.caller import Caller
from zhanggui import clock
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.connecting import GivenTokens, Outcome, connect_by_hand
from zhanggui.actions.house import House
from zhanggui.connectors.pdd.doors import doors_of
from zhanggui.people.permissions import ShopId, operator


def name_app(house: House, shop_id: ShopId, platform: Caller, *, for_all_shops: bool = True, now: datetime | None = None) -> int:
    """Name the emulator's application for the shop, as the operator would."""
    line = platform.line
    app = NewApplication(client_id=line.client_id, client_secret=line.client_secret, doors=doors_of(line.gateway), for_all_shops=for_all_shops)
    return connect_app(house, operator(), shop_id, app, now or clock.now())


def connect(house: House, shop_id: ShopId, platform: Caller, *, which: int = 0, now: datetime | None = None) -> Outcome:
    """Connect the shop of ours to one of the emulator's, with the tokens of its first line."""
    moment = now or clock.now()
    name_app(house, shop_id, platform, now=moment)
    theirs = platform.line.shops[which]
    given = GivenTokens(access_token=theirs.access_token, refresh_token=theirs.refresh_token, owner_id=theirs.shop_id)
    return connect_by_hand(house, operator(), shop_id, given, moment, clock.unwound(), is_sure=True)
