"""A shop's tokens: how they are sealed, and when they are to be refreshed."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.vault import seal, unseal
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.old_door import INSTEAD_OF, by_code, by_refresh
from zhanggui.connectors.pdd.tokens import Token, token_from_code, token_from_refresh

LONGEST_AHEAD = timedelta(days=30)
"""A token is refreshed when a quarter of its life is left, but not earlier than this before its end. A platform that ties tokens to the shop's
authorisation answers with the same end, and is asked again a quarter later, ever closer; one that prolongs them is asked long before anything ends."""
SHARE = 4
LEAST = timedelta(minutes=5)


class Tokens(msgspec.Struct, frozen=True):
    """What the platform gave: never shown, never logged, stored only sealed."""

    access_token: str
    refresh_token: str | None = None

    def __repr__(self) -> str:
        return "Tokens(***)"


def sealed_tokens(house: House, tokens: Tokens) -> bytes:
    """The tokens as they are stored."""
    return seal(house, msgspec.json.encode(tokens).decode())


def opened_tokens(house: House, sealed: bytes) -> Tokens:
    """The tokens again. Raises VaultShut."""
    return msgspec.json.decode(unseal(house, sealed), type=Tokens)


def refresh_at(tokens: Tokens, ends_at: datetime | None, now: datetime) -> datetime | None:
    """When to refresh a token got now; None where there is nothing to refresh it with, or nobody told when it ends."""
    if tokens.refresh_token is None or ends_at is None:
        return None
    return max(ends_at - min((ends_at - now) / SHARE, LONGEST_AHEAD), now + LEAST)


def tokens_in(token: Token) -> Tokens:
    """The tokens of an answer."""
    return Tokens(token.access_token, token.refresh_token or None)


def ends_of(token: Token, now: datetime) -> tuple[datetime | None, datetime | None]:
    """When the access token and the refresh token end, counted from now; the moments by the platform's own clock stand in where no span is told."""
    return _end(token.expires_in, token.expires_at, now), _end(token.refresh_expires_in, token.refresh_expires_at, now)


def token_for_code(line: Line, app: App, code: str, redirect_uri: str, now: datetime) -> Token:
    """The token for a code, through the gateway, else through the older door. Raises PlatformError."""
    try:
        return line.call(app, token_from_code(code), now=now)
    except PlatformError as problem:
        if problem.code not in INSTEAD_OF:
            raise
    return by_code(app, code, redirect_uri)


def token_for_refresh(line: Line, app: App, refresh_token: str, now: datetime) -> Token:
    """The token for an older one, the same two ways. Raises PlatformError."""
    try:
        return line.call(app, token_from_refresh(refresh_token), now=now)
    except PlatformError as problem:
        if problem.code not in INSTEAD_OF:
            raise
    return by_refresh(app, refresh_token)


def _end(span: timedelta | None, moment: datetime | None, now: datetime) -> datetime | None:
    return now + span if span is not None and span > timedelta(0) else moment
