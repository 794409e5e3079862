"""Every route of the API under one root, behind its own door: a token and nothing else."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from litestar import Router, get
from litestar.di import Provide
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from zhanggui.api import acts, automation, cases, events, figures, goods, handlers, imports, money, orders, parcels, reviews, todo
from zhanggui.api.asked import provide_asked
from zhanggui.api.bearing import BEARER, EITHER, Bearing
from zhanggui.api.describing import description

ROOT = "/api/v1"
_OPEN = {"open": True, BEARER: True, "exclude_from_csrf": True}
"""`opt` of every route of the API: no cookie is read, so no form of another page can use one."""
_ROOMS = {
    "bridge": handlers,
    "shop": todo,
    "orders": orders,
    "parcels": parcels,
    "aftersales": cases,
    "reviews": reviews,
    "goods": goods,
    "figures": figures,
    "imports": imports,
    "acts": acts,
    "automation": automation,
    "money": money,
    "events": events,
}
Threaded = Callable[[Iterable[ControllerRouterHandler]], list[ControllerRouterHandler]]


@get("/schema", sync_to_thread=True, opt={EITHER: True}, include_in_schema=False)
def schema() -> Response[Any]:
    """The description of the API by OpenAPI, for whoever is signed in or bears a token."""
    return Response(described(), media_type="application/vnd.oai.openapi+json")


def api_router(threaded: Threaded) -> Router:
    """The routes of programs; `threaded` makes plain functions answer in the thread pool."""
    every = [handler for room in _ROOMS.values() for handler in room.route_handlers]
    return Router(ROOT, route_handlers=threaded([*every, schema]), middleware=[Bearing()], opt=_OPEN, dependencies=_GIVEN)


@cache
def described() -> bytes:
    """The description, from the very handlers that answer."""
    return description(ROOT, {name: room.route_handlers for name, room in _ROOMS.items()}, _GIVEN)


_GIVEN = {"asked": Provide(provide_asked, sync_to_thread=False)}
