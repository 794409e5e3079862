"""Every request gets a number of its own, is timed, and is told to the figures and the log: by the pattern of its address, never by what stands in it."""

import logging
import secrets
import time

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from zhanggui.site.logs import REQUESTS, request_id
from zhanggui.site.metrics import Figures

log = logging.getLogger(REQUESTS)

HEADER = "x-request-id"
NO_ROUTE = "(none)"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def watched(app: ASGIApp, figures: Figures) -> ASGIApp:
    """The same application, watched. An answer counts as given when it begins: streams that keep a page in step have no end."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        began, number = time.perf_counter(), secrets.token_hex(8)
        token = request_id.set(number)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)[HEADER] = number
                _note(scope, message["status"], time.perf_counter() - began, figures)
            await send(message)

        try:
            await app(scope, receive, sent)
        finally:
            request_id.reset(token)

    return answer


def _note(scope: Scope, status: int, seconds: float, figures: Figures) -> None:
    asked = str(scope.get("method", ""))
    method = asked if asked in METHODS else "other"
    # the pattern of an address whose numbers have slashes in them is the same as without
    route = scope.get("path_template") or NO_ROUTE
    figures.answered(method, route, status, seconds)
    fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    log.info("answered", extra={"fields": fields})
