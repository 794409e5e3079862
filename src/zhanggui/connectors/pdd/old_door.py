"""The platform's older exchange of codes and refresh tokens, outside the gateway: for applications whose gateway does not offer it."""

from collections.abc import Mapping

import httpx
import msgspec

from zhanggui.connectors.certificates import trusted
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError, Trouble, strange
from zhanggui.connectors.pdd.line import NOT_SENT, check_status, whole
from zhanggui.connectors.pdd.tokens import Token, token_from_code, token_from_refresh

METHOD = "oauth/token"
INSTEAD_OF = frozenset({10017, 20031, 20034, 20035, 30000})
"""What the gateway answers where the method itself cannot be had, so that nothing was done with the code."""
_PATIENCE = httpx.Timeout(5.0)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def by_code(app: App, code: str, redirect_uri: str) -> Token:
    """The token for a code. Raises PlatformError."""
    call = token_from_code(code)
    return _sent(app, call, {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri})


def by_refresh(app: App, refresh_token: str) -> Token:
    """The token for an older one. Raises PlatformError."""
    return _sent(app, token_from_refresh(refresh_token), {"grant_type": "refresh_token", "refresh_token": refresh_token})


def _sent(app: App, call: Call[Token], fields: Mapping[str, str]) -> Token:
    call = Call(METHOD, {}, call.decode, needs_token=False, is_act=True)
    body = {"client_id": app.client_id, "client_secret": app.client_secret, **fields}
    try:
        with (
            httpx.Client(verify=trusted(), timeout=_PATIENCE, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", app.doors.token, json=body) as answer,
        ):
            check_status(call, answer.status_code)
            told = whole(call, answer)
    except NOT_SENT as problem:
        raise PlatformError(METHOD, Trouble.RETRY, "no_way", text=type(problem).__name__) from None
    except httpx.HTTPError as problem:
        raise PlatformError(METHOD, Trouble.RETRY, "no_way", text=type(problem).__name__, may_have_acted=True) from None
    try:
        return call.decode(_as_gateway(told))
    except PlatformError as problem:
        problem.method = METHOD  # the reader of the answer is the gateway's
        problem.hide([app.client_secret, *(fields.get(name, "") for name in ("code", "refresh_token"))])
        raise


def _as_gateway(flat: bytes) -> bytes:
    """The flat answer in the wrapping the gateway would give it."""
    try:
        members = _MEMBERS.decode(flat)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise strange(METHOD, f"no JSON object, {len(flat)} bytes", is_act=True) from None
    code = bytes(members.get("error_code", msgspec.Raw(b"0"))).strip(b'" ')
    return msgspec.json.encode({"token_response" if code in (b"0", b"null", b"") else "error_response": members})
