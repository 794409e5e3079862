"""Tokens by which other programs come in: of one shop, with scopes, shown once, kept as a digest, taken back at any time."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from zhanggui.actions.bridge_rights import RIGHTS
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.say import say
from zhanggui.people import factors
from zhanggui.people.permissions import Permission, Person, Role, ShopId
from zhanggui.people.throttle import TableStorage, network_of
from zhanggui.records import api_tokens, journal
from zhanggui.records.api_tokens import TokenRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.bridge import TokenMade, TokenRevoked

PER_TOKEN = RateLimitItemPerMinute(1200, namespace="token")
"""Twenty a second; messages come in by the hundred at once."""
PER_ADDRESS = RateLimitItemPerMinute(60, 15, namespace="unknown-token")
"""As at the sign-in door, and counted apart from it: a program with an old token shuts nobody out who sits behind the same address."""
MOST_TOKENS = 20
LONGEST_NAME = 60
MOST_DAYS = 3650
_NOTED_EVERY = timedelta(minutes=1)
_LOOK_NOTED_EVERY = timedelta(seconds=10)
_PREFIX = "zhg"
_LONGEST_TOKEN = 100
_BYTES = 32


class MadeToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token that was just made; `token` is shown now and never again."""

    token_no: int
    token: str

    def __repr__(self) -> str:
        return f"MadeToken({self.token_no})"


class Bearer(msgspec.Struct, frozen=True, kw_only=True):
    """A program that came in by a token: in whose name it acts, and what it may do."""

    person: Person
    token: TokenRecord
    is_withheld: bool = False
    """Whether whoever made the token counts for nothing in the shop until they have the second factor that it asks of them."""

    @property
    def shop_id(self) -> ShopId:
        """The one shop it sees."""
        return ShopId(self.token.shop_id)

    def may(self, scope: Scope) -> bool:
        """Whether its token carries this scope."""
        return scope.value in self.token.scopes


def make_token(
    house: House, by: Person, shop_id: ShopId, name: str, scopes: Iterable[Scope], now: datetime, wall: datetime, *, days: int | None = None
) -> MadeToken:
    """A new token. Raises Refused without a name or a scope, and past twenty tokens."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    called = " ".join(name.split())
    chosen = sorted({Scope(scope).value for scope in scopes})
    if not called or len(called) > LONGEST_NAME:
        raise Refused(say("Give the program a name of at most {longest} characters.", longest=LONGEST_NAME))
    if not chosen:
        raise Refused(say("Choose what the program may do."))
    if days is not None and not 0 < days <= MOST_DAYS:
        raise Refused(say("A token lasts between 1 and {most} days, or until it is taken back.", most=MOST_DAYS))
    token = f"{_PREFIX}_{shop_id}_{secrets.token_urlsafe(_BYTES)}"

    def work(tx: Tx) -> int:
        if len(api_tokens.of_shop(tx, shop_id)) >= MOST_TOKENS:
            raise Refused(say("The shop has {most} tokens. Take one back that is not used any more.", most=MOST_TOKENS))
        number = api_tokens.insert(
            tx,
            shop_id,
            name=called,
            digest=_digest(token),
            scopes=chosen,
            made_by=by.person_id,
            made_at=wall,
            ends_at=None if days is None else wall + timedelta(days=days),
        )
        journal.write(tx, shop_id, TokenMade(number, called), at=now, by=by.person_id)
        return number

    return MadeToken(token_no=transact(house.pool, work), token=token)


def tokens_seen(house: House, by: Person, shop_id: ShopId) -> tuple[TokenRecord, ...]:
    """The tokens of a shop that were not taken back."""
    by.need(Permission.SETTINGS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(api_tokens.of_shop(tx, shop_id))


def revoke_token(house: House, by: Person, shop_id: ShopId, token_no: int, now: datetime, wall: datetime) -> None:
    """Takes a token back: from now on it opens nothing. Raises Refused where there is none to take back."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        name = api_tokens.revoke(tx, shop_id, token_no, by.person_id, wall)
        if name is None:
            raise Refused(say("The shop has no token no. {number}.", number=str(token_no)))
        journal.write(tx, shop_id, TokenRevoked(token_no, name), at=now, by=by.person_id)

    transact(house.pool, work)


def bearer_of(house: House, token: str, wall: datetime) -> Bearer | None:
    """Who holds this token, where it still opens anything."""
    shop_id = _shop_of(token)
    if shop_id is None:
        return None
    with house.pool.connection() as tx:
        found = api_tokens.by_digest(tx, shop_id, _digest(token), wall)
        if found is None:
            return None
        if found.used_at is None or found.used_at < wall - _NOTED_EVERY:
            api_tokens.note_use(tx, found, wall, wall - _NOTED_EVERY)
        is_withheld = found.made_by in factors.withheld_in(tx, ShopId(shop_id))
    return Bearer(person=program_of(found), token=found, is_withheld=is_withheld)


def program_of(token: TokenRecord) -> Person:
    """The program that holds this token, as somebody who acts: with the rights that its scopes bring, in the one shop."""
    rights = frozenset[Permission]().union(*(RIGHTS[scope] for scope in Scope if scope in token.scopes))
    return Person(person_id=None, display_name=token.name, roles={ShopId(token.shop_id): Role.REP}, only=rights)


def _shop_of(token: str) -> int | None:
    """The shop that the token names; without it no row can be looked for."""
    prefix, _, rest = token.partition("_")
    shop, _, secret = rest.partition("_")
    is_one = len(token) <= _LONGEST_TOKEN and token.isascii() and prefix == _PREFIX and shop.isdecimal() and len(shop) <= 18 and bool(secret)
    return int(shop) if is_one else None


def _digest(token: str) -> bytes:
    """What is kept of a token. It is random and long, so a plain digest cannot be turned back."""
    return hashlib.sha256(token.encode()).digest()


def note_look(house: House, bearer: Bearer, wall: datetime) -> None:
    """Notes that the program looked for answers to send: to one that looks they can be given."""
    with house.pool.connection() as tx:
        api_tokens.note_look(tx, bearer.token, wall, wall - _LOOK_NOTED_EVERY)


def pace_of(house: House, bearer: Bearer, wall: datetime) -> timedelta | None:
    """Counts one request of this token; how long to wait where it is one too many in this minute, else None."""
    limiter = FixedWindowRateLimiter(TableStorage(house.pool, lambda: wall, is_cheap=True))
    key = f"{bearer.token.shop_id}-{bearer.token.token_no}"
    if limiter.hit(PER_TOKEN, key):
        return None
    return timedelta(seconds=max(1, round(limiter.get_window_stats(PER_TOKEN, key).reset_time - wall.timestamp())))


def pace_of_unknown(house: House, address: str, wall: datetime) -> timedelta | None:
    """Counts one request with a token that opens nothing; how long that address is to wait where it is one too many, else None.

    A good token is never asked to wait for the bad ones of its address: it is two hundred and fifty-six bits long, and nobody guesses it.
    """
    limiter = FixedWindowRateLimiter(TableStorage(house.pool, lambda: wall, is_cheap=True))
    key = network_of(address)
    if limiter.hit(PER_ADDRESS, key):
        return None
    return timedelta(seconds=max(1, round(limiter.get_window_stats(PER_ADDRESS, key).reset_time - wall.timestamp())))
