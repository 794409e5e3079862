"""A shop's connection as a person sees it: how it stands, what went wrong lately; saying yes or no to the shop that came back; trying it; taking it away."""

from datetime import datetime

import msgspec

from zhanggui.actions.applications import ApplicationInfo, info_of
from zhanggui.actions.authorisation import granted, reckon_authorisation
from zhanggui.actions.coming_back import WrongShop, open_shop, taken
from zhanggui.actions.house import House
from zhanggui.actions.lanes import resume
from zhanggui.actions.platform import access_of, ask, called
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.syncing.beginning import pause_sync
from zhanggui.actions.tokens import opened_tokens, refresh_at
from zhanggui.actions.vault import VaultShut
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.shop import mall_info
from zhanggui.core.connection import PLATFORM, ConnectionState
from zhanggui.core.deadlines import Explanation
from zhanggui.core.explain import explain_authorisation
from zhanggui.core.rules import NoSuchRule
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import apps, connections, hints, journal, platform_troubles
from zhanggui.records.connections import ConnectionRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import ShopDisconnected, ShopRefused
from zhanggui.records.platform_troubles import TroubleRecord
from zhanggui.records.says import unpacked

TROUBLES_SHOWN = 8


class TroubleSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of trouble with the platform: its own code and words, what to do, how often and when."""

    method: str
    code: str
    sub_code: str
    told: str
    trouble: str
    say: Say
    request_id: str
    times: int
    first_at: datetime
    last_at: datetime


class ConnectionView(msgspec.Struct, frozen=True, kw_only=True):
    """How a shop's connection stands. It holds no secret."""

    shop_id: ShopId
    state: ConnectionState
    application: ApplicationInfo | None = None
    applications: tuple[ApplicationInfo, ...] = ()
    """Those it may be connected through."""
    owner_id: str | None = None
    """The platform's number of the shop; known from the first connection on."""
    owner_name: str | None = None
    mall_name: str | None = None
    by_hand: bool = False
    authorised_at: datetime | None = None
    refreshed_at: datetime | None = None
    refresh_at: datetime | None = None
    """When the token is refreshed next; None where that cannot be done."""
    can_refresh: bool = False
    """Whether there is something to refresh the token with."""
    access_ends_at: datetime | None = None
    ends_at: datetime | None = None
    """When everything that was granted ends, as the platform told it."""
    renewal: Explanation | None = None
    """The deadline to authorise again, and how it came about."""
    lapsed_at: datetime | None = None
    problem: Say | None = None
    """Why nothing can be read or sent, and what to do."""
    troubles: tuple[TroubleSeen, ...] = ()


def connection_state(house: House, by: Person, shop_id: ShopId, now: datetime) -> ConnectionView:
    """How the shop's connection stands."""
    by.need(Permission.SETTINGS_READ, shop_id)
    with house.pool.connection() as tx:
        choices = tuple(info_of(row) for row in apps.open_to(tx, shop_id))
        row = connections.one(tx, shop_id)
        if row is None:
            return ConnectionView(shop_id=shop_id, state=ConnectionState.UNCONNECTED, applications=choices)
        can_refresh, problem = _use_of(house, row, now)
        return ConnectionView(
            shop_id=shop_id,
            state=ConnectionState(row.state),
            application=next((info for info in choices if info.app_id == row.app_id), None),
            applications=choices,
            owner_id=row.owner_id,
            owner_name=row.owner_name,
            mall_name=row.mall_name,
            by_hand=row.by_hand,
            authorised_at=row.authorised_at,
            refreshed_at=row.refreshed_at,
            refresh_at=row.refresh_at,
            access_ends_at=row.access_ends_at,
            ends_at=row.ends_at,
            renewal=_renewal(house, tx, row, now),
            lapsed_at=row.lapsed_at,
            can_refresh=can_refresh,
            problem=problem,
            troubles=tuple(_seen(record) for record in platform_troubles.newest(tx, shop_id, TROUBLES_SHOWN)),
        )


def confirm_shop(house: House, by: Person, shop_id: ShopId, owner_id: str, now: datetime, wall: datetime) -> None:
    """The shop that came back is the one meant: it is connected. Raises Refused where another came back meanwhile, or it is another of ours."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = connections.one(tx, shop_id, lock=True)
        if row is None or row.state != ConnectionState.TO_CONFIRM or row.owner_id != owner_id:
            raise Refused(say("There is nothing to confirm any more. Look at the Settings page again."))
        if connections.shop_of(tx, PLATFORM, owner_id) not in (None, shop_id):
            raise WrongShop(taken(tx, by, owner_id))
        row = msgspec.structs.replace(row, state=ConnectionState.CONNECTED.value, changed_at=now)
        connections.put(tx, row)
        open_shop(house, tx, by, row, now, wall)

    transact(house.pool, work)


def refuse_shop(house: House, by: Person, shop_id: ShopId, now: datetime) -> None:
    """The shop that came back is not the one meant: everything of it is wiped, the application stays."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = connections.one(tx, shop_id, lock=True)
        if row is None or row.state != ConnectionState.TO_CONFIRM:
            raise Refused(say("There is nothing to confirm any more. Look at the Settings page again."))
        journal.write(tx, shop_id, ShopRefused(row.owner_id or ""), at=now, by=by.person_id)
        connections.put(tx, ConnectionRecord(shop_id=shop_id, app_id=row.app_id, state=ConnectionState.UNCONNECTED.value, changed_at=now))

    transact(house.pool, work)


def check_connection(house: House, by: Person, shop_id: ShopId, now: datetime, wall: datetime) -> None:
    """Asks the platform once whether it takes the shop's token; one that had lapsed and is taken again is connected again. Raises Refused with the reason."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    with house.pool.connection() as tx:
        row = connections.one(tx, shop_id)
    try:
        if row is not None and row.state == ConnectionState.LAPSED:
            called(house, shop_id, access_of(house, row), mall_info(), now)
            _revive(house, by, shop_id, row, now, wall)
        else:
            ask(house, shop_id, mall_info(), now, wall)
    except PlatformError as problem:
        raise Refused(problem.say) from None


def disconnect(house: House, by: Person, shop_id: ShopId, now: datetime) -> None:
    """Takes the connection away: tokens are wiped, an application of the shop's own too; what was read stays. Only the same shop can be connected again."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = connections.one(tx, shop_id, lock=True)
        if row is None or (row.app_id is None and row.tokens is None):
            raise Refused(say("The shop is not connected to the platform."))
        is_known = connections.number_of(tx, PLATFORM, shop_id) is not None
        connections.forget_attempts(tx, shop_id)
        platform_troubles.forget_all(tx, shop_id)
        wiped = ConnectionRecord(
            shop_id=shop_id,
            app_id=None,
            state=ConnectionState.UNCONNECTED.value,
            owner_id=row.owner_id if is_known else None,
            mall_name=row.mall_name if is_known else None,
            changed_at=now,
        )
        connections.put(tx, wiped)
        if row.app_id is not None:
            apps.wipe_own(tx, row.app_id, shop_id)
        pause_sync(tx, shop_id)
        hints.forget_shop(tx, shop_id)
        resume(tx, shop_id)
        reckon_authorisation(tx, rulebook_in(tx, house, shop_id), wiped, now)
        journal.write(tx, shop_id, ShopDisconnected(), at=now, by=by.person_id)

    transact(house.pool, work)


def _revive(house: House, by: Person, shop_id: ShopId, seen: ConnectionRecord, now: datetime, wall: datetime) -> None:
    def work(tx: Tx) -> None:
        row = connections.one(tx, shop_id, lock=True)
        if row is None or row.tokens != seen.tokens or row.state != ConnectionState.LAPSED:
            return
        again_at = None if row.tokens is None else refresh_at(opened_tokens(house, row.tokens), row.access_ends_at, now)
        row = msgspec.structs.replace(
            row, state=ConnectionState.CONNECTED.value, refresh_at=again_at, attempts=0, door_tries=0, lapsed_at=None, lapse=None, changed_at=now
        )
        connections.put(tx, row)
        open_shop(house, tx, by, row, now, wall)

    transact(house.pool, work)


def _renewal(house: House, tx: Tx, row: ConnectionRecord, now: datetime) -> Explanation | None:
    held = granted(row)
    try:
        return None if held is None else explain_authorisation(held, rulebook_in(tx, house, ShopId(row.shop_id)), now)
    except NoSuchRule:
        return None


def _use_of(house: House, row: ConnectionRecord, now: datetime) -> tuple[bool, Say | None]:
    """Whether the tokens can be refreshed, and why the connection is of no use at the moment."""
    try:
        can_refresh = row.tokens is not None and opened_tokens(house, row.tokens).refresh_token is not None
    except VaultShut as shut:
        return False, shut.say
    if row.lapse is not None:
        return can_refresh, unpacked(row.lapse)
    if row.state == ConnectionState.CONNECTED and row.ends_at is not None and row.ends_at <= now:
        return can_refresh, say("What the shop authorised ended at {ended_at}. Connect the shop again on the Settings page.", ended_at=row.ends_at)
    return can_refresh, None


def _seen(record: TroubleRecord) -> TroubleSeen:
    return TroubleSeen(
        method=record.method,
        code=record.code,
        sub_code=record.sub_code,
        told=record.told,
        trouble=record.trouble,
        say=unpacked(record.say),
        request_id=record.request_id,
        times=record.times,
        first_at=record.first_at,
        last_at=record.last_at,
    )
