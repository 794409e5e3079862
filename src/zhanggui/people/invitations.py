"""Invitations: a link that lets one person into one shop, once, within a week. Only a digest of its token is stored."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec

from zhanggui.people.permissions import MAY, Permission, PersonId, Role, ShopId
from zhanggui.people.sign_ins import digest_of, number_of
from zhanggui.records.db import Tx

LASTS = timedelta(days=7)
INVITING = [role.value for role in Role if Permission.PEOPLE_WRITE in MAY[role]]
"""An invitation holds as long as its maker may make some: nobody who was removed comes back by one made before."""


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation. `number` names it without giving the token away."""

    shop_id: ShopId
    shop_name: str
    number: str
    role: Role
    note: str
    made_by_name: str
    made_at: datetime
    ends_at: datetime


INSERT = """
    insert into invitations (shop_id, token_digest, role, note, made_by, made_at, ends_at)
    values (%(shop_id)s, %(digest)s, %(role)s, %(note)s, %(made_by)s, %(now)s, %(ends_at)s)
"""
FOUND = """
    select i.shop_id, s.name, i.token_digest, i.role, i.note, p.display_name, i.made_at, i.ends_at
    from invitations i join shops s on s.shop_id = i.shop_id join people p on p.person_id = i.made_by
    join memberships m on m.shop_id = i.shop_id and m.person_id = i.made_by and m.role = any(%(inviting)s)
    where i.shop_id = %(shop_id)s and i.token_digest = %(digest)s and i.used_at is null and i.ends_at > %(now)s
"""
WAITING = """
    select i.shop_id, s.name, i.token_digest, i.role, i.note, p.display_name, i.made_at, i.ends_at
    from invitations i join shops s on s.shop_id = i.shop_id join people p on p.person_id = i.made_by
    join memberships m on m.shop_id = i.shop_id and m.person_id = i.made_by and m.role = any(%(inviting)s)
    where i.shop_id = %(shop_id)s and i.used_at is null and i.ends_at > %(now)s
    order by i.made_at desc, i.token_digest
"""
USE = """
    update invitations set used_at = %(now)s, used_by = %(person_id)s
    where shop_id = %(shop_id)s and token_digest = %(digest)s and used_at is null and ends_at > %(now)s
        and exists (
            select from memberships m
            where m.shop_id = invitations.shop_id and m.person_id = invitations.made_by and m.role = any(%(inviting)s)
        )
    returning role
"""
UNUSED_DIGESTS = "select token_digest from invitations where shop_id = %(shop_id)s and used_at is null"
WITHDRAW = "delete from invitations where shop_id = %(shop_id)s and token_digest = %(digest)s and used_at is null"


def write(tx: Tx, shop_id: ShopId, role: Role, note: str, *, made_by: PersonId, now: datetime) -> str:
    """A new invitation. Returns its token, once."""
    token = secrets.token_urlsafe(24)
    slots = {"shop_id": shop_id, "digest": digest_of(token), "role": role.value, "note": " ".join(note.split())[:120], "made_by": made_by}
    tx.execute(INSERT, {**slots, "now": now, "ends_at": now + LASTS})
    return token


def found(tx: Tx, shop_id: ShopId, token: str, now: datetime) -> Invitation | None:
    """The open invitation behind this link."""
    row = tx.execute(FOUND, {"shop_id": shop_id, "digest": digest_of(token), "now": now, "inviting": INVITING}).fetchone()
    return _invitation(row) if row else None


def waiting(tx: Tx, shop_id: ShopId, now: datetime) -> tuple[Invitation, ...]:
    """The shop's open invitations, newest first."""
    return tuple(_invitation(row) for row in tx.execute(WAITING, {"shop_id": shop_id, "now": now, "inviting": INVITING}))


def use(tx: Tx, shop_id: ShopId, token: str, person_id: PersonId, now: datetime) -> Role | None:
    """Use the invitation up for this person: the role it gives, or None when it is used or over. Of two at once, one wins."""
    slots = {"shop_id": shop_id, "digest": digest_of(token), "person_id": person_id, "now": now, "inviting": INVITING}
    row = tx.execute(USE, slots).fetchone()
    return Role(row[0]) if row else None


def withdraw(tx: Tx, shop_id: ShopId, number: str) -> bool:
    """Take an unused invitation back; whether there was one."""
    rows = tx.execute(UNUSED_DIGESTS, {"shop_id": shop_id}).fetchall()
    digests = [bytes(row[0]) for row in rows if number_of(bytes(row[0])) == number]
    for digest in digests:
        tx.execute(WITHDRAW, {"shop_id": shop_id, "digest": digest})
    return bool(digests)


def _invitation(row: tuple[Any, ...]) -> Invitation:
    shop_id, shop_name, digest, role, note, made_by_name, made_at, ends_at = row
    return Invitation(
        shop_id=ShopId(shop_id),
        shop_name=shop_name,
        number=number_of(bytes(digest)),
        role=Role(role),
        note=note,
        made_by_name=made_by_name,
        made_at=made_at,
        ends_at=ends_at,
    )
