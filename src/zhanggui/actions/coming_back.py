"""Which shop of the platform came back, and keeping it as one of ours if it is the one meant."""

import unicodedata
from datetime import datetime

import msgspec

from zhanggui.actions.authorisation import reckon_authorisation
from zhanggui.actions.house import House
from zhanggui.actions.lanes import resume
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.syncing.beginning import begin_sync
from zhanggui.actions.tokens import Tokens, refresh_at, sealed_tokens
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.shop import mall_info
from zhanggui.core.connection import PLATFORM, ConnectionState
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import connections, goods_readings, journal, platform_troubles, shops
from zhanggui.records.connections import ConnectionRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import ShopConnected, ShopRefused


class Who(msgspec.Struct, frozen=True):
    """A shop of the platform: its number, and its name as far as the platform tells it."""

    owner_id: str
    mall_name: str


class Came(msgspec.Struct, frozen=True):
    """What came back: the shop, and what it granted."""

    who: Who
    owner_name: str | None
    tokens: Tokens
    access_ends_at: datetime | None
    refresh_ends_at: datetime | None
    by_hand: bool
    is_sure: bool


class WrongShop(Refused):
    """Another shop than the one meant; nothing of it was kept."""


def asked_who(line: Line, app: App, access_token: str, owner_id: str | None, now: datetime) -> Who:
    """The shop that a token is of, by the platform's own word. Raises PlatformError, and WrongShop where token and shop do not fit together."""
    try:
        mall = line.call(app, mall_info(), shop_key=owner_id or "", access_token=access_token, now=now)
    except PlatformError as problem:
        # an application without the permission for this method still tells the number with the token
        if problem.trouble is Trouble.TOKEN or not owner_id or problem.do != "package":
            raise
        return Who(owner_id, "")
    if owner_id and mall.owner_id != owner_id:
        raise WrongShop(
            say("The token is of the platform's shop {came} ({name}), not of {meant}. Nothing was kept.", came=mall.owner_id, name=mall.name, meant=owner_id)
        )
    return Who(mall.owner_id, mall.name)


def keep(house: House, by: Person, shop_id: ShopId, app_id: int, came: Came, now: datetime, wall: datetime) -> ConnectionState:
    """Keeps the connection, or keeps it waiting until somebody says that a shop of another name is the one meant. Raises WrongShop and keeps nothing."""
    sealed = sealed_tokens(house, came.tokens)

    def work(tx: Tx) -> ConnectionState | WrongShop:
        row = connections.begun(tx, shop_id, now)
        if row.app_id != app_id:
            raise Refused(say("The application was changed meanwhile. Begin again on the Settings page."))
        refusal = _not_meant(tx, by, shop_id, came.who)
        if refusal is not None:
            journal.write(tx, shop_id, ShopRefused(came.who.owner_id), at=now, by=by.person_id)
            return refusal
        known = connections.number_of(tx, PLATFORM, shop_id) is not None
        is_meant = known or came.is_sure or _same_name(came.who.mall_name, _name_of(tx, shop_id))
        state = ConnectionState.CONNECTED if is_meant else ConnectionState.TO_CONFIRM
        row = _with(row, came, sealed, state, now)
        connections.put(tx, row)
        if is_meant:
            open_shop(house, tx, by, row, now, wall)
        return state

    kept = transact(house.pool, work)
    if isinstance(kept, WrongShop):
        raise kept
    return kept


def open_shop(house: House, tx: Tx, by: Person, row: ConnectionRecord, now: datetime, wall: datetime) -> None:
    """What follows once a shop is connected, in the transaction that says so: its number is ours, old troubles are forgotten, reading begins."""
    shop_id = ShopId(row.shop_id)
    assert row.owner_id is not None
    if connections.claim_shop(tx, PLATFORM, row.owner_id, shop_id, now) != shop_id:
        raise WrongShop(taken(tx, by, row.owner_id))
    connections.forget_attempts(tx, shop_id)
    platform_troubles.forget_all(tx, shop_id)
    begin_sync(tx, shop_id, now, wall)
    goods_readings.soon(tx, shop_id, wall)
    resume(tx, shop_id)
    reckon_authorisation(tx, rulebook_in(tx, house, shop_id), row, now)
    journal.write(tx, shop_id, ShopConnected(row.mall_name or row.owner_id, row.owner_id, row.by_hand), at=now, by=by.person_id)


def taken(tx: Tx, by: Person, owner_id: str) -> Say:
    """That the platform's shop is another of ours already; which, only to those who may know."""
    other = connections.shop_of(tx, PLATFORM, owner_id)
    if other is not None and by.may(Permission.SETTINGS_READ, ShopId(other)):
        return say("The platform's shop {owner_id} is {shop} here already. Nothing was kept.", owner_id=owner_id, shop=_name_of(tx, other))
    return say("The platform's shop {owner_id} belongs to another shop of this house already. Nothing was kept.", owner_id=owner_id)


def _not_meant(tx: Tx, by: Person, shop_id: ShopId, who: Who) -> WrongShop | None:
    """Why the shop that came back cannot be ours, None where it can."""
    meant = connections.number_of(tx, PLATFORM, shop_id)
    if meant is not None and meant != who.owner_id:
        return WrongShop(
            say(
                "Another shop came back: {name} ({came}), but {shop} is the platform's shop {meant}. Nothing was kept. "
                "Sign out at the platform, sign in as the right shop, and try again.",
                name=who.mall_name or who.owner_id,
                came=who.owner_id,
                shop=_name_of(tx, shop_id),
                meant=meant,
            )
        )
    other = connections.shop_of(tx, PLATFORM, who.owner_id)
    return WrongShop(taken(tx, by, who.owner_id)) if other not in (None, shop_id) else None


def _with(row: ConnectionRecord, came: Came, sealed: bytes, state: ConnectionState, now: datetime) -> ConnectionRecord:
    return msgspec.structs.replace(
        row,
        state=state.value,
        owner_id=came.who.owner_id,
        owner_name=came.owner_name,
        mall_name=came.who.mall_name or None,
        tokens=sealed,
        by_hand=came.by_hand,
        authorised_at=now,
        refreshed_at=None,
        access_ends_at=came.access_ends_at,
        refresh_ends_at=came.refresh_ends_at,
        refresh_at=refresh_at(came.tokens, came.access_ends_at, now),
        retry_at=None,
        attempts=0,
        door_tries=0,
        lapsed_at=None,
        lapse=None,
        changed_at=now,
    )


def _name_of(tx: Tx, shop_id: int) -> str:
    return next((shop.name for shop in shops.of_ids(tx, [shop_id])), str(shop_id))


def _same_name(theirs: str, ours: str) -> bool:
    return bool(theirs) and _folded(theirs) == _folded(ours)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
