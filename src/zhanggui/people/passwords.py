"""Passwords: hashed by argon2id, measured against a short policy, and rehashed when the parameters have grown."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from zhanggui.core.say import Say, say

SHORTEST = 10
LONGEST = 256
FEWEST_DIFFERENT = 5

_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(4)
"""One check takes 64 MiB for a moment; a flood of sign-ins must not take the machine's memory."""


@cache
def _nobodys() -> str:
    """What is checked when the login is unknown, so that the answer takes as long as for a known one. Made with the first check, whoever is meant by it: most
    programs check none.
    """
    return _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The password as it may be stored."""
    with _at_once:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash it works as long and says no."""
    with _at_once:
        nobodys = _nobodys()
        try:
            _hasher.verify(password_hash or nobodys, password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def objection(password: str, *, login: str) -> Say | None:
    """Why this password is not good enough for that login, or None."""
    if len(password) < SHORTEST:
        return say("The password needs at least {fewest} characters.", fewest=SHORTEST)
    if len(password) > LONGEST:
        return say("The password may have at most {most} characters.", most=LONGEST)
    if login.casefold() in password.casefold() and len(password) - len(login) < SHORTEST // 2:
        return say("The password must not be the sign-in name.")
    if len(set(password)) < FEWEST_DIFFERENT:
        return say("The password needs at least {fewest} different characters.", fewest=FEWEST_DIFFERENT)
    return None
