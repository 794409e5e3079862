"""Everybody who has a page open in this process: hears what happens in the house, draws the views it shows in, and tells those who look at them.

One connection to the database listens for all. A view is drawn once however many look at it, one view at a time, with a rest after each that is longer than
the drawing took: however much happens and however many look, a click finds two thirds of the process free. Nobody looking, nothing is drawn.
"""

import asyncio
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import anyio.to_thread
from litestar.exceptions import NotFoundException

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people import sign_ins
from zhanggui.people.permissions import NotAllowed, Person
from zhanggui.records import wakes
from zhanggui.records.db import Unstorable, conninfo_of
from zhanggui.records.wakes import Wake
from zhanggui.workbench.live import events
from zhanggui.workbench.live.followers import MOST, MOST_HELD, MOST_PER_SIGN_IN, Followed, Follower
from zhanggui.workbench.live.views import View

log = logging.getLogger("zhanggui.live")

BEATS_EVERY = 20.0
"""A stream on which nothing happens says so this often, so that neither proxies nor the page take it for dead."""
GATHERS = 0.15
RESTS = 2.0
"""After a view was drawn and told, so many times as long nothing is drawn; what happens meanwhile is told together."""
AGES_EVERY = 60.0
"""Time passes without anybody saying so: the spans on a page are drawn anew this often, and sign-ins looked at whether they have run out."""
TRIES_AGAIN = 3.0
MOST_VIEWS = 200
NOTHING_TO_SEE = (NotAllowed, NotFoundException, Refused, Unstorable)
"""What trying again does not mend; the last two come of an address that somebody made up."""
AT_ONCE = 25
"""Followers told before others get their turn."""


class Live:
    """The open pages of one process. Everything but `stamp` runs in the event loop that serves them."""

    def __init__(self, house: House, now: Callable[[], datetime], wall: Callable[[], datetime]) -> None:
        self._house = house
        self._now = now
        self._wall = wall
        self._epoch = secrets.token_hex(4)
        self._heard = 0
        self._is_listening = False
        self._views: dict[View, Followed] = {}
        self._due: dict[View, Followed] = {}
        self._work = asyncio.Event()
        self._doubt = asyncio.Event()
        self._stop = threading.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def stamp(self) -> str:
        """Names what has been heard so far: a page drawn after this was asked shows all of it. Empty while nobody listens."""
        return f"{self._epoch}~{self._heard}" if self._is_listening else ""

    async def follow(self, follower: Follower, since: str) -> AsyncIterator[bytes]:
        """Whatever brings the page up to date, as it comes, until its person may see it no more. `since` is the page's stamp, or the last event it was told."""
        followed = follower.followed
        shown = followed.shown
        told = events.version_in(since, followed.name)
        # a page that was drawn since the last wake is up to date, though which version it shows is not known
        is_current = bool(since) and since == self.stamp()
        seen = shown.version if is_current else told
        try:
            yield events.hello()
            if not is_current:
                self._mark(followed, again=shown.version == 0)
            while not follower.ends:
                if shown.version > seen:
                    seen, before = shown.version, told
                    told = seen
                    yield events.page(f"{followed.name}-{seen}", shown.since(before))
                elif not await follower.news(BEATS_EVERY):
                    yield events.beat()
            yield events.end(follower.ends)
        finally:
            followed.followers.pop(follower, None)

    async def close(self) -> None:
        """End every stream, so that the server can stop; browsers come back by themselves."""
        self._stop.set()
        for follower in self._followers():
            follower.end("closed")
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    def join(self, view: View, by: Person, digest: bytes) -> Follower:
        """A place for one more page. The oldest page of the same sign-in gives way where there are too many. Raises Refused."""
        self._open()
        everybody = self._followers()
        held = [each for each in everybody if each.digest == digest]
        if len(everybody) >= MOST or len(held) >= MOST_HELD:
            raise Refused(say("Too many pages are open at once; this one is not kept up to date by itself."))
        mine = [each for each in held if not each.ends]
        for oldest in mine[: max(0, len(mine) + 1 - MOST_PER_SIGN_IN)]:
            oldest.end("elsewhere")
        followed = self._views.get(view) or self._begun(view)
        follower = Follower(followed, by, digest)
        followed.followers[follower] = None
        # who it is was looked up a moment ago, and may have ended meanwhile
        self._doubt.set()
        return follower

    def _begun(self, view: View) -> Followed:
        """A view that nobody followed yet. Those that nobody follows any more make room; until then whoever comes back finds their place kept."""
        if len(self._views) >= MOST_VIEWS:
            self._views = {kept: followed for kept, followed in self._views.items() if followed.followers}
        followed = self._views[view] = Followed(view)
        return followed

    def _followers(self) -> list[Follower]:
        return [follower for followed in self._views.values() for follower in followed.followers]

    def _open(self) -> None:
        """Begin to hear and to draw, with the first page that asks for it."""
        if self._tasks or self._stop.is_set():
            return
        loop = asyncio.get_running_loop()
        conninfo = conninfo_of(self._house.pool)

        def listen() -> None:
            wakes.listen(conninfo, self._stop, lambda wake: _called(loop, self._hear, wake), began=lambda: _called(loop, self._began))

        threading.Thread(target=listen, name="live", daemon=True).start()
        self._tasks = [loop.create_task(work) for work in (self._draw_for_ever(), self._grow_old(), self._look_who_may())]

    def _began(self) -> None:
        """Listening begins, for the first time or after a break in which anything may have happened."""
        self._is_listening = True
        self._heard += 1
        self._doubt.set()
        self._mark_all()

    def _hear(self, wake: Wake) -> None:
        self._heard += 1
        if wake.shop_id is None:
            self._doubt.set()
        for followed in self._views.values():
            if wake.shop_id is None or followed.view.concerns(wake):
                self._mark(followed)

    def _mark_all(self) -> None:
        for followed in self._views.values():
            self._mark(followed)

    def _mark(self, followed: Followed, *, again: bool = True) -> None:
        """Have the view drawn again once it is its turn, if anybody looks."""
        followed.is_stale = followed.is_stale or again
        if followed.followers and followed.is_stale:
            self._due[followed.view] = followed
            self._work.set()

    async def _draw_for_ever(self) -> None:
        """One view after the other, those that wait longest first."""
        clock = asyncio.get_running_loop().time
        while True:
            while not self._due:
                self._work.clear()
                await self._work.wait()
            followed = self._due.pop(next(iter(self._due)))
            began = clock()
            await self._draw(followed)
            await asyncio.sleep(max(GATHERS, RESTS * (clock() - began)))

    async def _draw(self, followed: Followed) -> None:
        followed.is_stale = False
        try:
            drawn = await anyio.to_thread.run_sync(followed.view.draw, self._house, self._now())
        except NOTHING_TO_SEE:
            for follower in followed.followers:
                follower.end("over")
            return
        except Exception as error:  # noqa: BLE001 - a database that is away, or one broken view, must not end the others
            followed.is_stale = True
            _later("a view could not be drawn", error, lambda: self._mark(followed))
            return
        if followed.shown.take(drawn):
            for place, follower in enumerate(list(followed.followers)):
                follower.tell()
                if place % AT_ONCE == AT_ONCE - 1:
                    await asyncio.sleep(0)

    async def _grow_old(self) -> None:
        while True:
            await asyncio.sleep(AGES_EVERY)
            self._doubt.set()
            self._mark_all()

    async def _look_who_may(self) -> None:
        """Ends the pages of those whose sign-in has ended, or who may see more or less than when they opened them."""
        while True:
            await self._doubt.wait()
            self._doubt.clear()
            # only those asked about are judged: whoever comes meanwhile has just been let in
            asked = self._followers()
            if not asked:
                continue
            try:
                standing = await anyio.to_thread.run_sync(self._standing, {follower.digest for follower in asked})
            except Exception as error:  # noqa: BLE001 - the database is away; nobody is shown anything new meanwhile either
                _later("sign-ins could not be looked at", error, self._doubt.set)
                continue
            for follower in asked:
                person = standing.get(follower.digest)
                if person is None or person.roles != follower.by.roles:
                    follower.end("over")
            await asyncio.sleep(GATHERS)

    def _standing(self, digests: set[bytes]) -> dict[bytes, Person]:
        with self._house.pool.connection() as tx:
            return sign_ins.standing(tx, digests, self._wall())


def _called(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *args: object) -> None:
    """Have the event loop call it, unless the loop has ended."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, *args)


def _later(what: str, error: Exception, again: Callable[[], object]) -> None:
    """Try again in a moment. The message of an error may hold a buyer's data, so only its kind is told."""
    log.error("%s, tried again soon: %s", what, type(error).__name__)
    asyncio.get_running_loop().call_later(TRIES_AGAIN, again)
