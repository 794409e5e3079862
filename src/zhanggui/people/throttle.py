"""Lock-out after too many tries: the counting is done by `limits`, the counts live in the database, so a restart forgives nobody."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

import psycopg
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from zhanggui.records.db import Pool, Tx, may_be_lost

PER_ACCOUNT = RateLimitItemPerMinute(10, 15, namespace="account")
PER_ADDRESS = RateLimitItemPerMinute(60, 15, namespace="address")
PER_FACTOR = RateLimitItemPerDay(30, namespace="factor")
"""Six digits can be guessed by whoever has time: in a year of thirty tries a day one in thirty would be."""

_A_LITTLE = timedelta(minutes=1)
"""So much later than by our own clock a window may end that somebody else began in this moment."""
# a window that ends later than any can was begun by a clock that was wrong: it is over too
COUNT = """
    insert into throttle as t (key, hits, ends_at) values (%(key)s, %(amount)s, %(ends_at)s)
    on conflict (key) do update set
        hits = case when t.ends_at <= %(now)s or t.ends_at > %(beyond)s then %(amount)s else t.hits + %(amount)s end,
        ends_at = case when t.ends_at <= %(now)s or t.ends_at > %(beyond)s then excluded.ends_at else t.ends_at end
    returning hits
"""
COUNTED = "select hits, ends_at from throttle where key = %(key)s and ends_at > %(now)s"
TAKE_BACK = "update throttle set hits = greatest(hits - 1, 0) where key = %(key)s and ends_at > %(now)s"
ALIVE = "select 1"
FORGET_ALL = "delete from throttle"
FORGET = "delete from throttle where key = %(key)s"
SWEEP = "delete from throttle where ends_at <= %(now)s"


class TableStorage(Storage):
    """The counters of `limits` in table throttle."""

    STORAGE_SCHEME = None

    def __init__(self, pool: Pool, now: Callable[[], datetime], *, is_cheap: bool = False) -> None:
        """`is_cheap`: what a crash loses of the counts does no harm, so nobody waits until they are on the disk."""
        super().__init__()
        self._pool = pool
        self._now = now
        self._is_cheap = is_cheap

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the database may raise."""
        return psycopg.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more in the running window, or begin a new one; one statement, so that tries at once are all counted."""
        now = self._now()
        with self._pool.connection() as tx:
            if self._is_cheap:
                may_be_lost(tx)
            ends_at = now + timedelta(seconds=expiry)
            row = tx.execute(COUNT, {"key": key, "amount": amount, "now": now, "ends_at": ends_at, "beyond": ends_at + _A_LITTLE}).fetchone()
        return int(row[0]) if row else amount

    def get(self, key: str) -> int:
        """How many were counted in the running window."""
        with self._pool.connection() as tx:
            row = tx.execute(COUNTED, {"key": key, "now": self._now()}).fetchone()
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """When the running window ends, in seconds since 1970."""
        now = self._now()
        with self._pool.connection() as tx:
            row = tx.execute(COUNTED, {"key": key, "now": now}).fetchone()
        return (row[1] if row else now).timestamp()

    def check(self) -> bool:
        """Whether the database answers."""
        with self._pool.connection() as tx:
            tx.execute(ALIVE)
        return True

    def reset(self) -> int | None:
        """Forget every count; how many."""
        with self._pool.connection() as tx:
            return tx.execute(FORGET_ALL).rowcount

    def take_back(self, key: str) -> None:
        """Count one less in the running window."""
        with self._pool.connection() as tx:
            tx.execute(TAKE_BACK, {"key": key, "now": self._now()})

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._pool.connection() as tx:
            tx.execute(FORGET, {"key": key})


class Throttle:
    """Counts tries per account and per address, and says how long to wait when there were too many."""

    def __init__(self, pool: Pool, now: Callable[[], datetime]) -> None:
        self._now = now
        self._counts = TableStorage(pool, now)
        self._limiter = FixedWindowRateLimiter(self._counts)

    def wait(self, *, account: str | None, address: str | None, factor: str | None = None) -> timedelta | None:
        """Count this try; how long to wait if it is one too many, else None.

        Tries are counted before they are checked: otherwise a burst of tries at once would all slip through.
        """
        waits = [self._hit(limit, key) for limit, key in self._keys(account, address, factor)]
        return max((wait for wait in waits if wait is not None), default=None)

    def forgive(self, account: str) -> None:
        """Forget the account's tries, after it was right. The address keeps its count, or one good account would open the rest to guessing.

        Of the day's tries of a second factor only the right one is taken back: whoever guesses beside its owner gets no further tries by the owner's.
        """
        self._limiter.clear(PER_ACCOUNT, _veiled(account))
        self._counts.take_back(PER_FACTOR.key_for(_veiled(account)))

    def _keys(self, account: str | None, address: str | None, factor: str | None) -> list[tuple[RateLimitItem, str]]:
        asked = (
            (PER_ACCOUNT, account and _veiled(account)),
            (PER_FACTOR, factor and _veiled(factor)),
            (PER_ADDRESS, network_of(address) if address else None),
        )
        return [(limit, key) for limit, key in asked if key]

    def _hit(self, limit: RateLimitItem, key: str) -> timedelta | None:
        if self._limiter.hit(limit, key):
            return None
        left = self._limiter.get_window_stats(limit, key).reset_time - self._now().timestamp()
        return timedelta(seconds=max(1, round(left)))


def _veiled(account: str) -> str:
    """People type passwords into the wrong field; what was typed is not stored."""
    return hashlib.sha256(account.encode()).hexdigest()[:32]


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber holds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((address, 64), strict=False)) if parsed.version == 6 else address


def sweep(tx: Tx, now: datetime) -> int:
    """Forget windows that have ended; how many."""
    return tx.execute(SWEEP, {"now": now}).rowcount
