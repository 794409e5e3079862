"""Accounts: the people of the house, with the roles they hold in its shops. Functions take an open transaction; whoever opens it also journals."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from zhanggui.core.say import Say, say
from zhanggui.people import passwords
from zhanggui.people.permissions import Person, PersonId, Role, ShopId

Tx = Connection[Any]

LANGUAGES = ("zh_Hans", "en")


class AccountRefused(Exception):
    """The account cannot be made or changed this way; `reason` says why, in words for the person at the form."""

    def __init__(self, reason: Say) -> None:
        super().__init__(reason.text)
        self.reason = reason


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored of a person, but for the password."""

    person_id: PersonId
    login: str
    display_name: str
    language: str
    is_keeper: bool
    made_at: datetime


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's place in one shop."""

    person_id: PersonId
    login: str
    display_name: str
    role: Role
    since: datetime


def nobody_yet(tx: Tx) -> bool:
    """Whether the house has no person at all, so that the first may walk in and own it."""
    row = tx.execute("select not exists (select from people)").fetchone()
    return bool(row and row[0])


def make(
    tx: Tx, *, login: str, password: str, display_name: str = "", now: datetime, language: str = "zh_Hans", is_keeper: bool = False
) -> Account:
    """A new account, without a role anywhere yet. Raises AccountRefused."""
    login = tidy_login(login)
    _object(passwords.objection(password, login=login))
    row = tx.execute(
        """
        insert into people (login, display_name, password_hash, language, is_keeper, made_at)
        values (%s, %s, %s, %s, %s, %s)
        on conflict (login) do nothing
        returning person_id, login, display_name, language, is_keeper, made_at
        """,
        (login, tidy_name(display_name) or login, passwords.hashed(password), known_language(language), is_keeper, now),
    ).fetchone()
    if row is None:
        raise AccountRefused(say("The sign-in name {login} is taken.", login=login))
    return _account(row)


def first_person(tx: Tx, login: str, password: str, name: str, now: datetime, *, language: str = "zh_Hans") -> Account:
    """The first person, keeper of the house. Raises AccountRefused when somebody was faster."""
    # A lock that conflicts with itself: of two first persons at the same moment, the second waits and then sees the first.
    tx.execute("lock table people in share row exclusive mode")
    if not nobody_yet(tx):
        raise AccountRefused(say("This house has its first person already; sign in instead."))
    return make(tx, login=login, password=password, display_name=name, now=now, language=language, is_keeper=True)


def by_login(tx: Tx, login: str) -> Account | None:
    """The open account with this sign-in name."""
    row = tx.execute(
        "select person_id, login, display_name, language, is_keeper, made_at from people where login = %s and closed_at is null", (folded(login),)
    ).fetchone()
    return row and _account(row)


def by_id(tx: Tx, person_id: PersonId) -> Account | None:
    """The open account with this number."""
    row = tx.execute(
        "select person_id, login, display_name, language, is_keeper, made_at from people where person_id = %s and closed_at is null", (person_id,)
    ).fetchone()
    return row and _account(row)


def all_accounts(tx: Tx) -> tuple[Account, ...]:
    """Every open account of the house, in the order they were made. For the operator's command line."""
    rows = tx.execute("select person_id, login, display_name, language, is_keeper, made_at from people where closed_at is null order by person_id")
    return tuple(_account(row) for row in rows)


def person(tx: Tx, person_id: PersonId) -> Person | None:
    """Who acts, with every role of theirs: what actions and queries begin with."""
    row = tx.execute(
        """
        select p.display_name, p.language, p.is_keeper,
               (select jsonb_object_agg(m.shop_id, m.role) from memberships m where m.person_id = p.person_id)
        from people p where p.person_id = %s and p.closed_at is null
        """,
        (person_id,),
    ).fetchone()
    return row and person_from(person_id, *row)


def person_from(person_id: int, display_name: str, language: str, is_keeper: bool, roles: dict[str, str] | None) -> Person:
    """A Person out of one row. A role word this version does not know gives no rights."""
    known = {ShopId(int(shop)): Role(role) for shop, role in (roles or {}).items() if role in set(Role)}
    return Person(person_id=PersonId(person_id), display_name=display_name, language=language, is_keeper=is_keeper, roles=known)


def password_hash_of(tx: Tx, login: str) -> tuple[PersonId, str] | None:
    """The number and the stored hash behind a sign-in name."""
    row = tx.execute("select person_id, password_hash from people where login = %s and closed_at is null", (folded(login),)).fetchone()
    return row and (PersonId(row[0]), row[1])


def check_password(tx: Tx, person_id: PersonId, password: str) -> bool:
    """Whether this is the person's password."""
    row = tx.execute("select password_hash from people where person_id = %s and closed_at is null", (person_id,)).fetchone()
    return passwords.matches(row[0] if row else None, password)


def set_password(tx: Tx, person_id: PersonId, password: str) -> None:
    """A new password. Raises AccountRefused when it is too weak. Ending other sign-ins is the caller's part."""
    row = tx.execute("select login from people where person_id = %s and closed_at is null", (person_id,)).fetchone()
    if row is None:
        raise AccountRefused(say("There is no such person."))
    _object(passwords.objection(password, login=row[0]))
    store_hash(tx, person_id, passwords.hashed(password))


def store_hash(tx: Tx, person_id: PersonId, password_hash: str) -> None:
    """Keep this hash for the person."""
    tx.execute("update people set password_hash = %s where person_id = %s", (password_hash, person_id))


def set_language(tx: Tx, person_id: PersonId, language: str) -> None:
    """The language this person reads."""
    tx.execute("update people set language = %s where person_id = %s", (known_language(language), person_id))


def set_name(tx: Tx, person_id: PersonId, display_name: str) -> None:
    """The name others see. Raises AccountRefused when it is empty."""
    tidied = tidy_name(display_name)
    if not tidied:
        raise AccountRefused(say("Please give a name that others can recognise."))
    tx.execute("update people set display_name = %s where person_id = %s", (tidied, person_id))


def members(tx: Tx, shop_id: ShopId) -> tuple[Member, ...]:
    """Who belongs to this shop, and as what."""
    rows = tx.execute(
        """
        select p.person_id, p.login, p.display_name, m.role, m.made_at
        from memberships m join people p using (person_id)
        where m.shop_id = %s and p.closed_at is null
        order by m.made_at, p.person_id
        """,
        (shop_id,),
    )
    return tuple(
        Member(person_id=PersonId(number), login=login, display_name=name, role=Role(role), since=since)
        for number, login, name, role, since in rows
    )


def admit(tx: Tx, shop_id: ShopId, person_id: PersonId, role: Role, now: datetime) -> None:
    """Give the person this role in this shop, in place of any other there."""
    tx.execute(
        """
        insert into memberships (shop_id, person_id, role, made_at) values (%s, %s, %s, %s)
        on conflict (shop_id, person_id) do update set role = excluded.role
        """,
        (shop_id, person_id, role.value, now),
    )


def dismiss(tx: Tx, shop_id: ShopId, person_id: PersonId) -> bool:
    """Take the person's role in this shop away; whether there was one."""
    return tx.execute("delete from memberships where shop_id = %s and person_id = %s", (shop_id, person_id)).rowcount > 0


def locked_roles(tx: Tx, shop_id: ShopId) -> dict[PersonId, Role]:
    """Everybody's role in the shop, held still until the transaction ends, so that two owners cannot remove each other at once."""
    rows = tx.execute(
        """
        select m.person_id, m.role from memberships m join people p using (person_id)
        where m.shop_id = %s and p.closed_at is null
        order by m.person_id for update of m
        """,
        (shop_id,),
    )
    return {PersonId(number): Role(role) for number, role in rows}


def tidy_login(login: str) -> str:
    """The sign-in name as stored. Raises AccountRefused when it cannot be one."""
    tidied = folded(login)
    if not 2 <= len(tidied) <= 60 or any(char.isspace() or unicodedata.category(char).startswith("C") for char in tidied):
        raise AccountRefused(say("A sign-in name has 2 to 60 characters and no spaces."))
    return tidied


def folded(login: str) -> str:
    """The one way to write this sign-in name: width, case and outer spaces do not matter."""
    return unicodedata.normalize("NFKC", login[:400]).strip().casefold()


def tidy_name(name: str) -> str:
    """A name for others to see: one line, without control characters, at most 60 characters."""
    return "".join(char for char in " ".join(name.split()) if not unicodedata.category(char).startswith("C"))[:60]


def known_language(language: str) -> str:
    """The language, or the house's first one when we do not speak it."""
    return language if language in LANGUAGES else LANGUAGES[0]


def _account(row: TupleRow | Sequence[Any]) -> Account:
    person_id, login, display_name, language, is_keeper, made_at = row
    return Account(
        person_id=PersonId(person_id), login=login, display_name=display_name, language=language, is_keeper=is_keeper, made_at=made_at
    )


def _object(reason: Say | None) -> None:
    if reason is not None:
        raise AccountRefused(reason)
