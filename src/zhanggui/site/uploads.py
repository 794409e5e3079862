"""How much may be sent: little to every handler, whole files only to those that say `opt={"upload": True}`; and nothing sent is left lying about."""

from collections.abc import Iterable

from litestar.datastructures import UploadFile
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, ControllerRouterHandler, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

ORDINARY_BODY = 1_000_000
"""A long form, or a pasted page of tracking text."""

MEGABYTE = 1_000_000


def with_upload_limit(handlers: Iterable[ControllerRouterHandler], upload_mb: int) -> list[ControllerRouterHandler]:
    """The same handlers, those that take files allowed so many megabytes."""
    made = list(handlers)
    for handler in made:
        if isinstance(handler, HTTPRouteHandler) and handler.opt.get("upload"):
            handler.request_max_body_size = upload_mb * MEGABYTE
    return made


class ClosedUploads(ASGIMiddleware):
    """Closes uploaded files also when the request was refused after its form was read, which Litestar leaves to the garbage collector."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Go on, then close."""
        try:
            await next_app(scope, receive, send)
        finally:
            form = ScopeState.from_scope(scope).form
            for value in _flat(form.values() if isinstance(form, dict) else ()):
                if isinstance(value, UploadFile):
                    await value.close()


def _flat(values: Iterable[object]) -> Iterable[object]:
    for value in values:
        yield from value if isinstance(value, list) else (value,)
