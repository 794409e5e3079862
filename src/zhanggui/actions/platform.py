"""The platform as a shop reaches it: in whose name, with which token, and what to do when the token no longer holds.

Reading goes this way directly; what changes something goes through the outbox, which uses the same access.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from zhanggui.actions.applications import opened_app
from zhanggui.actions.house import House
from zhanggui.actions.refreshing import refreshed
from zhanggui.actions.refused import Refused
from zhanggui.actions.tokens import opened_tokens
from zhanggui.actions.vault import VaultShut
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.core.connection import PLATFORM, ConnectionState
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import apps, connections, platform_troubles, shops
from zhanggui.records.connections import ConnectionRecord
from zhanggui.records.says import packed, unpacked

T = TypeVar("T")


class NotConnected(Refused):
    """The shop is not connected to the platform at the moment; `say` tells what to do."""


@dataclass(frozen=True)
class Access:
    """In whose name and with which token a shop's calls go out. Neither secret is ever shown."""

    app: App
    access_token: str = field(repr=False)
    shop_key: str
    """Under what the shop's own rate limits are counted: the platform's number of it."""
    owner_id: str


def access_to(house: House, shop_id: ShopId, now: datetime) -> Access:
    """The shop's access. Raises NotConnected where there is none, or where it is over and nobody can refresh it; VaultShut where its key is missing."""
    with house.pool.connection() as tx:
        row = connections.one(tx, shop_id)
    if row is None or row.state != ConnectionState.CONNECTED:
        raise NotConnected(_why_not(row))
    if row.ends_at is not None and row.ends_at <= now:
        raise NotConnected(say("What the shop authorised ended at {ended_at}. Connect the shop again on the Settings page.", ended_at=row.ends_at))
    return access_of(house, row)


def is_connected(house: House, shop_id: ShopId, now: datetime) -> bool:
    """Whether the shop's access can be had now: it is connected, and its key is at hand."""
    try:
        access_to(house, shop_id, now)
    except Refused:
        return False
    return True


def ask(house: House, shop_id: ShopId, call: Call[T], now: datetime, wall: datetime) -> T:
    """What the platform answers in the shop's name. Raises NotConnected, VaultShut, and PlatformError, which is kept for the Settings page.

    A token that no longer holds is refreshed, by one worker only, and the call made once more; an act is not repeated here, since the outbox decides that.
    """
    access = access_to(house, shop_id, now)
    try:
        return called(house, shop_id, access, call, now)
    except PlatformError as problem:
        if problem.trouble is not Trouble.TOKEN or not call.needs_token:
            raise
        if not refreshed(house, shop_id, access.access_token, problem, now, wall):
            raise
        if call.is_act:
            raise
    return called(house, shop_id, access_to(house, shop_id, now), call, now)


def called(house: House, shop_id: ShopId, access: Access, call: Call[T], now: datetime) -> T:
    """What the platform answers to this access; its trouble is kept for the Settings page and raised."""
    token = access.access_token if call.needs_token else None
    try:
        return house.line.call(access.app, call, shop_key=access.shop_key, access_token=token, now=now)
    except PlatformError as problem:
        note_trouble(house, shop_id, problem, now)
        raise


def note_trouble(house: House, shop_id: ShopId, problem: PlatformError, now: datetime) -> None:
    """Keeps what went wrong, with the platform's own code and words; our own pace is no trouble."""
    if problem.trouble is Trouble.SLOW_DOWN and not problem.code:
        return
    with house.pool.connection() as tx:
        platform_troubles.note(
            tx,
            shop_id,
            method=problem.method,
            code=str(problem.code or ""),
            sub_code=problem.sub_code,
            trouble=problem.trouble.value,
            told=problem.reason,
            say=packed(problem.say),
            request_id=problem.request_id,
            now=now,
        )


def connected_shops(house: House) -> tuple[ShopId, ...]:
    """The shops of the house that are connected at the moment."""
    with house.pool.connection() as tx:
        return tuple(ShopId(shop_id) for shop_id in connections.connected(tx, [shop.shop_id for shop in shops.every(tx)]))


def streams(house: House, now: datetime) -> tuple[App, ...]:
    """Every application through which a shop is connected now, once each: on each of them the platform sends what happens in its shops."""
    with house.pool.connection() as tx:
        rows = [row for row in connections.of_shops(tx, [shop.shop_id for shop in shops.every(tx)]) if row.state == ConnectionState.CONNECTED]
        named = {row.app_id: apps.one(tx, row.app_id) for row in rows if row.app_id is not None and (row.ends_at is None or row.ends_at > now)}
    found: dict[tuple[str, str], App] = {}
    # one client_id may stand in several rows: the house's own goes first, then the oldest, so that no later row with a wrong secret silences them
    for record in sorted(filter(None, named.values()), key=lambda record: (record.for_shop is not None, record.app_id)):
        with suppress(VaultShut):  # its messages cannot be had; the others' can
            app = opened_app(house, record)
            found.setdefault((app.client_id, app.doors.messages), app)
    return tuple(found.values())


def shop_of_owner(house: House, client_id: str, owner_id: str) -> ShopId | None:
    """The shop of ours that a message of this application about this shop of the platform concerns; None where it is none, or is not connected through it."""
    with house.pool.connection() as tx:
        shop_id = connections.shop_of(tx, PLATFORM, owner_id)
        row = None if shop_id is None else connections.one(tx, shop_id)
        app = None if row is None or row.app_id is None else apps.one(tx, row.app_id)
    if row is None or app is None or app.client_id != client_id or row.state != ConnectionState.CONNECTED:
        return None
    return ShopId(row.shop_id)


def access_of(house: House, row: ConnectionRecord) -> Access:
    """The access that a connection holds, whatever its state. Raises NotConnected where it holds none, VaultShut where its key is missing."""
    with house.pool.connection() as tx:
        app = None if row.app_id is None else apps.one(tx, row.app_id)
    if app is None or row.tokens is None:
        raise NotConnected(_why_not(row))
    tokens = opened_tokens(house, row.tokens)
    return Access(opened_app(house, app), tokens.access_token, row.owner_id or str(row.shop_id), row.owner_id or "")


def _why_not(row: ConnectionRecord | None) -> Say:
    if row is not None and row.state == ConnectionState.LAPSED and row.lapse:
        return unpacked(row.lapse)
    if row is not None and row.state == ConnectionState.TO_CONFIRM:
        return say("Somebody has to say on the Settings page whether the shop that came back from the platform is the one meant.")
    return say("The shop is not connected to the platform. An owner can connect it on the Settings page.")
