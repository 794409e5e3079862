"""Where a browser can be led back to: a page that was drawn as the answer to a form has an address at which nobody can ask for it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException

from zhanggui.workbench.door.door import local_path

OTHERWISE = "/today"

AnyConnection = ASGIConnection[Any, Any, Any, Any]


def page_at(app: Litestar, back: str) -> str:
    """The address itself where it answers GET, else the nearest page above it that does, else Today; never somebody else's page."""
    told = local_path(back)
    path = urlsplit(told).path
    if _answers(app, path):
        return told
    return next((each for each in _above(path) if _answers(app, urlsplit(each).path)), OTHERWISE)


def page_before(connection: AnyConnection) -> str | None:
    """The page on which what is sent was filled in, or one near it that can be asked for; None where the browser does not say."""
    try:
        told = urlsplit(connection.headers.get("hx-current-url") or connection.headers.get("referer") or "")
    except ValueError:
        return None
    return page_at(connection.app, told.path + (f"?{told.query}" if told.query else "")) if told.path else None


def _answers(app: Litestar, path: str) -> bool:
    try:
        app.asgi_router.handle_routing(unquote(path), "GET")
    except HTTPException:
        return False
    return True


def _above(path: str) -> Iterator[str]:
    """The addresses above this one, the nearest first; after those within a shop, the like pages that name the shop in their query."""
    match path.strip("/").split("/"):
        case ["shops", shop, *rest] if shop.isdecimal():
            yield from (f"/shops/{shop}/{'/'.join(rest[:many])}" for many in range(len(rest) - 1, 0, -1))
            yield from (f"/{'/'.join(rest[:many])}?shop={shop}" for many in range(len(rest), 0, -1))
        case parts:
            yield from (f"/{'/'.join(parts[:many])}" for many in range(len(parts) - 1, 0, -1))
