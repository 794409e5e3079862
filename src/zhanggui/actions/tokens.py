"""A shop's tokens: how they are sealed, and when they are to be refreshed."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.vault import seal, unseal
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.tokens import Token

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


def ends_of(token: Token, now: datetime) -> tuple[datetime | None, datetime | None]:
    """When the access token and the refresh token end, counted from now as the platform tells it; its moments by its own clock are not gone by."""
    return _end(token.expires_in, now), _end(token.refresh_token_expires_in, now)


def exchanged(line: Line, app: App, call: Call[Token], now: datetime) -> Token:
    """The token for a code or for a refresh token. Raises PlatformError."""
    return line.call(app, call, now=now)


def _end(seconds: int | None, now: datetime) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds is not None and seconds > 0 else None
