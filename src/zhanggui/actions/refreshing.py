"""Refreshing tokens: in time, by one worker only, and what happens when it fails."""

import time
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from zhanggui.actions.applications import opened_app
from zhanggui.actions.authorisation import reckon_authorisation
from zhanggui.actions.house import House
from zhanggui.actions.lanes import resume
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.tokens import Tokens, ends_of, opened_tokens, refresh_at, sealed_tokens, token_for_refresh
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.old_door import METHOD as LAST_DOOR
from zhanggui.connectors.pdd.tokens import Token
from zhanggui.core.connection import ConnectionState
from zhanggui.core.say import Say
from zhanggui.people.permissions import ShopId
from zhanggui.records import apps, connections, journal, shops, sync_sources
from zhanggui.records.connections import ConnectionRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import ConnectionLapsed
from zhanggui.records.says import packed

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
KEEP_TRIES, KEEP_WAIT = 20, 0.5
LAST_DOOR_TRIES = 5
"""So often the older door may answer with what is no answer, once the gateway has said that it refreshes nothing; there is no other door after it."""
LAST_DAY, LAST_SHARE = timedelta(days=1), 8
"""Until so long before its end, or such a share of its life where that is less, a token that the platform still takes is tried to be refreshed, whatever
the older door answers."""
_NO_ANSWER = frozenset({"astray", "business", "package", "strange", "unknown"})


class _Kept(msgspec.Struct, frozen=True):
    """What came of a try."""

    is_fresh: bool
    problem: PlatformError | None = None


def refresh_due_tokens(house: House, now: datetime, wall: datetime) -> int:
    """Refreshes the tokens whose time has come, shop by shop; how many were. For the worker's timetable."""
    with house.pool.connection() as tx:
        due = connections.due_a_refresh(tx, [shop.shop_id for shop in shops.every(tx)], now, wall)
    return sum(_try(house, ShopId(shop_id), None, None, now, wall).is_fresh for shop_id in due)


def refreshed(house: House, shop_id: ShopId, stale_token: str, problem: PlatformError, now: datetime, wall: datetime) -> bool:
    """Whether the shop now has another token than the one the platform did not take. Where none can be had for good, the connection has lapsed."""
    return _try(house, shop_id, stale_token, problem, now, wall).is_fresh


def lapse(house: House, shop_id: ShopId, because: Say, code: str, now: datetime, *, stale: bytes | None) -> None:
    """The platform takes no token of this shop any more: nothing is read or sent until a person authorises again, and a to-do says so."""

    def work(tx: Tx) -> None:
        row = connections.one(tx, shop_id, lock=True)
        if row is None or row.state != ConnectionState.CONNECTED or row.tokens != stale:
            return  # somebody was quicker, or the shop was connected again meanwhile
        row = msgspec.structs.replace(
            row, state=ConnectionState.LAPSED.value, lapsed_at=now, lapse=packed(because), refresh_at=None, retry_at=None, changed_at=now
        )
        connections.put(tx, row)
        reckon_authorisation(tx, rulebook_in(tx, house, shop_id), row, now)
        journal.write(tx, shop_id, ConnectionLapsed(code), at=now, by=None)

    transact(house.pool, work)


def _try(house: House, shop_id: ShopId, stale_token: str | None, problem: PlatformError | None, now: datetime, wall: datetime) -> _Kept:
    """One try at fresh tokens. The row is held while the platform is asked, so that others wait and then find the fresh ones."""
    with house.pool.connection() as tx:
        row = connections.one(tx, shop_id, lock=True)
        app = None if row is None or row.app_id is None else apps.one(tx, row.app_id)
        if row is None or app is None or row.tokens is None or row.state != ConnectionState.CONNECTED:
            return _Kept(False)
        tokens = opened_tokens(house, row.tokens)
        if stale_token is not None and tokens.access_token != stale_token:
            return _Kept(True)  # another worker was quicker
        if (stale_token is None and (row.refresh_at is None or row.refresh_at > now)) or (row.retry_at is not None and wall < row.retry_at):
            return _Kept(False)
        answer = _asked(house, tokens, opened_app(house, app), now)
        if isinstance(answer, Token):
            return _keep(house, tx, _with(house, row, answer, tokens, now), row.tokens, wall)
        door_tries = row.door_tries + (answer is not None and _is_no_answer(answer))
        if answer is not None and _may_pass(answer, door_tries, is_pressing=stale_token is not None or _is_near_its_end(row, now)):
            connections.put_off(tx, shop_id, wall + min(max(FIRST_WAIT * 2 ** min(row.attempts, 10), answer.wait), LONGEST_WAIT), door_tries)
            return _Kept(False, answer)
    if stale_token is None:
        _no_more(house, shop_id, row.tokens, now)
    elif problem is not None:
        lapse(house, shop_id, problem.say, str(problem.code), now, stale=row.tokens)
    return _Kept(False, answer)


def _asked(house: House, tokens: Tokens, app: App, now: datetime) -> Token | PlatformError | None:
    """What the platform answers to the refresh token; None where there is no such token."""
    if tokens.refresh_token is None:
        return None
    try:
        return token_for_refresh(house.line, app, tokens.refresh_token, now)
    except PlatformError as problem:
        return problem


def _may_pass(problem: PlatformError, door_tries: int, *, is_pressing: bool) -> bool:
    """Whether a later try may bring fresh tokens all the same."""
    if problem.trouble in (Trouble.TOKEN, Trouble.FOREVER):
        return False
    return not (_is_no_answer(problem) and is_pressing) or door_tries < LAST_DOOR_TRIES


def _is_near_its_end(row: ConnectionRecord, now: datetime) -> bool:
    """Whether a person has to hear soon that the token ends; of one without an end, that is always."""
    since = row.refreshed_at or row.authorised_at
    if row.access_ends_at is None or since is None:
        return True
    return row.access_ends_at - now <= min(LAST_DAY, (row.access_ends_at - since) / LAST_SHARE)


def _is_no_answer(problem: PlatformError) -> bool:
    """Whether the older door said what it says where it is gone, or kept by something that stands before it."""
    return problem.method == LAST_DOOR and problem.do in _NO_ANSWER


def _with(house: House, row: ConnectionRecord, token: Token, before: Tokens, now: datetime) -> ConnectionRecord:
    """The connection with fresh tokens; an end the platform does not repeat is not known any more."""
    tokens = Tokens(token.access_token, token.refresh_token or before.refresh_token)
    access_ends_at, refresh_ends_at = ends_of(token, now)
    return msgspec.structs.replace(
        row,
        state=ConnectionState.CONNECTED.value,
        tokens=sealed_tokens(house, tokens),
        refreshed_at=now,
        access_ends_at=access_ends_at,
        refresh_ends_at=refresh_ends_at,
        refresh_at=refresh_at(tokens, access_ends_at, now),
        retry_at=None,
        attempts=0,
        door_tries=0,
        lapsed_at=None,
        lapse=None,
        changed_at=now,
    )


def _keep(house: House, tx: Tx, row: ConnectionRecord, before: bytes, wall: datetime) -> _Kept:
    """Keeps fresh tokens at once: the platform may have ended the old ones with its answer. Should the database be away just now, with some patience."""
    try:
        kept = _stored(house, tx, row, before, wall)
        tx.commit()
        return _Kept(kept)
    except psycopg.OperationalError:
        for _ in range(KEEP_TRIES):
            time.sleep(KEEP_WAIT)
            with suppress(psycopg.OperationalError, PoolTimeout), house.pool.connection() as again:
                return _Kept(_stored(house, again, row, before, wall))
        raise


def _stored(house: House, tx: Tx, row: ConnectionRecord, before: bytes, wall: datetime) -> bool:
    """Whether the fresh tokens are kept; whatever rested because the platform took the old ones no more goes on at once."""
    kept = connections.put_refreshed(tx, row, before)
    if kept:
        sync_sources.wake(tx, row.shop_id, wall)
        resume(tx, ShopId(row.shop_id))
    if kept and row.refreshed_at is not None:
        reckon_authorisation(tx, rulebook_in(tx, house, ShopId(row.shop_id)), row, row.refreshed_at)
    return kept


def _no_more(house: House, shop_id: ShopId, stale: bytes, now: datetime) -> None:
    """The platform refreshes nothing here, but takes the token it gave until that ends: the to-do to authorise again falls due before it."""

    def work(tx: Tx) -> None:
        row = connections.one(tx, shop_id, lock=True)
        if row is None or row.tokens != stale:
            return
        row = msgspec.structs.replace(row, refresh_at=None, refresh_ends_at=None, retry_at=None, changed_at=now)
        connections.put(tx, row)
        reckon_authorisation(tx, rulebook_in(tx, house, shop_id), row, now)

    transact(house.pool, work)
