"""Accounts: the people of the house, with the roles they hold in its shops. Functions take an open transaction; whoever opens it also journals."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.core.say import Say, say
from zhanggui.people import passwords
from zhanggui.people.permissions import Person, PersonId, Role, ShopId
from zhanggui.records.db import Tx
from zhanggui.records.wakes import wake_admission

LANGUAGES = ("zh_Hans", "en")

NOBODY_YET = "select not exists (select from people)"
FIRST_ALONE = "lock table people in share row exclusive mode"
INSERT = """
    insert into people (login, display_name, password_hash, language, is_keeper, made_at)
    values (%(login)s, %(display_name)s, %(password_hash)s, %(language)s, %(is_keeper)s, %(made_at)s)
    on conflict (login) do nothing
    returning person_id, login, display_name, language, is_keeper, made_at
"""
BY_LOGIN = "select person_id, login, display_name, language, is_keeper, made_at from people where login = %(login)s and closed_at is null"
BY_ID = "select person_id, login, display_name, language, is_keeper, made_at from people where person_id = %(person_id)s and closed_at is null"
EVERY = "select person_id, login, display_name, language, is_keeper, made_at from people where closed_at is null order by person_id"
WHO_ACTS = """
    select p.person_id, p.display_name, p.language, p.is_keeper,
           (select jsonb_object_agg(m.shop_id, m.role) from memberships m where m.person_id = p.person_id)
    from people p where p.person_id = %(person_id)s and p.closed_at is null
"""
# nobody has signed in where a message goes out: what counts is whether they could show a second factor at all
WHO_HEARS = """
    select p.person_id, p.display_name, p.language, p.is_keeper,
           (select jsonb_object_agg(m.shop_id, m.role) from memberships m where m.person_id = p.person_id),
           (select jsonb_object_agg(t.shop_id, t.role) from memberships m join factor_terms t on t.shop_id = m.shop_id and t.role = m.role
            where m.person_id = p.person_id
                and not exists (select 1 from code_apps where code_apps.person_id = p.person_id and code_apps.proven_at is not null)
                and not exists (select 1 from passkeys where passkeys.person_id = p.person_id))
    from people p where p.person_id = %(person_id)s and p.closed_at is null
"""
HASH_OF_LOGIN = "select person_id, password_hash from people where login = %(login)s and closed_at is null"
HASH_OF_PERSON = "select login, password_hash from people where person_id = %(person_id)s and closed_at is null"
SET_HASH = "update people set password_hash = %(password_hash)s where person_id = %(person_id)s"
HASH_ANEW = "update people set password_hash = %(password_hash)s where person_id = %(person_id)s and password_hash = %(before)s"
# held until the transaction ends: a new password waits for it, and then ends what was begun here
STILL_HAS = "select 1 from people where person_id = %(person_id)s and password_hash = %(password_hash)s and closed_at is null for share"
# held until the transaction ends, so that two cannot take the keeping from each other at once
KEEPERS_LOCKED = "select person_id from people where is_keeper and closed_at is null order by person_id for no key update"
SET_KEEPER = "update people set is_keeper = %(is_keeper)s where person_id = %(person_id)s"
CLOSE = "update people set closed_at = %(now)s, is_keeper = false where person_id = %(person_id)s"
SET_LANGUAGE = "update people set language = %(language)s where person_id = %(person_id)s"
SET_NAME = "update people set display_name = %(display_name)s where person_id = %(person_id)s"


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


def nobody_yet(tx: Tx) -> bool:
    """Whether the house has no person at all, so that the first may walk in and own it."""
    row = tx.execute(NOBODY_YET).fetchone()
    return bool(row and row[0])


def make(tx: Tx, *, login: str, password: str, display_name: str = "", now: datetime, language: str = "zh_Hans", is_keeper: bool = False) -> Account:
    """A new account, without a role anywhere yet. Raises AccountRefused."""
    login = tidy_login(login)
    _object(passwords.objection(password, login=login))
    row = tx.execute(
        INSERT,
        {
            "login": login,
            "display_name": tidy_name(display_name) or login,
            "password_hash": passwords.hashed(password),
            "language": known_language(language),
            "is_keeper": is_keeper,
            "made_at": now,
        },
    ).fetchone()
    if row is None:
        raise AccountRefused(say("The sign-in name {login} is taken.", login=login))
    return _account(row)


def first_person(tx: Tx, login: str, password: str, name: str, now: datetime, *, language: str = "zh_Hans") -> Account:
    """The first person, keeper of the house. Raises AccountRefused when somebody was faster."""
    # A lock that conflicts with itself: of two first persons at the same moment, the second waits and then sees the first.
    tx.execute(FIRST_ALONE)
    if not nobody_yet(tx):
        raise AccountRefused(say("This house has its first person already; sign in instead."))
    return make(tx, login=login, password=password, display_name=name, now=now, language=language, is_keeper=True)


def by_login(tx: Tx, login: str) -> Account | None:
    """The open account with this sign-in name."""
    row = tx.execute(BY_LOGIN, {"login": folded(login)}).fetchone()
    return _account(row) if row else None


def by_id(tx: Tx, person_id: PersonId) -> Account | None:
    """The open account with this number."""
    row = tx.execute(BY_ID, {"person_id": person_id}).fetchone()
    return _account(row) if row else None


def every(tx: Tx) -> tuple[Account, ...]:
    """Every open account of the house, in the order they were made. For the operator's command line."""
    return tuple(_account(row) for row in tx.execute(EVERY))


def person(tx: Tx, person_id: PersonId) -> Person | None:
    """Who acts, with every role of theirs: what actions and queries begin with."""
    row = tx.execute(WHO_ACTS, {"person_id": person_id}).fetchone()
    return person_from(*row) if row else None


def hearer(tx: Tx, person_id: PersonId) -> Person | None:
    """Who is written to, by the rights they have without being there: a role that asks a second factor counts for nothing where they have none."""
    row = tx.execute(WHO_HEARS, {"person_id": person_id}).fetchone()
    return person_from(*row) if row else None


def person_from(
    person_id: int, display_name: str, language: str, is_keeper: bool, roles: dict[str, str] | None, withheld: dict[str, str] | None = None
) -> Person:
    """A Person out of one row. A role word this version does not know gives no rights, nor does a role that is withheld; then nobody keeps the house."""
    known = {ShopId(int(shop)): Role(role) for shop, role in (roles or {}).items() if role in set(Role)}
    without = frozenset(ShopId(int(shop)) for shop in withheld or {})
    return Person(
        person_id=PersonId(person_id),
        display_name=display_name,
        language=language,
        is_keeper=is_keeper and not without,
        roles={shop: role for shop, role in known.items() if shop not in without},
        withheld=without,
    )


def password_hash_of(tx: Tx, login: str) -> tuple[PersonId, str] | None:
    """The number and the stored hash behind a sign-in name."""
    row = tx.execute(HASH_OF_LOGIN, {"login": folded(login)}).fetchone()
    return (PersonId(row[0]), row[1]) if row else None


def check_password(tx: Tx, person_id: PersonId, password: str) -> bool:
    """Whether this is the person's password."""
    row = tx.execute(HASH_OF_PERSON, {"person_id": person_id}).fetchone()
    return passwords.matches(row[1] if row else None, password)


def set_password(tx: Tx, person_id: PersonId, password: str) -> None:
    """Give the person a new password. Raises AccountRefused when it is too weak. Ending the sign-ins is the caller's part."""
    row = tx.execute(HASH_OF_PERSON, {"person_id": person_id}).fetchone()
    if row is None:
        raise AccountRefused(say("There is no such person."))
    _object(passwords.objection(password, login=row[0]))
    store_hash(tx, person_id, passwords.hashed(password))


def store_hash(tx: Tx, person_id: PersonId, password_hash: str) -> None:
    """Keep this hash for the person."""
    tx.execute(SET_HASH, {"password_hash": password_hash, "person_id": person_id})


def store_hash_anew(tx: Tx, person_id: PersonId, before: str, password_hash: str) -> bool:
    """Keep another hash of the same password; False where the password was changed meanwhile."""
    return tx.execute(HASH_ANEW, {"password_hash": password_hash, "person_id": person_id, "before": before}).rowcount == 1


def still_has(tx: Tx, person_id: PersonId, password_hash: str) -> bool:
    """Whether this is still the hash of the person's password; it stays so until the transaction ends."""
    return tx.execute(STILL_HAS, {"person_id": person_id, "password_hash": password_hash}).fetchone() is not None


def keepers_locked(tx: Tx) -> frozenset[PersonId]:
    """Those who keep the house, held still until the transaction ends."""
    return frozenset(PersonId(number) for (number,) in tx.execute(KEEPERS_LOCKED))


def set_keeper(tx: Tx, person_id: PersonId, *, keeps: bool) -> None:
    """Have the person keep the house from now on, or not."""
    tx.execute(SET_KEEPER, {"person_id": person_id, "is_keeper": keeps})
    wake_admission(tx)


def close(tx: Tx, person_id: PersonId, now: datetime) -> None:
    """Close the account for good: nobody signs in by it any more, and its name is not given again."""
    tx.execute(CLOSE, {"person_id": person_id, "now": now})
    wake_admission(tx)


def set_language(tx: Tx, person_id: PersonId, language: str) -> None:
    """Show the house in this language to the person."""
    tx.execute(SET_LANGUAGE, {"language": known_language(language), "person_id": person_id})


def set_name(tx: Tx, person_id: PersonId, display_name: str) -> None:
    """Change the name others see. Raises AccountRefused when it is empty."""
    tidied = tidy_name(display_name)
    if not tidied:
        raise AccountRefused(say("Please give a name that others can recognise."))
    tx.execute(SET_NAME, {"display_name": tidied, "person_id": person_id})


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


def _account(row: Sequence[Any]) -> Account:
    person_id, login, display_name, language, is_keeper, made_at = row
    return Account(person_id=PersonId(person_id), login=login, display_name=display_name, language=language, is_keeper=is_keeper, made_at=made_at)


def _object(reason: Say | None) -> None:
    if reason is not None:
        raise AccountRefused(reason)
