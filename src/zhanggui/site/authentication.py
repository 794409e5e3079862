"""Who asks: read from the sign-in cookie before anything else of a request is read. Whoever is not signed in gets no further than the open pages."""

import anyio.to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from zhanggui import clock
from zhanggui.api.bearing import BEARER, EITHER
from zhanggui.people import sign_ins
from zhanggui.people.sign_ins import Known
from zhanggui.workbench.door.confirming import SIGN_IN
from zhanggui.workbench.door.door import Door

LONGEST_TOKEN = 100
ASKS_NOBODY = "asks_nobody"
"""`opt` of an open handler that answers everybody alike, with or without a database: a cookie is not even looked at."""


class SignInAuthentication(AbstractAuthenticationMiddleware):
    """Puts the person into scope["user"] and the digest of their sign-in into scope["auth"]; both are None for a stranger on an open page."""

    def __init__(self, app: ASGIApp) -> None:
        # No method is exempt: an OPTIONS that a handler answers is an answer too.
        super().__init__(app, exclude_http_methods=[])

    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:  # type: ignore[type-arg]
        """The person behind the cookie. Raises NotAuthorizedException before the body of the request is read."""
        opt = connection.route_handler.opt
        if opt.get(BEARER) and not opt.get(EITHER):
            return AuthenticationResult(user=None, auth=None)  # the API looks for a token by itself; a cookie opens nothing there
        if opt.get(ASKS_NOBODY):
            return AuthenticationResult(user=None, auth=None)
        door: Door = connection.app.state.door
        known = await _known(door, connection.cookies.get(door.cookie_name))
        if known is None and not opt.get("open"):
            raise NotAuthorizedException
        connection.scope.setdefault("state", {})[SIGN_IN] = known
        return AuthenticationResult(user=known and known.person, auth=known and known.digest)


async def _known(door: Door, token: str | None) -> Known | None:
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return await anyio.to_thread.run_sync(_look_up, door, token)


def _look_up(door: Door, token: str) -> Known | None:
    with door.house.pool.connection() as tx:
        return sign_ins.known(tx, token, clock.unwound())
