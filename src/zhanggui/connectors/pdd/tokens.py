"""A shop's authorisation: the page that asks for it, and the token for a code or for an older token."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from zhanggui.connectors.pdd.calls import Call, reader
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.values import MISSING, OddWire, key, moment, text, whole

CREATE, REFRESH = "pdd.pop.auth.token.create", "pdd.pop.auth.token.refresh"


class Token(msgspec.Struct, frozen=True):
    """A shop's token and when it ends. Neither token is ever shown."""

    access_token: str
    refresh_token: str
    owner_id: str
    owner_name: str
    expires_in: timedelta | None
    """How long it holds from now on: the surest of the platform's figures."""
    expires_at: datetime | None
    refresh_expires_in: timedelta | None
    refresh_expires_at: datetime | None
    scope: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Token(owner_id={self.owner_id!r}, expires_in={self.expires_in!r})"


class _Token(msgspec.Struct, frozen=True):
    access_token: Any = None
    refresh_token: Any = None
    owner_id: Any = None
    owner_name: Any = None
    expires_in: Any = None
    expires_at: Any = None
    refresh_token_expires_in: Any = None
    refresh_token_expires_at: Any = None
    scope: Any = None


def authorise_url(app: App, redirect_uri: str, state: str, view: str = "web") -> str:
    """The address of the page on which the seller lets the application in; it leads back with a code and our state."""
    query = {"response_type": "code", "client_id": app.client_id, "redirect_uri": redirect_uri, "state": state, "view": view}
    return f"{app.doors.authorise}?{urlencode(query)}"


def token_from_code(code: str) -> Call[Token]:
    """The token for a code that came back; a code serves once."""
    return Call(CREATE, {"code": code}, reader(CREATE, _Token, _token, is_act=True), needs_token=False, is_act=True)


def token_from_refresh(refresh_token: str) -> Call[Token]:
    """A fresh token for an older one. Not every kind of application may: then the shop must be connected again."""
    return Call(REFRESH, {"refresh_token": refresh_token}, reader(REFRESH, _Token, _token, is_act=True), needs_token=False, is_act=True)


def _token(told: _Token) -> Token:
    """The token, whole. What stands in it is never part of an error."""
    try:
        return Token(
            access_token=_secret(told.access_token, "access_token"),
            refresh_token=_secret(told.refresh_token, "refresh_token") if told.refresh_token else "",
            owner_id=key(told.owner_id, "owner_id"),
            owner_name=text(told.owner_name, "owner_name") or "",
            expires_in=_span(told.expires_in, "expires_in"),
            expires_at=moment(told.expires_at, "expires_at"),
            refresh_expires_in=_span(told.refresh_token_expires_in, "refresh_token_expires_in"),
            refresh_expires_at=moment(told.refresh_token_expires_at, "refresh_token_expires_at"),
            scope=tuple(str(each) for each in told.scope) if isinstance(told.scope, list) else (),
        )
    except OddWire as odd:
        raise msgspec.ValidationError(f"{odd.field} is missing or odd") from None


def _secret(value: Any, field: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise OddWire(MISSING, field)
    return value.strip()


def _span(value: Any, field: str) -> timedelta | None:
    seconds = whole(value, field)
    return None if seconds is None else timedelta(seconds=seconds)
