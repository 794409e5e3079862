"""Signing in: the tries are counted, the password is checked, and a fresh sign-in begins, or half of one where a second factor is still to be shown.

Every refusal takes as long and reads the same.
"""

from datetime import datetime, timedelta

import msgspec

from zhanggui.core.say import Say, say
from zhanggui.people import accounts, entries, factors, passwords, sign_ins
from zhanggui.people.entries import Came, EntryKind
from zhanggui.people.permissions import PersonId
from zhanggui.people.throttle import Throttle
from zhanggui.records.db import Pool


class EntryRefused(Exception):
    """Nobody was let in; `reason` says why as far as a stranger may know, `wait` how long the door stays shut."""

    def __init__(self, reason: Say, wait: timedelta | None = None) -> None:
        super().__init__(reason.text)
        self.reason = reason
        self.wait = wait


class Admitted(msgspec.Struct, frozen=True):
    """A right password: the token of a sign-in, or of half of one."""

    token: str
    is_whole: bool


def enter(pool: Pool, throttle: Throttle, *, login: str, password: str, came: Came, now: datetime) -> Admitted:
    """The token of a new sign-in, or of half of one where the person has a second factor. Raises EntryRefused."""
    login = accounts.folded(login)
    count_try(throttle, account=throttle_key(login), address=came.address, now=now)
    verified = _verified(pool, login, password)
    admitted = None if verified is None else _let_in(pool, *verified, came, now)
    if admitted is None:
        with pool.connection() as tx:
            entries.write_wrong_password(tx, login, came, now)
        raise EntryRefused(say("The sign-in name or the password is not right."))
    throttle.forgive(throttle_key(login))
    return admitted


def confirm_password(pool: Pool, throttle: Throttle, person_id: PersonId, password: str, *, address: str | None, now: datetime) -> None:
    """Check the password of somebody who is signed in already, counted like a sign-in. Raises EntryRefused."""
    key = f"person {person_id}"
    count_try(throttle, account=key, address=address, now=now)
    with pool.connection() as tx:
        right = accounts.check_password(tx, person_id, password)
    if not right:
        raise EntryRefused(say("The present password is not right."))
    throttle.forgive(key)


def count_try(throttle: Throttle, *, account: str | None, address: str | None, now: datetime, factor: str | None = None) -> None:
    """Count a try at a secret. Raises EntryRefused, with the moment from which it may be tried again, when there were too many."""
    wait = throttle.wait(account=account, address=address, factor=factor)
    if wait is not None:
        raise EntryRefused(say("There were too many tries. Please try again at {again_at}.", again_at=_full_minute(now + wait)), wait)


def throttle_key(login: str) -> str:
    """Under what the tries at a sign-in name are counted; apart from all else that is counted."""
    return f"sign-in {accounts.folded(login)}"


def _verified(pool: Pool, login: str, password: str) -> tuple[PersonId, str] | None:
    """Whose password this is, and the hash that says so; None where it is nobody's."""
    with pool.connection() as tx:
        stored = accounts.password_hash_of(tx, login)
    # The hash is worked on without a connection in hand: it takes long, and connections are few.
    if not passwords.matches(stored[1] if stored else None, password) or stored is None:
        return None
    person_id, password_hash = stored
    if not passwords.is_outdated(password_hash):
        return stored
    anew = passwords.hashed(password)
    with pool.connection() as tx:
        is_kept = accounts.store_hash_anew(tx, person_id, password_hash, anew)
    # another hash lies there by now: of the same password, by another sign-in, or of a new one
    return (person_id, anew) if is_kept else _verified(pool, login, password)


def _let_in(pool: Pool, person_id: PersonId, password_hash: str, came: Came, now: datetime) -> Admitted | None:
    """What begins with the right password; None where the password was changed since it was looked at."""
    with pool.connection() as tx:
        if not accounts.still_has(tx, person_id, password_hash):
            return None
        if factors.has_any(tx, person_id):
            return Admitted(factors.begin_half(tx, person_id, now), is_whole=False)
        entries.write(tx, person_id, EntryKind.PASSWORD, came, now)
        return Admitted(sign_ins.begin(tx, person_id, now, device=came.device, network=came.network), is_whole=True)


def _full_minute(moment: datetime) -> datetime:
    return (moment + timedelta(seconds=59)).replace(second=0, microsecond=0)
