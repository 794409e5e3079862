"""Asks the platform on behalf of one reading: counts the calls, and waits a moment for our own pace, but no longer."""

from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import TypeVar

from zhanggui.actions.house import House
from zhanggui.actions.platform import Access, access_to, ask, called
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.people.permissions import ShopId

T = TypeVar("T")

A_MOMENT = timedelta(seconds=0.5)
"""So long may one reading wait in all; whoever has to wait longer lets go, so that other shops are served meanwhile."""
AT_ONCE = 6
"""So often may one reading ask again at once where the platform failed quickly; what has come so far would be lost otherwise."""
_QUICK = frozenset({"failed", "strange", "wait"})
"""Failures that answer at once; a call that was not answered at all costs seconds, and is left for later."""


class InWhoseName:
    """In whose name a shop's turn asks, and by which names of carriers: looked up once for all that it asks, the former anew once the token no longer holds."""

    def __init__(self) -> None:
        self.access: Access | None = None
        self.carriers: Carriers | None = None


class Asking:
    """The calls of one reading."""

    def __init__(self, house: House, shop_id: ShopId, now: datetime, wall: datetime, name: InWhoseName | None = None) -> None:
        self._house, self._shop_id = house, shop_id
        self._now, self._wall = now, wall
        self._began = monotonic()
        self._name = name or InWhoseName()
        self._waited = 0.0
        self._again = 0
        self.calls = 0

    @property
    def passed(self) -> timedelta:
        """How long ago the asking began."""
        return timedelta(seconds=monotonic() - self._began)

    @property
    def carriers(self) -> Carriers:
        """The carriers of the moment, by which orders name theirs."""
        if self._name.carriers is None:
            self._name.carriers = carriers_now(self._house)
        return self._name.carriers

    def ask(self, call: Call[T]) -> T:
        """What the platform answers. Raises PlatformError, NotConnected, VaultShut."""
        while True:
            try:
                return self._ask(call)
            except PlatformError as problem:
                if not self._may_wait(problem):
                    raise

    def access(self) -> Access:
        """In whose name is asked. Raises NotConnected, VaultShut."""
        if self._name.access is None:
            self._name.access = access_to(self._house, self._shop_id, self._now)
        return self._name.access

    def _ask(self, call: Call[T]) -> T:
        access = self.access()
        self.calls += 1
        try:
            return called(self._house, self._shop_id, access, call, self._now + self.passed)
        except PlatformError as problem:
            if problem.trouble is Trouble.SLOW_DOWN and not problem.code:
                self.calls -= 1  # nothing was sent
            if problem.trouble is not Trouble.TOKEN:
                raise
            self._name.access = None
        self.calls += 1
        return ask(self._house, self._shop_id, call, self._now + self.passed, self._wall + self.passed)

    def _may_wait(self, problem: PlatformError) -> bool:
        """Whether it may be asked again at once, or after a wait short enough to be waited out here, which is over then."""
        if problem.trouble is Trouble.RETRY and problem.do in _QUICK and self._again < AT_ONCE:
            self._again += 1
            return True
        seconds = problem.wait.total_seconds()
        if problem.trouble is not Trouble.SLOW_DOWN or problem.code or not 0 < seconds <= A_MOMENT.total_seconds() - self._waited:
            return False
        self._waited += seconds
        sleep(seconds)
        return True
