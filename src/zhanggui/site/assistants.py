"""The route by which assistants come in, behind the same door as other programs: a token and nothing else."""

from litestar import Router, asgi
from litestar.datastructures import Headers
from litestar.types import Receive, Scope, Send

from zhanggui.api.bearing import BEARER, Bearing, words_for
from zhanggui.mcp.door import answer

PATH = "/mcp"


@asgi("/", copy_scope=True)
async def assistants(scope: Scope, receive: Receive, send: Send) -> None:
    """One request of an assistant."""
    house = scope["litestar_app"].state.house
    await answer(house, scope["auth"], words_for(Headers.from_scope(scope)), dict(scope), receive, send)


def assistants_router() -> Router:
    """The one route of assistants."""
    return Router(PATH, route_handlers=[assistants], middleware=[Bearing()], opt={"open": True, BEARER: True, "exclude_from_csrf": True})
