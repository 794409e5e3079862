"""Sign-ins kept on the server: each can be seen and ended, ends by itself when idle or old, and only a digest of its token is stored.

Litestar's own sessions were not taken: they keep the id that the browser sent when somebody signs in, and write a row with every answer.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from zhanggui.people.accounts import person_from
from zhanggui.people.permissions import Person, PersonId
from zhanggui.records.db import Tx
from zhanggui.records.wakes import wake_admission

IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
CONFIRMED_FOR = timedelta(minutes=10)
"""So long after somebody has shown who they are, what is weighty is done without asking again."""
NOTED_EVERY = timedelta(minutes=5)
"""Being seen is written at most this often, so that reading pages does not mean writing rows."""

BEGIN = """
    insert into sign_ins (token_digest, person_id, made_at, seen_at, ends_at, device, network, is_strong, confirmed_at)
    values (%(digest)s, %(person_id)s, %(now)s, %(now)s, %(ends_at)s, %(device)s, %(network)s, %(is_strong)s, %(now)s)
"""
# a role that a shop gives only to those with a second factor counts for nothing where this sign-in showed none
KNOWN = """
    select s.made_at, s.seen_at, s.confirmed_at, s.is_strong, p.person_id, p.display_name, p.language, p.is_keeper,
           (select jsonb_object_agg(m.shop_id, m.role) from memberships m where m.person_id = p.person_id),
           (select jsonb_object_agg(t.shop_id, t.role) from memberships m join factor_terms t on t.shop_id = m.shop_id and t.role = m.role
            where m.person_id = p.person_id and not s.is_strong)
    from sign_ins s join people p on p.person_id = s.person_id
    where s.token_digest = %(digest)s and s.ends_at > %(now)s and s.seen_at > %(idle_since)s and p.closed_at is null
"""
# looks only: an open page is nobody's being there
STANDING = """
    select s.token_digest, p.person_id, p.display_name, p.language, p.is_keeper,
           (select jsonb_object_agg(m.shop_id, m.role) from memberships m where m.person_id = p.person_id),
           (select jsonb_object_agg(t.shop_id, t.role) from memberships m join factor_terms t on t.shop_id = m.shop_id and t.role = m.role
            where m.person_id = p.person_id and not s.is_strong)
    from sign_ins s join people p on p.person_id = s.person_id
    where s.token_digest = any(%(digests)s) and s.ends_at > %(now)s and s.seen_at > %(idle_since)s and p.closed_at is null
"""
NOTE_SEEN = "update sign_ins set seen_at = greatest(seen_at, %(now)s) where token_digest = %(digest)s"
CONFIRM = "update sign_ins set confirmed_at = greatest(confirmed_at, %(now)s) where token_digest = %(digest)s"
STRENGTHEN = "update sign_ins set is_strong = true where token_digest = %(digest)s"
WEAKEN = "update sign_ins set is_strong = false where person_id = %(person_id)s"
END = "delete from sign_ins where token_digest = %(digest)s"
END_ALL = "delete from sign_ins where person_id = %(person_id)s and token_digest is distinct from %(but)s"
OF_PERSON = """
    select token_digest, device, network, is_strong, made_at, seen_at, ends_at from sign_ins
    where person_id = %(person_id)s and ends_at > %(now)s and seen_at > %(idle_since)s
    order by seen_at desc, made_at desc
"""
DIGESTS_OF = "select token_digest from sign_ins where person_id = %(person_id)s"
SWEEP = "delete from sign_ins where ends_at <= %(now)s or seen_at <= %(idle_since)s"


class Known(msgspec.Struct, frozen=True):
    """Who a token belongs to, and which sign-in it is."""

    person: Person
    digest: bytes
    made_at: datetime
    confirmed_at: datetime
    is_strong: bool


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in as its person sees it. `number` names it without giving the token away."""

    number: str
    device: str
    network: str
    is_strong: bool
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    is_this_one: bool = False


def begin(tx: Tx, person_id: PersonId, now: datetime, *, device: str = "", network: str = "", is_strong: bool = False) -> str:
    """Start a sign-in with a fresh token, always: no token from outside is ever taken over. Returns the token, once."""
    token = secrets.token_urlsafe(32)
    slots = {"digest": digest_of(token), "person_id": person_id, "now": now, "ends_at": now + LONGEST}
    tx.execute(BEGIN, {**slots, "device": device[:120], "network": network, "is_strong": is_strong})
    return token


def known(tx: Tx, token: str, now: datetime) -> Known | None:
    """Who holds this token, if its sign-in still runs."""
    digest = digest_of(token)
    row = tx.execute(KNOWN, {"digest": digest, "now": now, "idle_since": now - IDLE}).fetchone()
    if row is None:
        return None
    made_at, seen_at, confirmed_at, is_strong, *about = row
    if now - seen_at >= NOTED_EVERY:
        tx.execute(NOTE_SEEN, {"now": now, "digest": digest})
    return Known(person_from(*about), digest, made_at, confirmed_at, is_strong)


def standing(tx: Tx, digests: Iterable[bytes], now: datetime) -> dict[bytes, Person]:
    """Who stands behind these sign-ins, as far as they still run."""
    rows = tx.execute(STANDING, {"digests": list(digests), "now": now, "idle_since": now - IDLE})
    return {bytes(digest): person_from(*about) for digest, *about in rows}


def confirm(tx: Tx, digest: bytes, now: datetime) -> None:
    """It was shown again who sits there."""
    tx.execute(CONFIRM, {"digest": digest, "now": now})


def is_confirmed(confirmed_at: datetime, now: datetime) -> bool:
    """Whether that was shown a short while ago. A clock that was set back asks again."""
    return timedelta(0) <= now - confirmed_at < CONFIRMED_FOR


def strengthen(tx: Tx, digest: bytes) -> None:
    """A second factor was shown in this sign-in too."""
    tx.execute(STRENGTHEN, {"digest": digest})
    wake_admission(tx)


def weaken_all(tx: Tx, person_id: PersonId) -> None:
    """The person has no second factor any more, so none of their sign-ins has shown one."""
    tx.execute(WEAKEN, {"person_id": person_id})
    wake_admission(tx)


def end(tx: Tx, digest: bytes) -> None:
    """End this one, and the pages it holds open."""
    tx.execute(END, {"digest": digest})
    wake_admission(tx)


def end_numbered(tx: Tx, person_id: PersonId, number: str) -> bool:
    """End the person's own sign-in of this number; whether there was one."""
    mine = [digest for digest in _digests(tx, person_id) if number_of(digest) == number]
    for digest in mine:
        end(tx, digest)
    return bool(mine)


def end_all(tx: Tx, person_id: PersonId, *, but: bytes | None = None) -> int:
    """End every sign-in of the person, but for that one if given; how many."""
    ended = tx.execute(END_ALL, {"person_id": person_id, "but": but}).rowcount
    wake_admission(tx)
    return ended


def of_person(tx: Tx, person_id: PersonId, now: datetime, *, this: bytes | None = None) -> tuple[SignIn, ...]:
    """The person's running sign-ins, the one used last first."""
    rows = tx.execute(OF_PERSON, {"person_id": person_id, "now": now, "idle_since": now - IDLE})
    return tuple(
        SignIn(
            number=number_of(digest),
            device=device,
            network=network,
            is_strong=is_strong,
            made_at=made,
            seen_at=seen,
            ends_at=ends,
            is_this_one=digest == this,
        )
        for digest, device, network, is_strong, made, seen, ends in rows
    )


def sweep(tx: Tx, now: datetime) -> int:
    """Forget sign-ins that have ended; how many."""
    return tx.execute(SWEEP, {"now": now, "idle_since": now - IDLE}).rowcount


def digest_of(token: str) -> bytes:
    """What is stored of a token. It is random and long, so a plain digest cannot be turned back."""
    return hashlib.sha256(token.encode()).digest()


def number_of(digest: bytes) -> str:
    """A name for a sign-in that is safe to show: not the token, nor enough of its digest."""
    return hashlib.sha256(b"number of " + digest).hexdigest()[:16]


def _digests(tx: Tx, person_id: PersonId) -> list[bytes]:
    return [bytes(row[0]) for row in tx.execute(DIGESTS_OF, {"person_id": person_id})]
