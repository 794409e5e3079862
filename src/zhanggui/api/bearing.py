"""Who asks: a program, by the token in its Authorization header and by nothing else; how fast, and for what its token has no scope."""

from datetime import timedelta
from typing import Any

import anyio.to_thread
from litestar import Request
from litestar.datastructures import Headers
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from zhanggui import clock
from zhanggui.actions.bridge_tokens import bearer_of, pace_of, pace_of_unknown
from zhanggui.actions.house import House
from zhanggui.api.problems import problem
from zhanggui.core.bridge import scopes
from zhanggui.core.say import Say, say
from zhanggui.words import Catalog, load

_CHALLENGE = {"www-authenticate": 'Bearer realm="zhanggui"'}
BEARER, EITHER = "bearer", "either"
"""`opt` of a route: only a token opens it; or a token, or whoever is signed in."""
NEEDS = "scope"
"""`opt` of a handler: the scope it needs."""
UNKNOWN = (say("Not signed in"), say("The token is missing, unknown, at its end or taken back. Send it as Authorization: Bearer and the token."))
NOT_FOR_IT = (say("Not for this token"), say("The token has no scope for this. Whoever may write the shop's settings can make one that has."))
WITHHELD = (
    say("Not for this token"),
    say("The shop asks a second factor of whoever made this token, and they have none yet. It opens again once they have added one to their account."),
)
TOO_FAST = (say("Too many requests"), say("More requests than a token may send in a minute. Wait as long as Retry-After says, in seconds."))

TOO_MANY_UNKNOWN = (
    say("Too many requests"),
    say("Too many requests with tokens that open nothing came from this address. Wait as long as Retry-After says, in seconds, and mend the token."),
)


class Bearing(ASGIMiddleware):
    """Puts the program into scope["auth"] and the person it acts as into scope["user"]; whoever bears no good token gets no further."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look who it is, then go on."""
        if scope["route_handler"].opt.get(EITHER) and scope.get("user") is not None:
            return await next_app(scope, receive, send)
        headers = Headers.from_scope(scope)
        house: House = scope["litestar_app"].state.house
        words = words_for(headers)
        token = _token_in(headers)
        bearer = await anyio.to_thread.run_sync(bearer_of, house, token, clock.unwound()) if token else None
        if bearer is None:
            address = scope["client"][0] if token and scope["client"] else ""
            wait = await anyio.to_thread.run_sync(pace_of_unknown, house, address, clock.unwound()) if address else None
            if wait is not None:
                return await _refuse(scope, receive, send, 429, words, TOO_MANY_UNKNOWN, _after(wait))
            return await _refuse(scope, receive, send, 401, words, UNKNOWN, _CHALLENGE)
        wait = await anyio.to_thread.run_sync(pace_of, house, bearer, clock.unwound())
        if wait is not None:
            return await _refuse(scope, receive, send, 429, words, TOO_FAST, _after(wait))
        if bearer.is_withheld:
            return await _refuse(scope, receive, send, 403, words, WITHHELD, _CHALLENGE)
        needed = scope["route_handler"].opt.get(NEEDS)
        if isinstance(needed, scopes.Scope) and not bearer.may(needed):
            return await _refuse(
                scope, receive, send, 403, words, NOT_FOR_IT, {"www-authenticate": f'{_CHALLENGE["www-authenticate"]}, scope="{needed.value}"'}
            )
        scope["user"], scope["auth"] = bearer.person, bearer
        return await next_app(scope, receive, send)


def words_for(headers: Headers) -> Catalog:
    """The words a program reads: Chinese, unless it says that it prefers English."""
    return load("en" if headers.get("accept-language", "").strip().lower().startswith("en") else "zh_Hans")


def _token_in(headers: Headers) -> str:
    """The token that was shown; nothing where there is none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _after(wait: timedelta) -> dict[str, str]:
    return {"retry-after": str(int(wait.total_seconds()) or 1)}


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: Catalog, sentences: tuple[Say, Say], headers: dict[str, str]) -> None:
    title, detail = sentences
    answer = problem(status, words.render(title), words.render(detail), headers=headers)
    request = Request[Any, Any, Any](scope, receive, send)
    await answer.to_asgi_response(app=None, request=request)(scope, receive, send)
