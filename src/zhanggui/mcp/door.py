"""The door for assistants over HTTP: each request by itself, by a token of one shop, whoever let it in having looked at the token."""

from typing import Any

from zhanggui import clock
from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope
from zhanggui.mcp.caller import Caller
from zhanggui.mcp.extra import is_there, serving
from zhanggui.words import Catalog


async def answer(house: House, bearer: Bearer, words: Catalog, scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers one request of an assistant. There is no stream to listen to and no session to end, which the protocol lets a server say by 405."""
    if scope["method"] != "POST":
        return await _plainly(send, 405, [(b"allow", b"POST")])
    if not is_there():
        return await _plainly(send, 501, [])
    return await serving().over_http(caller_of(house, bearer, words), scope, receive, send)  # type: ignore[no-any-return]  # loaded only where it is needed


def caller_of(house: House, bearer: Bearer, words: Catalog) -> Caller:
    """The assistant that holds this token."""
    scopes = frozenset(scope for scope in Scope if bearer.may(scope))
    return Caller(house=house, person=bearer.person, shop_id=bearer.shop_id, scopes=scopes, words=words, now=clock.now, wall=clock.unwound)


async def _plainly(send: Any, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
