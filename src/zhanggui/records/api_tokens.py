"""The tokens of other programs, by their digests, and what each was answered under a key of its own."""

from datetime import datetime, timedelta

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class TokenRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A token as it stands; what it is nobody knows any more but its holder."""

    shop_id: int
    token_no: int
    name: str
    scopes: list[str]
    made_by: int | None
    made_at: datetime
    ends_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class KeptAnswer(msgspec.Struct, frozen=True):
    """What was answered, and a digest of what was asked."""

    digest: bytes
    status: int
    """0 while somebody is at it."""
    answer: str


INSERT = """
    insert into api_tokens (shop_id, name, digest, scopes, made_by, made_at, ends_at)
    values (%(shop_id)s, %(name)s, %(digest)s, %(scopes)s, %(made_by)s, %(made_at)s, %(ends_at)s)
    returning token_no
"""
BY_DIGEST = """
    select shop_id, token_no, name, scopes, made_by, made_at, ends_at, used_at, revoked_at from api_tokens
    where shop_id = %(shop_id)s and digest = %(digest)s and revoked_at is null and (ends_at is null or ends_at > %(wall)s)
"""
OF_SHOP = """
    select shop_id, token_no, name, scopes, made_by, made_at, ends_at, used_at, revoked_at from api_tokens
    where shop_id = %(shop_id)s and (revoked_at is null or %(with_revoked)s) order by token_no
"""
NOTE_USE = "update api_tokens set used_at = %(wall)s where shop_id = %(shop_id)s and token_no = %(token_no)s and (used_at is null or used_at < %(before)s)"
REVOKE = """
    update api_tokens set revoked_at = %(wall)s, revoked_by = %(by)s
    where shop_id = %(shop_id)s and token_no = %(token_no)s and revoked_at is null
    returning name
"""
REVOKE_OF = """
    update api_tokens set revoked_at = %(wall)s, revoked_by = %(by)s
    where shop_id = %(shop_id)s and made_by = %(made_by)s and revoked_at is null
    returning token_no, name
"""
NOTE_LOOK = (
    "update api_tokens set looked_at = %(wall)s where shop_id = %(shop_id)s and token_no = %(token_no)s and (looked_at is null or looked_at < %(before)s)"
)
LAST_LOOK = """
    select max(looked_at) from api_tokens
    where shop_id = %(shop_id)s and revoked_at is null and (ends_at is null or ends_at > %(wall)s) and %(scope)s = any(scopes)
"""
KEPT = "select digest, status, answer::text from api_answers where shop_id = %(shop_id)s and token_no = %(token_no)s and key = %(key)s"
# whoever comes first answers it; where whoever did has been gone for too long, or said so by a clock that was wrong, the next one does
BEGIN = """
    insert into api_answers (shop_id, token_no, key, digest, status, answer, made_at)
    values (%(shop_id)s, %(token_no)s, %(key)s, %(digest)s, 0, 'null', %(wall)s)
    on conflict (shop_id, token_no, key) do update set made_at = excluded.made_at
    where api_answers.status = 0 and api_answers.digest = excluded.digest
        and (api_answers.made_at < %(given_up)s or api_answers.made_at > %(beyond)s)
    returning true
"""
GO_ON = """
    update api_answers set made_at = %(wall)s
    where shop_id = %(shop_id)s and token_no = %(token_no)s and key = %(key)s and status = 0 and made_at = %(since)s
"""
KEEP = """
    update api_answers set status = %(status)s, answer = %(answer)s, made_at = %(wall)s
    where shop_id = %(shop_id)s and token_no = %(token_no)s and key = %(key)s and status = 0 and made_at = %(since)s
"""
LET_GO = "delete from api_answers where shop_id = %(shop_id)s and token_no = %(token_no)s and key = %(key)s and status = 0 and made_at = %(since)s"
FORGET = "delete from api_answers where shop_id = %(shop_id)s and made_at < %(before)s"


def insert(tx: Tx, shop_id: int, *, name: str, digest: bytes, scopes: list[str], made_by: int | None, made_at: datetime, ends_at: datetime | None) -> int:
    """The number of a new token."""
    slots = {"shop_id": shop_id, "name": name, "digest": digest, "scopes": scopes, "made_by": made_by, "made_at": made_at, "ends_at": ends_at}
    row = tx.execute(INSERT, slots).fetchone()
    assert row is not None
    return int(row[0])


def by_digest(tx: Tx, shop_id: int, digest: bytes, wall: datetime) -> TokenRecord | None:
    """The token of this digest, where it still opens anything."""
    with tx.cursor(row_factory=class_row(TokenRecord)) as cursor:
        return cursor.execute(BY_DIGEST, {"shop_id": shop_id, "digest": digest, "wall": wall}).fetchone()


def of_shop(tx: Tx, shop_id: int, *, with_revoked: bool = False) -> list[TokenRecord]:
    """The tokens of a shop."""
    with tx.cursor(row_factory=class_row(TokenRecord)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id, "with_revoked": with_revoked}).fetchall()


def note_use(tx: Tx, token: TokenRecord, wall: datetime, before: datetime) -> None:
    """Notes that the token was used, unless that was noted since `before`."""
    tx.execute(NOTE_USE, {"shop_id": token.shop_id, "token_no": token.token_no, "wall": wall, "before": before})


def revoke(tx: Tx, shop_id: int, token_no: int, by: int | None, wall: datetime) -> str | None:
    """The name of a token that opens nothing any more from now on; None where there was none to take back."""
    row = tx.execute(REVOKE, {"shop_id": shop_id, "token_no": token_no, "by": by, "wall": wall}).fetchone()
    return None if row is None else str(row[0])


def revoke_of(tx: Tx, shop_id: int, made_by: int, by: int | None, wall: datetime) -> list[tuple[int, str]]:
    """The numbers and names of the tokens that somebody made, and that open nothing any more from now on."""
    slots = {"shop_id": shop_id, "made_by": made_by, "by": by, "wall": wall}
    return sorted((int(number), str(name)) for number, name in tx.execute(REVOKE_OF, slots))


def note_look(tx: Tx, token: TokenRecord, wall: datetime, before: datetime) -> None:
    """Notes that the holder looked for answers to send, unless that was noted since `before`."""
    tx.execute(NOTE_LOOK, {"shop_id": token.shop_id, "token_no": token.token_no, "wall": wall, "before": before})


def last_look(tx: Tx, shop_id: int, scope: str, wall: datetime) -> datetime | None:
    """When somebody whose token carries this scope last looked for answers to send."""
    row = tx.execute(LAST_LOOK, {"shop_id": shop_id, "scope": scope, "wall": wall}).fetchone()
    return None if row is None else row[0]


def kept(tx: Tx, token: TokenRecord, key: str) -> KeptAnswer | None:
    """What was answered under this key."""
    with tx.cursor(row_factory=class_row(KeptAnswer)) as cursor:
        return cursor.execute(KEPT, {"shop_id": token.shop_id, "token_no": token.token_no, "key": key}).fetchone()


def begin(tx: Tx, token: TokenRecord, key: str, digest: bytes, wall: datetime, longest: timedelta) -> bool:
    """Whether this request is to be answered now: nobody has, and nobody has been at the same one for the `longest` that one is silent over it."""
    slots = {"shop_id": token.shop_id, "token_no": token.token_no, "key": key, "digest": digest, "wall": wall}
    return tx.execute(BEGIN, slots | {"given_up": wall - longest, "beyond": wall + longest}).fetchone() is not None


def go_on(tx: Tx, token: TokenRecord, key: str, since: datetime, wall: datetime) -> bool:
    """Says that whoever said so at `since` is still at it; whether nobody else has taken it up meanwhile."""
    return tx.execute(GO_ON, {"shop_id": token.shop_id, "token_no": token.token_no, "key": key, "since": since, "wall": wall}).rowcount > 0


def keep(tx: Tx, token: TokenRecord, key: str, since: datetime, kept: KeptAnswer, wall: datetime) -> None:
    """Keeps what was answered under this key, by whoever was at it since."""
    slots = {"shop_id": token.shop_id, "token_no": token.token_no, "key": key, "since": since, "wall": wall}
    tx.execute(KEEP, {**slots, **msgspec.structs.asdict(kept)})


def let_go(tx: Tx, token: TokenRecord, key: str, since: datetime) -> None:
    """Forgets that a request was begun, by whoever was at it since: it could not be answered."""
    tx.execute(LET_GO, {"shop_id": token.shop_id, "token_no": token.token_no, "key": key, "since": since})


def forget(tx: Tx, shop_id: int, before: datetime) -> int:
    """Forgets answers from before; how many."""
    return tx.execute(FORGET, {"shop_id": shop_id, "before": before}).rowcount
