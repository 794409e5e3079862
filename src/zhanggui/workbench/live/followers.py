"""Whoever has a page open: which sign-in it hangs on, which version it was last told, and when it must end."""

import asyncio
import secrets

from zhanggui.people.permissions import Person
from zhanggui.workbench.live.shown import Shown
from zhanggui.workbench.live.views import View

MOST_PER_SIGN_IN = 4
"""A browser has six connections to a house over plain http; the pages of one browser may keep four of them, so that a click always finds one."""
MOST_HELD = 4 * MOST_PER_SIGN_IN
"""Those that gave way count until their browser has let go: one that reads nothing any more cannot take the places of everybody else."""
MOST = 1000
"""Open pages of one process."""


class Followed:
    """A view that is kept in step, and whoever follows it."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.name = secrets.token_hex(5)
        """Parts its versions from those of the same view in another process, or at another time."""
        self.shown = Shown()
        self.is_stale = False
        """Whether something has happened since it was drawn."""
        self.followers: dict[Follower, None] = {}
        """In the order they came."""


class Follower:
    """One open page."""

    def __init__(self, followed: Followed, by: Person, digest: bytes) -> None:
        self.followed = followed
        self.by = by
        self.digest = digest
        self.ends: str | None = None
        """What it is told last: why it ends."""
        self._news = asyncio.Event()

    def tell(self) -> None:
        """There is something to send."""
        self._news.set()

    def end(self, why: str) -> None:
        """Nothing more is to be sent but why."""
        self.ends = self.ends or why
        self._news.set()

    async def news(self, within: float) -> bool:
        """Whether there was something to send before the time was over."""
        try:
            await asyncio.wait_for(self._news.wait(), within)
        except TimeoutError:
            return False
        self._news.clear()
        return True
