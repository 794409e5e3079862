"""How often may be called: buckets per shop, per application and per method, counted on the wall clock."""

from collections.abc import Callable, Sequence

import msgspec

from zhanggui.emulator.wire.errors import Refused

TOO_OFTEN, METHOD_FULL = 70031, 52101


class Limit(msgspec.Struct, frozen=True):
    """So many calls in so many seconds; `per` is shop, app or method."""

    method: str
    per: str
    calls: int
    seconds: float


class Bucket:
    """A bucket that fills at an even rate and gives one drop a call."""

    __slots__ = ("calls", "left", "seconds", "seen_at")

    def __init__(self, calls: int, seconds: float, now: float) -> None:
        self.calls, self.seconds, self.left, self.seen_at = calls, seconds, float(calls), now

    def take(self, now: float) -> bool:
        """Take one drop, or say that there is none."""
        self.left = min(float(self.calls), self.left + (now - self.seen_at) * self.calls / self.seconds)
        self.seen_at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Rates:
    """The buckets of every shop and application met so far."""

    def __init__(self, limits: Sequence[Limit], wall: Callable[[], float]) -> None:
        self._wall = wall
        self._buckets: dict[tuple[str, str, str], Bucket] = {}
        self.replace(limits)

    def replace(self, limits: Sequence[Limit]) -> None:
        """Work by other limits from now on."""
        self._buckets.clear()
        self._limits: dict[str, list[Limit]] = {}
        for limit in limits:
            self._limits.setdefault(limit.method, []).append(limit)

    def spend(self, method: str, shop: str, app: str) -> None:
        """Count one call, or refuse it with the code that says which bucket is empty."""
        for limit in (*self._limits.get(method, ()), *self._limits.get("*", ())):
            owner = {"shop": shop, "app": app, "method": ""}[limit.per]
            if limit.per == "shop" and not shop:
                continue
            if not self._bucket(limit, owner).take(self._wall()):
                raise Refused(TOO_OFTEN if limit.per == "shop" else METHOD_FULL)

    def _bucket(self, limit: Limit, owner: str) -> Bucket:
        """The bucket of this limit for this owner, full when first met."""
        key = (limit.method, limit.per, owner)
        if key not in self._buckets:
            self._buckets[key] = Bucket(limit.calls, limit.seconds, self._wall())
        return self._buckets[key]
