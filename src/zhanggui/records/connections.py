"""A shop's connection to the platform: one row a shop, tokens sealed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class ConnectionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A connection as it stands in the table."""

    shop_id: int
    app_id: int | None
    state: str
    owner_id: str | None = None
    owner_name: str | None = None
    mall_name: str | None = None
    tokens: bytes | None = None
    by_hand: bool = False
    authorised_at: datetime | None = None
    refreshed_at: datetime | None = None
    access_ends_at: datetime | None = None
    refresh_ends_at: datetime | None = None
    refresh_at: datetime | None = None
    retry_at: datetime | None = None
    attempts: int = 0
    door_tries: int = 0
    lapsed_at: datetime | None = None
    lapse: str | None = None
    changed_at: datetime

    @property
    def ends_at(self) -> datetime | None:
        """When everything that was granted ends: the later of both tokens; None where the platform told neither."""
        return max((moment for moment in (self.access_ends_at, self.refresh_ends_at) if moment is not None), default=None)


ONE = """
    select shop_id, app_id, state, owner_id, owner_name, mall_name, tokens, by_hand, authorised_at, refreshed_at, access_ends_at, refresh_ends_at,
        refresh_at, retry_at, attempts, door_tries, lapsed_at, lapse::text as lapse, changed_at
    from connections where shop_id = %(shop_id)s
"""
LOCK_ONE = """
    select shop_id, app_id, state, owner_id, owner_name, mall_name, tokens, by_hand, authorised_at, refreshed_at, access_ends_at, refresh_ends_at,
        refresh_at, retry_at, attempts, door_tries, lapsed_at, lapse::text as lapse, changed_at
    from connections where shop_id = %(shop_id)s
    for update
"""
OF_SHOPS = """
    select shop_id, app_id, state, owner_id, owner_name, mall_name, tokens, by_hand, authorised_at, refreshed_at, access_ends_at, refresh_ends_at,
        refresh_at, retry_at, attempts, door_tries, lapsed_at, lapse::text as lapse, changed_at
    from connections where shop_id = any(%(shop_ids)s) order by shop_id
"""
# a row to lock, before anything else is decided
BEGIN = """
    insert into connections (shop_id, app_id, state, changed_at) values (%(shop_id)s, null, 'unconnected', %(now)s)
    on conflict (shop_id) do nothing
"""
PUT = """
    update connections set app_id = %(app_id)s, state = %(state)s, owner_id = %(owner_id)s, owner_name = %(owner_name)s, mall_name = %(mall_name)s,
        tokens = %(tokens)s, by_hand = %(by_hand)s, authorised_at = %(authorised_at)s, refreshed_at = %(refreshed_at)s,
        access_ends_at = %(access_ends_at)s, refresh_ends_at = %(refresh_ends_at)s, refresh_at = %(refresh_at)s, retry_at = %(retry_at)s,
        attempts = %(attempts)s, door_tries = %(door_tries)s, lapsed_at = %(lapsed_at)s, lapse = %(lapse)s::json, changed_at = %(changed_at)s
    where shop_id = %(shop_id)s
"""
# after the platform has answered: only over the tokens it was asked with, so that a repeated try cannot undo what came later
PUT_REFRESHED = """
    update connections set tokens = %(tokens)s, state = 'connected', refreshed_at = %(refreshed_at)s, access_ends_at = %(access_ends_at)s,
        refresh_ends_at = %(refresh_ends_at)s, refresh_at = %(refresh_at)s, retry_at = null, attempts = 0, door_tries = 0, lapsed_at = null,
        lapse = null, changed_at = %(refreshed_at)s
    where shop_id = %(shop_id)s and tokens = %(before)s
"""
# a wait that lies farther ahead than any is ever given comes from a clock that was wrong
MEND = "update connections set retry_at = null where shop_id = %(shop_id)s and retry_at > %(beyond)s"
PUT_OFF = """
    update connections set retry_at = %(retry_at)s, attempts = attempts + 1, door_tries = %(door_tries)s where shop_id = %(shop_id)s
"""
DUE_A_REFRESH = """
    select shop_id from connections
    where shop_id = any(%(shop_ids)s) and state = 'connected' and refresh_at <= %(now)s and (retry_at is null or retry_at <= %(wall)s)
    order by refresh_at, shop_id
"""
CONNECTED = "select shop_id from connections where shop_id = any(%(shop_ids)s) and state = 'connected' order by shop_id"

CLAIM_SHOP = """
    insert into platform_shops (platform, owner_id, of_shop, made_at) values (%(platform)s, %(owner_id)s, %(of_shop)s, %(now)s)
    on conflict (platform, owner_id) do nothing
"""
SHOP_OF = "select of_shop from platform_shops where platform = %(platform)s and owner_id = %(owner_id)s"
NUMBER_OF = "select owner_id from platform_shops where platform = %(platform)s and of_shop = %(of_shop)s order by made_at limit 1"

ATTEMPT = """
    insert into connect_attempts (shop_id, state_digest, sign_in, app_id, redirect_uri, made_at, ends_at)
    values (%(shop_id)s, %(state_digest)s, %(sign_in)s, %(app_id)s, %(redirect_uri)s, %(made_at)s, %(ends_at)s)
"""
USE_ATTEMPT = """
    update connect_attempts set used_at = %(wall)s
    where shop_id = %(shop_id)s and state_digest = %(state_digest)s and sign_in = %(sign_in)s and used_at is null and ends_at > %(wall)s
    returning app_id, redirect_uri
"""
FORGET_ATTEMPTS = "delete from connect_attempts where shop_id = %(shop_id)s"
FORGET_OLD_ATTEMPTS = "delete from connect_attempts where shop_id = %(shop_id)s and ends_at <= %(before)s"


def one(tx: Tx, shop_id: int, *, lock: bool = False) -> ConnectionRecord | None:
    """The connection of the shop; with `lock`, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(ConnectionRecord)) as cursor:
        return cursor.execute(LOCK_ONE if lock else ONE, {"shop_id": shop_id}).fetchone()


def begun(tx: Tx, shop_id: int, now: datetime) -> ConnectionRecord:
    """The connection of the shop, made where there was none, held until the transaction ends."""
    tx.execute(BEGIN, {"shop_id": shop_id, "now": now})
    row = one(tx, shop_id, lock=True)
    assert row is not None
    return row


def of_shops(tx: Tx, shop_ids: Sequence[int]) -> list[ConnectionRecord]:
    """The connections of these shops."""
    with tx.cursor(row_factory=class_row(ConnectionRecord)) as cursor:
        return cursor.execute(OF_SHOPS, {"shop_ids": list(shop_ids)}).fetchall()


def put(tx: Tx, row: ConnectionRecord) -> None:
    """Keeps the connection as the row says. It has to be there and be held."""
    tx.execute(PUT, msgspec.structs.asdict(row))


def put_refreshed(tx: Tx, row: ConnectionRecord, before: bytes) -> bool:
    """Whether the fresh tokens were kept: only over those they were got with."""
    return tx.execute(PUT_REFRESHED, msgspec.structs.asdict(row) | {"before": before}).rowcount == 1


def mend(tx: Tx, shop_id: int, beyond: datetime) -> None:
    """Ends the wait for the next try at a refresh where it lies farther ahead than any is given."""
    tx.execute(MEND, {"shop_id": shop_id, "beyond": beyond})


def put_off(tx: Tx, shop_id: int, retry_at: datetime, door_tries: int) -> None:
    """Counts a refresh that failed, to be tried again at that moment of the wall clock; `door_tries` of them came to no answer of the last door."""
    tx.execute(PUT_OFF, {"shop_id": shop_id, "retry_at": retry_at, "door_tries": door_tries})


def due_a_refresh(tx: Tx, shop_ids: Sequence[int], now: datetime, wall: datetime) -> list[int]:
    """Those of the shops whose token is to be refreshed by now."""
    return [shop_id for (shop_id,) in tx.execute(DUE_A_REFRESH, {"shop_ids": list(shop_ids), "now": now, "wall": wall})]


def connected(tx: Tx, shop_ids: Sequence[int]) -> list[int]:
    """Those of the shops that are connected."""
    return [shop_id for (shop_id,) in tx.execute(CONNECTED, {"shop_ids": list(shop_ids)})]


def claim_shop(tx: Tx, platform: str, owner_id: str, shop_id: int, now: datetime) -> int:
    """The shop of the house that this shop of the platform is: this one, unless another was it before."""
    tx.execute(CLAIM_SHOP, {"platform": platform, "owner_id": owner_id, "of_shop": shop_id, "now": now})
    row = tx.execute(SHOP_OF, {"platform": platform, "owner_id": owner_id}).fetchone()
    assert row is not None
    return int(row[0])


def shop_of(tx: Tx, platform: str, owner_id: str) -> int | None:
    """The shop of the house that this shop of the platform is, None where it is none yet."""
    row = tx.execute(SHOP_OF, {"platform": platform, "owner_id": owner_id}).fetchone()
    return None if row is None else int(row[0])


def number_of(tx: Tx, platform: str, shop_id: int) -> str | None:
    """The platform's number of our shop, None before it was ever connected."""
    row = tx.execute(NUMBER_OF, {"platform": platform, "of_shop": shop_id}).fetchone()
    return None if row is None else str(row[0])


def begin_attempt(tx: Tx, shop_id: int, *, state_digest: bytes, sign_in: bytes, app_id: int, redirect_uri: str, made_at: datetime, ends_at: datetime) -> None:
    """Keeps that a person set out for the platform's page; attempts that are over go."""
    tx.execute(FORGET_OLD_ATTEMPTS, {"shop_id": shop_id, "before": made_at})
    slots = {"state_digest": state_digest, "sign_in": sign_in, "app_id": app_id, "redirect_uri": redirect_uri, "made_at": made_at, "ends_at": ends_at}
    tx.execute(ATTEMPT, {"shop_id": shop_id, **slots})


def use_attempt(tx: Tx, shop_id: int, *, state_digest: bytes, sign_in: bytes, wall: datetime) -> tuple[int, str] | None:
    """The application and the way back of an attempt that still runs, which is used up by this; None for any other."""
    slots = {"shop_id": shop_id, "state_digest": state_digest, "sign_in": sign_in, "wall": wall}
    row = tx.execute(USE_ATTEMPT, slots).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def forget_attempts(tx: Tx, shop_id: int) -> None:
    """Ends every attempt of the shop."""
    tx.execute(FORGET_ATTEMPTS, {"shop_id": shop_id})
