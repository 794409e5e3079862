"""The line to the platform: signs a call, sends it, and hands back what the call makes of the answer. One line serves all shops and threads."""

import weakref
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from time import monotonic
from typing import TypeVar

import httpx

from zhanggui.connectors.certificates import trusted
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError, Trouble, strange
from zhanggui.connectors.pdd.paces import Paces
from zhanggui.connectors.pdd.signing import signature

T = TypeVar("T")

_PATIENCE = httpx.Timeout(5.0)
_LONGEST_ANSWER_SECONDS = 20.0
_LARGEST_ANSWER = 32_000_000
_LONGEST_DATE = 64
_CLOCKS_DIFFER = timedelta(seconds=30)
_HELD_SECONDS = 0.3
"""After the platform has asked for fewer calls, none goes for so long, from whichever thread; how long to stay away altogether is told by `wait`."""
_FARTHEST = timedelta(days=366)
"""A clock that differs by more than this is not the platform's."""
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError, httpx.InvalidURL, UnicodeError)
"""Troubles that come before the first byte has left; the last two are of addresses that nothing can be sent to."""


class Line:
    """Carries calls to the platform, at a pace of our own, over connections that are kept open."""

    def __init__(self, paces: Paces | None = None) -> None:
        self._paces = paces or Paces()
        self._lock = Lock()
        self._client: httpx.Client | None = None
        self._offsets: dict[str, timedelta] = {}

    def call(self, app: App, call: Call[T], *, shop_key: str = "", access_token: str | None = None, now: datetime) -> T:
        """What the call brings. Raises PlatformError; where our own pace is used up, one with the time to `wait`, and nothing was sent.

        An answer that says our clock is wrong brings the platform's clock with it; the call, which was refused, then goes once more by that clock.
        """
        self._keep_pace(app, call, shop_key)
        try:
            return self._by_their_clock(app, call, access_token, now)
        except PlatformError as problem:
            if problem.trouble is Trouble.SLOW_DOWN:
                self._paces.hold(call.method, app.client_id, shop_key, _HELD_SECONDS)
            raise

    def fetch(self, address: str, largest: int) -> tuple[int, bytes | None]:
        """The status and the body of what lies at an address, for whoever has checked the address; no body where it grows larger. Raises httpx.HTTPError.

        Pictures are small as they are: nothing is unpacked, since a few hundred bytes may unpack to more than a machine holds.
        """
        with self._open().stream("GET", address, headers={"Accept-Encoding": "identity"}) as answer:
            if answer.status_code != httpx.codes.OK:
                return answer.status_code, b""
            began, size, parts = monotonic(), 0, []
            for part in answer.iter_raw():
                parts.append(part)
                size += len(part)
                if size > largest:
                    return answer.status_code, None
                if monotonic() - began > _LONGEST_ANSWER_SECONDS:
                    raise httpx.ReadTimeout("the answer drips")
            return answer.status_code, b"".join(parts)

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _keep_pace(self, app: App, call: Call[T], shop_key: str) -> None:
        wait = self._paces.take(call.method, app.client_id, shop_key)
        if wait > 0:
            raise PlatformError(call.method, Trouble.SLOW_DOWN, "pace", wait=timedelta(seconds=wait))

    def _by_their_clock(self, app: App, call: Call[T], access_token: str | None, now: datetime) -> T:
        try:
            return self._once(app, call, access_token, now)
        except _ClockDiffers as differs:
            with self._lock:
                self._offsets[app.doors.router] = differs.offset
        try:
            return self._once(app, call, access_token, now)
        except _ClockDiffers as differs:
            raise differs.error from None

    def _once(self, app: App, call: Call[T], access_token: str | None, now: datetime) -> T:
        """Send the call and read its answer."""
        signed_at = now + self._offsets.get(app.doors.router, timedelta(0))
        sent = parameters(app, call, access_token, signed_at)
        body, their_time = self._post(app.doors.router, call, sent)
        try:
            return call.decode(body)
        except PlatformError as problem:
            problem.hide(_secrets_of(app, call, access_token))
            # what was signed counts, not our clock: one that was set right meanwhile is signed by an offset that holds no more
            if problem.do == "clock" and their_time is not None and abs(their_time - signed_at) > _CLOCKS_DIFFER and abs(their_time - now) < _FARTHEST:
                raise _ClockDiffers(their_time - now, problem) from None
            raise

    def _post(self, address: str, call: Call[T], sent: Mapping[str, str]) -> tuple[bytes, datetime | None]:
        """The body of the answer and the moment at which the platform says it was sent."""
        try:
            with self._open().stream("POST", address, json=sent) as answer:
                check_status(call, answer.status_code)
                return whole(call, answer), _moment_of(answer.headers.get("date"))
        except NOT_SENT as problem:
            raise PlatformError(call.method, Trouble.RETRY, "no_way", text=type(problem).__name__, wait=timedelta(seconds=5)) from None
        except httpx.TimeoutException as problem:
            raise _lost(call, "no_answer", type(problem).__name__) from None
        except httpx.HTTPError as problem:
            raise _lost(call, "strange", type(problem).__name__) from None

    def _open(self) -> httpx.Client:
        """The client, made when first needed: it reads certificates, which takes a while."""
        with self._lock:
            if self._client is None:
                limits = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=20.0)
                self._client = httpx.Client(verify=trusted(), timeout=_PATIENCE, follow_redirects=False, trust_env=False, limits=limits)
                weakref.finalize(self, self._client.close)
            return self._client


class _ClockDiffers(Exception):
    """The platform's clock differs from ours by this much."""

    def __init__(self, offset: timedelta, error: PlatformError) -> None:
        super().__init__(str(offset))
        self.offset, self.error = offset, error


def parameters(app: App, call: Call[T], access_token: str | None, now: datetime) -> dict[str, str]:
    """Everything that is sent for a call, signed: the common parameters and its own, all of them text, none empty."""
    common = {"type": call.method, "client_id": app.client_id, "timestamp": str(int(now.timestamp())), "data_type": "JSON", "version": "V1"}
    if call.needs_token:
        if not access_token:
            raise PlatformError(call.method, Trouble.TOKEN, "connect", text="no access_token")
        common["access_token"] = access_token
    sent = common | {name: value for name, value in call.params.items() if value != ""}
    return sent | {"sign": signature(app.client_secret, sent)}


def check_status(call: Call[T], status: int) -> None:
    """Raise the PlatformError that an HTTP status stands for; the platform answers 200 even when it refuses."""
    if status == httpx.codes.OK:
        return
    said = f"HTTP {status}"
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        raise _lost(call, "failed", said)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise PlatformError(call.method, Trouble.SLOW_DOWN, "slow", text=said, wait=timedelta(seconds=5))
    raise PlatformError(call.method, Trouble.PERSON, "astray", text=said)


def whole(call: Call[T], answer: httpx.Response) -> bytes:
    """The body, unless it grows beyond all measure or drips for too long."""
    began, size, parts = monotonic(), 0, []
    for part in answer.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > _LARGEST_ANSWER:
            raise strange(call.method, f"more than {_LARGEST_ANSWER} bytes", is_act=call.is_act)
        if monotonic() - began > _LONGEST_ANSWER_SECONDS:
            raise _lost(call, "no_answer", "the answer drips")
    return b"".join(parts)


def _secrets_of(app: App, call: Call[T], access_token: str | None) -> tuple[str, ...]:
    """What was sent and must not come back in the words of a refusal."""
    return (app.client_secret, access_token or "", *(call.params.get(name, "") for name in ("code", "refresh_token")))


def _lost(call: Call[T], do: str, reason: str) -> PlatformError:
    """The error of a call whose answer was lost: an act may have been carried out."""
    return PlatformError(call.method, Trouble.RETRY, do, text=reason, may_have_acted=call.is_act, wait=timedelta(seconds=2))


def _moment_of(header: str | None) -> datetime | None:
    """The moment of a Date header, None for one that no calendar holds."""
    try:
        moment = parsedate_to_datetime((header or "")[:_LONGEST_DATE])
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None
