"""Every route of the API under one root, behind its own door: a token and nothing else."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Router, get
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from zhanggui import __version__
from zhanggui.api.bearing import BEARER, EITHER, Bearing
from zhanggui.api.handlers import route_handlers
from zhanggui.api.reviews import put_reviews

ROOT = "/api/v1"
_OPEN = {"open": True, BEARER: True, "exclude_from_csrf": True}
"""`opt` of every route of the API: no cookie is read, so no form of another page can use one."""
_HANDLERS = (*route_handlers, put_reviews)
Threaded = Callable[[Iterable[ControllerRouterHandler]], list[ControllerRouterHandler]]


@get("/schema", sync_to_thread=True, opt={EITHER: True}, include_in_schema=False)
def schema() -> Response[Any]:
    """The description of the API by OpenAPI, for whoever is signed in or bears a token."""
    return Response(described(), media_type="application/vnd.oai.openapi+json")


def api_router(threaded: Threaded) -> Router:
    """The routes of programs; `threaded` makes plain functions answer in the thread pool."""
    return Router(ROOT, route_handlers=threaded([*_HANDLERS, schema]), middleware=[Bearing()], opt=_OPEN, tags=["bridge"])


@cache
def described() -> bytes:
    """The description, made once, from the very handlers that answer."""
    config = OpenAPIConfig(
        title="Zhanggui",
        version=__version__,
        description="Messages and reviews of buyers in, drafts of answers out. Nothing is sent to a buyer by itself.",
        components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
        security=[{"token": []}],
    )
    given = {"house": Provide(lambda: None, sync_to_thread=False), "now": Provide(lambda: None, sync_to_thread=False)}
    app = Litestar(
        route_handlers=[Router(ROOT, route_handlers=list(_HANDLERS), tags=["bridge"])], dependencies=given, openapi_config=config, logging_config=None
    )
    return msgspec.json.encode(app.openapi_schema.to_schema())
