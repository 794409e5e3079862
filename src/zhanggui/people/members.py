"""Who belongs to a shop, and as what."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.people.permissions import MAY, Permission, Person, PersonId, Role, ShopId
from zhanggui.records.db import Tx
from zhanggui.records.wakes import wake_admission


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's place in one shop."""

    person_id: PersonId
    login: str
    display_name: str
    role: str
    since: datetime
    is_keeper: bool
    """Whether they keep the whole house, which no owner of a shop can take from them."""


OF_SHOP = """
    select m.person_id, p.login, p.display_name, m.role, m.made_at as since, p.is_keeper
    from memberships m join people p on p.person_id = m.person_id
    where m.shop_id = %(shop_id)s and p.closed_at is null
    order by m.made_at, m.person_id
"""
ROLES_LOCKED = """
    select m.person_id, m.role
    from memberships m join people p on p.person_id = m.person_id
    where m.shop_id = %(shop_id)s and p.closed_at is null
    order by m.person_id
    for update of m
"""
ADMIT = """
    insert into memberships (shop_id, person_id, role, made_at) values (%(shop_id)s, %(person_id)s, %(role)s, %(made_at)s)
    on conflict (shop_id, person_id) do update set role = excluded.role
"""
DISMISS = "delete from memberships where shop_id = %(shop_id)s and person_id = %(person_id)s"
ROLE_OF = "select role from memberships where shop_id = %(shop_id)s and person_id = %(person_id)s"
ROLE_HELD = """
    select m.role from memberships m join people p on p.person_id = m.person_id
    where m.shop_id = %(shop_id)s and m.person_id = %(person_id)s and p.closed_at is null
"""
OF_KEEPERS = """
    select m.shop_id, min(m.person_id) from memberships m join people p on p.person_id = m.person_id
    where p.is_keeper and p.closed_at is null
    group by m.shop_id order by m.shop_id
"""
SHOPS_OF = "select shop_id from memberships where person_id = %(person_id)s order by shop_id"


def of_shop(tx: Tx, shop_id: ShopId) -> tuple[Member, ...]:
    """Who belongs to this shop, the longest there first."""
    with tx.cursor(row_factory=class_row(Member)) as cursor:
        return tuple(cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchall())


def bears_name_alone(tx: Tx, shop_id: ShopId, person: Person) -> bool:
    """Whether nobody else of the shop bears this person's name.

    Talks tell their rep by name alone, and everybody chooses their own: of a name that two bear nobody can say whom it means.
    """
    return not any(member.display_name == person.display_name and member.person_id != person.person_id for member in of_shop(tx, shop_id))


def roles_locked(tx: Tx, shop_id: ShopId) -> dict[PersonId, str]:
    """Everybody's role in the shop, held still until the transaction ends, so that two owners cannot remove each other at once."""
    return {PersonId(number): role for number, role in tx.execute(ROLES_LOCKED, {"shop_id": shop_id})}


def role_of(tx: Tx, shop_id: ShopId, person_id: PersonId) -> str | None:
    """The person's role in the shop."""
    row = tx.execute(ROLE_OF, {"shop_id": shop_id, "person_id": person_id}).fetchone()
    return row[0] if row else None


def still_may(tx: Tx, shop_id: ShopId, person_id: PersonId, permission: Permission) -> bool:
    """Whether this person belongs to the shop now, in a role that has the right: what somebody set up long ago may not outlive their part."""
    row = tx.execute(ROLE_HELD, {"shop_id": shop_id, "person_id": person_id}).fetchone()
    return row is not None and permission in MAY[Role(row[0])]


def shops_of(tx: Tx, person_id: PersonId) -> tuple[ShopId, ...]:
    """The shops this person has a role in."""
    return tuple(ShopId(row[0]) for row in tx.execute(SHOPS_OF, {"person_id": person_id}))


def shops_of_keepers(tx: Tx) -> dict[ShopId, PersonId]:
    """The shops in which somebody who keeps the house has a part, with one of them."""
    return {ShopId(shop_id): PersonId(person_id) for shop_id, person_id in tx.execute(OF_KEEPERS)}


def admit(tx: Tx, shop_id: ShopId, person_id: PersonId, role: Role, now: datetime) -> None:
    """Give the person this role in this shop, in place of any other there."""
    tx.execute(ADMIT, {"shop_id": shop_id, "person_id": person_id, "role": role.value, "made_at": now})
    wake_admission(tx)


def dismiss(tx: Tx, shop_id: ShopId, person_id: PersonId) -> bool:
    """Take the person's role in this shop away; whether there was one."""
    is_gone = tx.execute(DISMISS, {"shop_id": shop_id, "person_id": person_id}).rowcount > 0
    wake_admission(tx)
    return is_gone
