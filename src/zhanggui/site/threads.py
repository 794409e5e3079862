"""Plain functions answer in the thread pool, each wrapped once.

Litestar 2.25 wraps a `sync_to_thread` handler again for every other handler on the same path, and then answers with a coroutine nobody awaits; a
handler that is async from the start is left alone.
"""

from collections.abc import Callable, Iterable
from functools import partial, wraps
from typing import Any

import anyio.to_thread
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler
from litestar.utils.predicates import is_async_callable


def in_threads(handlers: Iterable[ControllerRouterHandler]) -> list[ControllerRouterHandler]:
    """The same handlers, those that ask for a thread made async by one wrapping."""
    made = list(handlers)
    for handler in made:
        if isinstance(handler, HTTPRouteHandler) and handler.sync_to_thread and not is_async_callable(handler.fn):
            handler._fn = _threaded(handler.fn)  # noqa: SLF001 - there is no public way to replace the function of a handler
    return made


def _threaded(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def threaded(*args: Any, **kwargs: Any) -> Any:
        return await anyio.to_thread.run_sync(partial(function, *args, **kwargs))

    return threaded
