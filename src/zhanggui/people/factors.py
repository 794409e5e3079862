"""What is stored of second factors: the app, the passkeys, the recovery codes, and who is half way in. Functions take an open transaction."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from psycopg.rows import class_row

from zhanggui.people.permissions import PersonId, Role, ShopId
from zhanggui.people.sign_ins import digest_of, number_of
from zhanggui.records.db import Tx
from zhanggui.records.wakes import wake_admission

HALF_LASTS = timedelta(minutes=10)
"""So long a password that was right waits for the second factor."""

APP = "select sealed, proven_at from code_apps where person_id = %(person_id)s"
# one that works already is never written over: it is removed first
BEGIN_APP = """
    insert into code_apps (person_id, sealed, made_at) values (%(person_id)s, %(sealed)s, %(now)s)
    on conflict (person_id) do update set sealed = excluded.sealed, made_at = excluded.made_at, used_step = 0 where code_apps.proven_at is null
"""
PROVE_APP = """
    update code_apps set proven_at = %(now)s, used_step = %(step)s
    where person_id = %(person_id)s and proven_at is null and sealed = %(sealed)s
"""
# compare-and-set: of two who show the same code at once, one is let in
USE_STEP = "update code_apps set used_step = %(step)s where person_id = %(person_id)s and proven_at is not null and used_step < %(step)s"
DROP_APP = "delete from code_apps where person_id = %(person_id)s and proven_at is not null"
FORGET_APP = "delete from code_apps where person_id = %(person_id)s"

ADD_PASSKEY = """
    insert into passkeys (credential_id, person_id, host, credential, counted, name, made_at)
    values (%(credential_id)s, %(person_id)s, %(host)s, %(credential)s, %(counted)s, %(name)s, %(now)s)
    on conflict (credential_id) do nothing
"""
PASSKEYS_OF = """
    select credential_id, person_id, host, credential, counted, name, made_at, used_at
    from passkeys where person_id = %(person_id)s order by made_at, credential_id
"""
PASSKEY = """
    select k.credential_id, k.person_id, k.host, k.credential, k.counted, k.name, k.made_at, k.used_at
    from passkeys k join people p on p.person_id = k.person_id
    where k.credential_id = %(credential_id)s and p.closed_at is null
"""
# a device that counts must have counted on; one that never counts stays at zero
USE_PASSKEY = """
    update passkeys set counted = %(counted)s, used_at = %(now)s
    where credential_id = %(credential_id)s and (counted < %(counted)s or (counted = 0 and %(counted)s = 0))
"""
DROP_PASSKEY = "delete from passkeys where credential_id = %(credential_id)s and person_id = %(person_id)s"
FORGET_PASSKEYS = "delete from passkeys where person_id = %(person_id)s"

FORGET_CODES = "delete from recovery_codes where person_id = %(person_id)s"
ADD_CODES = """
    insert into recovery_codes (person_id, digest, made_at) select %(person_id)s, digest, %(now)s from unnest(%(digests)s::bytea[]) as fresh (digest)
"""
USE_CODE = "update recovery_codes set used_at = %(now)s where person_id = %(person_id)s and digest = %(digest)s and used_at is null"
CODES_LEFT = "select count(*) from recovery_codes where person_id = %(person_id)s and used_at is null"

HAS_ANY = """
    select exists (select from code_apps where person_id = %(person_id)s and proven_at is not null)
        or exists (select from passkeys where person_id = %(person_id)s)
"""
WITH_ANY = """
    select person_id from code_apps where person_id = any(%(person_ids)s) and proven_at is not null
    union
    select person_id from passkeys where person_id = any(%(person_ids)s)
"""

BEGIN_HALF = "insert into half_sign_ins (token_digest, person_id, ends_at) values (%(digest)s, %(person_id)s, %(ends_at)s)"
HALF = """
    select h.person_id from half_sign_ins h join people p on p.person_id = h.person_id
    where h.token_digest = %(digest)s and h.ends_at > %(now)s and p.closed_at is null
"""
END_HALF = "delete from half_sign_ins where token_digest = %(digest)s"
END_HALVES = "delete from half_sign_ins where person_id = %(person_id)s"

SPEND = "insert into spent_challenges (digest, ends_at) values (%(digest)s, %(ends_at)s) on conflict (digest) do nothing"

TERMS = "select role from factor_terms where shop_id = %(shop_id)s order by role"
LEAVE_TERMS = "delete from factor_terms where shop_id = %(shop_id)s and not role = any(%(roles)s) returning role"
SET_TERMS = """
    insert into factor_terms (shop_id, role, made_by, made_at)
    select %(shop_id)s, role, %(by)s, %(now)s from unnest(%(roles)s::text[]) as wanted (role)
    on conflict (shop_id, role) do nothing
    returning role
"""
# the shops in which a second factor is asked of this person
ASKED_IN = """
    select s.name from factor_terms t join memberships m on m.shop_id = t.shop_id and m.role = t.role join shops s on s.shop_id = t.shop_id
    where m.person_id = %(person_id)s order by t.shop_id
"""

# those whose role in the shop asks a second factor that they do not have
WITHHELD_IN = """
    select m.person_id from memberships m join factor_terms t on t.shop_id = m.shop_id and t.role = m.role
    where m.shop_id = %(shop_id)s and t.shop_id = %(shop_id)s
        and not exists (select 1 from code_apps where code_apps.person_id = m.person_id and code_apps.proven_at is not null)
        and not exists (select 1 from passkeys where passkeys.person_id = m.person_id)
"""

SWEEP_HALVES = "delete from half_sign_ins where ends_at <= %(now)s"
SWEEP_SPENT = "delete from spent_challenges where ends_at <= %(now)s"


class StoredApp(msgspec.Struct, frozen=True):
    """The authenticator app of a person, its secret sealed."""

    sealed: bytes
    is_proven: bool

    def __repr__(self) -> str:
        return f"StoredApp(is_proven={self.is_proven})"


class StoredPasskey(msgspec.Struct, frozen=True, kw_only=True):
    """One passkey; what is stored of it is public."""

    credential_id: bytes
    person_id: int
    host: str
    credential: bytes
    counted: int
    name: str
    made_at: datetime
    used_at: datetime | None

    @property
    def number(self) -> str:
        """A short name for it that says nothing of the device."""
        return number_of(self.credential_id)


def app_of(tx: Tx, person_id: PersonId) -> StoredApp | None:
    """The person's authenticator app, also one that was only begun."""
    row = tx.execute(APP, {"person_id": person_id}).fetchone()
    return StoredApp(bytes(row[0]), row[1] is not None) if row else None


def begin_app(tx: Tx, person_id: PersonId, sealed: bytes, now: datetime) -> bool:
    """Keep the secret of an app that is still to be shown to work; False where one works already."""
    return tx.execute(BEGIN_APP, {"person_id": person_id, "sealed": sealed, "now": now}).rowcount == 1


def prove_app(tx: Tx, person_id: PersonId, sealed: bytes, step: int, now: datetime) -> bool:
    """The app works from now on; the code that showed it is used up. False where another secret was begun meanwhile."""
    return tx.execute(PROVE_APP, {"person_id": person_id, "sealed": sealed, "step": step, "now": now}).rowcount == 1


def use_step(tx: Tx, person_id: PersonId, step: int) -> bool:
    """Take a code of this half-minute; False for one that was taken before, and for every older one."""
    return tx.execute(USE_STEP, {"person_id": person_id, "step": step}).rowcount == 1


def drop_app(tx: Tx, person_id: PersonId) -> bool:
    """Take the app away; whether there was one."""
    return tx.execute(DROP_APP, {"person_id": person_id}).rowcount == 1


def add_passkey(tx: Tx, person_id: PersonId, *, host: str, credential_id: bytes, credential: bytes, counted: int, name: str, now: datetime) -> bool:
    """Keep a passkey; False where it is kept already."""
    slots = {"credential_id": credential_id, "person_id": person_id, "host": host, "credential": credential, "counted": counted, "name": name, "now": now}
    return tx.execute(ADD_PASSKEY, slots).rowcount == 1


def passkeys_of(tx: Tx, person_id: PersonId) -> tuple[StoredPasskey, ...]:
    """The person's passkeys, the oldest first."""
    with tx.cursor(row_factory=class_row(StoredPasskey)) as cursor:
        return tuple(cursor.execute(PASSKEYS_OF, {"person_id": person_id}).fetchall())


def passkey(tx: Tx, credential_id: bytes) -> StoredPasskey | None:
    """The passkey of this number, whosever it is."""
    with tx.cursor(row_factory=class_row(StoredPasskey)) as cursor:
        return cursor.execute(PASSKEY, {"credential_id": credential_id}).fetchone()


def use_passkey(tx: Tx, credential_id: bytes, counted: int, now: datetime) -> bool:
    """Note that the passkey was used; False where its device has counted further before, as a copy of it would show."""
    return tx.execute(USE_PASSKEY, {"credential_id": credential_id, "counted": counted, "now": now}).rowcount == 1


def drop_passkey(tx: Tx, person_id: PersonId, number: str) -> str | None:
    """Take the person's passkey of this number away; its name, None where there is none."""
    found = next((each for each in passkeys_of(tx, person_id) if each.number == number), None)
    if found is None:
        return None
    tx.execute(DROP_PASSKEY, {"credential_id": found.credential_id, "person_id": person_id})
    return found.name


def put_recovery_codes(tx: Tx, person_id: PersonId, digests: Sequence[bytes], now: datetime) -> None:
    """Keep these in place of all others."""
    tx.execute(FORGET_CODES, {"person_id": person_id})
    tx.execute(ADD_CODES, {"person_id": person_id, "digests": list(digests), "now": now})


def use_recovery_code(tx: Tx, person_id: PersonId, digest: bytes, now: datetime) -> bool:
    """Use the code up; False for one that is wrong or was used."""
    return tx.execute(USE_CODE, {"person_id": person_id, "digest": digest, "now": now}).rowcount == 1


def recovery_codes_left(tx: Tx, person_id: PersonId) -> int:
    """How many recovery codes were not used yet."""
    row = tx.execute(CODES_LEFT, {"person_id": person_id}).fetchone()
    return int(row[0]) if row else 0


def has_any(tx: Tx, person_id: PersonId) -> bool:
    """Whether this person is asked for more than a password."""
    row = tx.execute(HAS_ANY, {"person_id": person_id}).fetchone()
    return bool(row and row[0])


def with_any(tx: Tx, person_ids: Sequence[PersonId]) -> frozenset[PersonId]:
    """Those of these people who are asked for more than a password."""
    return frozenset(PersonId(row[0]) for row in tx.execute(WITH_ANY, {"person_ids": list(person_ids)}))


def withheld_in(tx: Tx, shop_id: ShopId) -> frozenset[PersonId]:
    """Those whose role in the shop counts for nothing, whoever signs in as them: it asks a second factor, and they have none."""
    return frozenset(PersonId(row[0]) for row in tx.execute(WITHHELD_IN, {"shop_id": shop_id}))


def forget_all(tx: Tx, person_id: PersonId) -> None:
    """Take every second factor of the person away, with the recovery codes."""
    for statement in (FORGET_APP, FORGET_PASSKEYS, FORGET_CODES, END_HALVES):
        tx.execute(statement, {"person_id": person_id})
    wake_admission(tx)


def begin_half(tx: Tx, person_id: PersonId, now: datetime) -> str:
    """The password was right, the second factor is still to be shown. Returns the token, once."""
    token = secrets.token_urlsafe(32)
    tx.execute(BEGIN_HALF, {"digest": digest_of(token), "person_id": person_id, "ends_at": now + HALF_LASTS})
    return token


def half(tx: Tx, token: str, now: datetime) -> PersonId | None:
    """Who is half way in with this token."""
    row = tx.execute(HALF, {"digest": digest_of(token), "now": now}).fetchone()
    return PersonId(row[0]) if row else None


def end_half(tx: Tx, token: str) -> bool:
    """Use the token up; False where somebody else was faster."""
    return tx.execute(END_HALF, {"digest": digest_of(token)}).rowcount == 1


def end_halves(tx: Tx, person_id: PersonId) -> None:
    """Nobody who had the former password comes any further."""
    tx.execute(END_HALVES, {"person_id": person_id})


def spend(tx: Tx, digest: bytes, ends_at: datetime) -> bool:
    """Use a challenge up; False for one that was used."""
    return tx.execute(SPEND, {"digest": digest, "ends_at": ends_at}).rowcount == 1


def terms_of(tx: Tx, shop_id: ShopId) -> frozenset[Role]:
    """The roles that have no rights in the shop without a second factor."""
    return frozenset(Role(row[0]) for row in tx.execute(TERMS, {"shop_id": shop_id}) if row[0] in set(Role))


def put_terms(tx: Tx, shop_id: ShopId, roles: frozenset[Role], by: PersonId | None, now: datetime) -> dict[str, bool]:
    """Ask it of exactly these roles from now on; the roles for which that is a change, each with whether it is asked now."""
    wanted = sorted(role.value for role in roles)
    left = tx.execute(LEAVE_TERMS, {"shop_id": shop_id, "roles": wanted}).fetchall()
    added = tx.execute(SET_TERMS, {"shop_id": shop_id, "roles": wanted, "by": by, "now": now}).fetchall()
    wake_admission(tx)
    return {role: False for (role,) in left} | {role: True for (role,) in added}


def asked_in(tx: Tx, person_id: PersonId) -> tuple[str, ...]:
    """The names of the shops that ask a second factor of this person."""
    return tuple(row[0] for row in tx.execute(ASKED_IN, {"person_id": person_id}))


def sweep(tx: Tx, now: datetime) -> int:
    """Forget what has ended; how many rows."""
    return sum(tx.execute(statement, {"now": now}).rowcount for statement in (SWEEP_HALVES, SWEEP_SPENT))
