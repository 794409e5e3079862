"""The API described by OpenAPI, from the handlers themselves: with the scope each needs, the refusals each may meet, and an example of every answer."""

import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import msgspec
from litestar import Litestar, Router
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from zhanggui import __version__
from zhanggui.api.bearing import NEEDS
from zhanggui.api.problems import MEDIA
from zhanggui.core.bridge.scopes import Scope

_ABOUT = """What a shop's other programs may read and do: what to do next and why, orders with their deadlines, parcels, after-sales cases with advice,
reviews, goods, measures, money, imports, acts, events; and the bridge of service tools. A token is of one shop and carries scopes. Moments are ISO 8601
in UTC, money is in fen (a hundredth of a yuan), sentences are in the language of Accept-Language, and nothing of a buyer is told unmasked. Lists go on by
`cursor`, which stays good while rows arrive. Every POST takes an Idempotency-Key. Nothing is sent to a buyer by itself."""
_REFUSALS = {
    "400": "What was sent cannot be read; `errors` names the fields.",
    "401": "No good token.",
    "403": "The token has no scope for this; WWW-Authenticate names it.",
    "404": "There is no such thing in the shop.",
    "422": "It cannot be done, for the reason told.",
    "429": "Too many requests; Retry-After says how many seconds to wait.",
    "503": "The database is away; try again in a minute.",
}
_PROBLEM = {
    "type": "object",
    "required": ["status", "title", "detail"],
    "properties": {
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "string"}},
    },
    "description": "Why a request was not answered (RFC 9457).",
}
_AGAIN = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Of the program's own making. For a day the same request under the same key is answered as it was, and done once.",
}
_HELD = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of an answer the program holds; where it would be the same again, 304 without a body.",
}
_KIND = re.compile(r":[a-z]+}")
_WAIT = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}


def description(root: str, rooms: Mapping[str, Sequence[HTTPRouteHandler]], given: Mapping[str, Provide]) -> bytes:
    """The description as JSON."""
    config = OpenAPIConfig(
        title="Zhanggui",
        version=__version__,
        description=" ".join(_ABOUT.split()),
        components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
        security=[{"token": []}],
    )
    nothing = {name: Provide(lambda: None, sync_to_thread=False) for name in ("house", "now")}
    routers = [Router(root, route_handlers=list(handlers), tags=[name]) for name, handlers in rooms.items()]
    app = Litestar(route_handlers=routers, dependencies={**nothing, **given}, openapi_config=config, logging_config=None)
    told = app.openapi_schema.to_schema()
    told["components"]["schemas"]["Problem"] = _PROBLEM
    needs = {
        (method.lower(), _path(root, handler)): handler.opt[NEEDS] for handlers in rooms.values() for handler in handlers for method in handler.http_methods
    }
    examples = _examples()
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            _complete(
                operation,
                needs[method, path],
                examples.get(f"{method.upper()} {path}"),
                takes_key=method == "post",
                is_marked=method == "get" and operation["tags"] != ["bridge"],
            )
    return msgspec.json.encode(told)


def _complete(operation: dict[str, Any], scope: Scope, example: Any, *, takes_key: bool, is_marked: bool) -> None:
    """Adds what the handlers' signatures do not tell."""
    operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope.value}`.".strip()
    operation["x-scope"] = scope.value
    parameters = operation.setdefault("parameters", [])
    parameters += [_AGAIN] * takes_key + [_HELD] * is_marked
    answers = operation["responses"]
    answers.pop("400", None)
    for status, why in _REFUSALS.items():
        answers[status] = {"description": why, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    answers["429"]["headers"] = _WAIT
    if takes_key:
        answers["409"] = {**answers["400"], "description": "The same request under this key is being answered just now.", "headers": _WAIT}
        answers["413"] = {**answers["400"], "description": "Larger than this house takes."}
    if is_marked:
        answers["304"] = {"description": "The program holds this answer already."}
    if example is not None:
        for content in answers["200"].get("content", {}).values():
            content["example"] = example


def _path(root: str, handler: HTTPRouteHandler) -> str:
    """The address as OpenAPI writes it: without the kinds of its parts."""
    (path,) = handler.paths
    return root + _KIND.sub("}", path)


def _examples() -> dict[str, Any]:
    """An answer to each request, as a planted shop gave it."""
    found: dict[str, Any] = json.loads((files("zhanggui.api") / "examples.json").read_text("utf-8"))
    return found
