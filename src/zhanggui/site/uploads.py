"""How much may be sent: little to every handler, whole files only to those that say `opt={"upload": True}`."""

from collections.abc import Iterable

from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

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
