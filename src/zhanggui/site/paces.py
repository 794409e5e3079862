"""How often one sign-in may ask for what costs much: files, searches, pasted texts, papers. Whoever is faster waits, and nobody else waits with them.

Programs have a pace of their own (actions/bridge_tokens.py), and whoever signs in too (people/throttle.py).
"""

from collections.abc import Hashable, Mapping
from enum import StrEnum
from math import ceil
from time import monotonic

import msgspec
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send


class Dear(StrEnum):
    """What costs much."""

    UPLOAD = "upload"
    SEARCH = "search"
    PASTE = "paste"
    PAPERS = "papers"


class Pace(msgspec.Struct, frozen=True):
    """So many at once, and so many a minute on."""

    at_once: int
    a_minute: int


PACES: Mapping[Dear, Pace] = {
    Dear.UPLOAD: Pace(40, 60),
    Dear.SEARCH: Pace(120, 240),
    Dear.PASTE: Pace(120, 180),
    Dear.PAPERS: Pace(40, 60),
}
"""Several times what the quickest hand does; a script that would keep a core busy is stopped."""

_SHOP, _ORDER = "/shops/{shop_id:int}", "/shops/{shop_id:int}/orders/{order_no:str}"
DEAR: Mapping[tuple[str, str], Dear] = {
    ("GET", "/search"): Dear.SEARCH,
    ("POST", f"{_SHOP}/pastes"): Dear.PASTE,
    ("POST", f"{_SHOP}/checking"): Dear.PASTE,
    ("POST", f"{_SHOP}/rule_notices/reading"): Dear.PASTE,
    ("POST", f"{_SHOP}/drafting/trial"): Dear.PASTE,
    ("POST", f"{_ORDER}/scans"): Dear.PASTE,
    ("POST", f"{_SHOP}/parcels/{{tracking_no:str}}/scans"): Dear.PASTE,
    ("POST", f"{_ORDER}/papers"): Dear.PAPERS,
    ("POST", f"{_SHOP}/ship/batches/{{batch_no:int}}/papers"): Dear.PAPERS,
    ("POST", f"{_ORDER}/evidence/packet"): Dear.PAPERS,
    ("POST", f"{_SHOP}/disputes/{{dispute_no:int}}/packet"): Dear.PAPERS,
}
"""By method and route. Every route that takes files is an upload."""

_MOST_KEPT = 10_000


class TooFast(Exception):
    """Asked for more often than the pace allows; `seconds` until the next may come."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


class Paces:
    """A bucket for each asker and kind, filled a little every second. Used in one event loop; what a restart forgets does no harm."""

    def __init__(self) -> None:
        self._left: dict[Hashable, tuple[float, float]] = {}

    def take(self, asker: Hashable, dear: Dear, at: float) -> None:
        """Takes one out at this moment, in seconds of any clock that only goes on. Raises TooFast where there is none."""
        pace = PACES[dear]
        left, seen = self._left.get((asker, dear), (float(pace.at_once), at))
        left = min(float(pace.at_once), left + (at - seen) * pace.a_minute / 60)
        if left < 1:
            raise TooFast(ceil((1 - left) * 60 / pace.a_minute))
        if len(self._left) >= _MOST_KEPT:
            self._left.clear()
        self._left[(asker, dear)] = (left - 1, at)


class KeepingPace(ASGIMiddleware):
    """Lets the quick wait, before anything they send is read."""

    def __init__(self, *, is_on: bool) -> None:
        self._paces = Paces() if is_on else None

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Go on, or raise TooFast."""
        dear = _dear(scope)
        if self._paces is not None and dear is not None and scope.get("auth") is not None:
            self._paces.take(scope["auth"], dear, monotonic())
        await next_app(scope, receive, send)


def _dear(scope: Scope) -> Dear | None:
    if scope["route_handler"].opt.get("upload"):
        return Dear.UPLOAD
    return DEAR.get((str(scope.get("method", "")), str(scope.get("path_template", ""))))
