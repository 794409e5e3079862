"""How often we call: buckets per shop and per application, filled evenly, kept below what the platform allows."""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from threading import Lock
from time import monotonic
from typing import Annotated, Literal

import msgspec

_MOST_BUCKETS = 20_000


class Limit(msgspec.Struct, frozen=True):
    """So many calls in so many seconds, of a method or (`*`) of any that has no limit of its own."""

    method: str
    per: Literal["shop", "app", "all"]
    calls: Annotated[int, msgspec.Meta(gt=0)]
    seconds: Annotated[float, msgspec.Meta(gt=0)]


class Limits(msgspec.Struct, frozen=True):
    """All limits, which share of them we use, and how much of that may come at once."""

    limit: tuple[Limit, ...]
    share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.8
    burst: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.25


@cache
def usual_limits() -> Limits:
    """The limits that limits.toml holds."""
    return limits_in((files("zhanggui.connectors.pdd") / "limits.toml").read_text("utf-8"))


def limits_in(text: str) -> Limits:
    """The limits that a TOML text holds. Raises ValueError where it holds none."""
    return msgspec.convert(tomllib.loads(text), Limits)


class Paces:
    """The buckets met so far. Safe to use from several threads."""

    def __init__(self, limits: Limits | None = None, monotonic: Callable[[], float] = monotonic) -> None:
        limits = limits or usual_limits()
        self._share, self._burst = limits.share, limits.burst
        self._monotonic = monotonic
        self._lock = Lock()
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self._of: dict[str, list[Limit]] = {}
        for limit in limits.limit:
            self._of.setdefault(limit.method, []).append(limit)

    def take(self, method: str, app: str, shop: str) -> float:
        """Take one call out of every bucket that it counts in; else the seconds until there is one, and nothing is taken."""
        with self._lock:
            now = self._monotonic()
            buckets = [self._bucket(limit, method, app, shop, now) for limit in self._limits_of(method, shop)]
            wait = max((bucket.wait(now) for bucket in buckets), default=0.0)
            if wait <= 0:
                for bucket in buckets:
                    bucket.left -= 1
            return max(0.0, wait)

    def hold(self, method: str, app: str, shop: str, seconds: float) -> None:
        """Let nothing of these buckets through for so long: the platform has said that it is too much."""
        with self._lock:
            now = self._monotonic()
            for limit in self._limits_of(method, shop):
                self._bucket(limit, method, app, shop, now).held_until = now + seconds

    def _limits_of(self, method: str, shop: str) -> list[Limit]:
        found = self._of.get(method) or self._of.get("*", [])
        return [limit for limit in found if shop or limit.per != "shop"]

    def _bucket(self, limit: Limit, method: str, app: str, shop: str, now: float) -> "_Bucket":
        key = (method, app, f"{limit.per}/{shop}" if limit.per == "shop" else limit.per)
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= _MOST_BUCKETS:
                self._forget(now)
            bucket = self._buckets[key] = _Bucket(limit, self._share, self._burst, now)
        return bucket

    def _forget(self, now: float) -> None:
        """Let go of the buckets that are full again, which are as good as new."""
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if not bucket.is_full(now)}


class _Bucket:
    """A bucket that fills evenly. What it holds at most and what flows in during the platform's stretch stay together below the platform's figure."""

    __slots__ = ("held_until", "left", "most", "rate", "seen_at")

    def __init__(self, limit: Limit, share: float, burst: float, now: float) -> None:
        usable = limit.calls * share
        self.most = max(1.0, usable * burst)
        self.rate = max(usable - self.most, usable * 0.5) / limit.seconds
        self.left, self.seen_at, self.held_until = self.most, now, 0.0

    def wait(self, now: float) -> float:
        """The seconds until one call may go; nothing when it may go now."""
        self.left = min(self.most, self.left + (now - self.seen_at) * self.rate)
        self.seen_at = now
        return max(self.held_until - now, 0.0 if self.left >= 1 else (1 - self.left) / self.rate)

    def is_full(self, now: float) -> bool:
        """Whether nothing was taken for long enough."""
        return self.wait(now) <= 0 and self.left >= self.most
