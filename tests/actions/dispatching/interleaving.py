"""Several transactions of a real PostgreSQL, let go on one statement at a time in an order that a test draws.

Each actor is a thread with connections of its own. Before every statement and every commit it waits for its turn. Whoever has it runs that one statement; if
the database makes it wait for a lock, which is asked of the database itself, the turn goes to another, and it goes on by itself once the lock is free.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import psycopg

from zhanggui.records.db import Pool, open_pool

PATIENCE = 20.0
"""Seconds after which a round that stands still has failed; the database itself breaks deadlocks after one."""
MONITOR = "select pid from pg_stat_activity where pid = any(%s) and wait_event_type = 'Lock'"
_here = threading.local()


class Stuck(AssertionError):
    """Nobody goes on any more."""


class Schedule(NamedTuple):
    """Who goes first: the order of ranks, and the turns at which the highest that is ready falls to the lowest rank; or turns that simply go round.

    Few drops at drawn places find what needs a certain order of few steps far more often than a draw at every turn (Burckhardt et al., 2010).
    """

    ranks: Sequence[int]
    drops: frozenset[int]
    goes_round: bool = False


class Actor:
    """One thread: what it does, whether it waits for its turn, and what came of it."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name = name
        self.work = work
        self.pid: int | None = None
        self.waits = False
        self.is_done = False
        self.brought: object = None
        self.failed: BaseException | None = None
        self.turns = 0
        self.go = threading.Event()


class Round:
    """Some actors, one turn at a time."""

    def __init__(self, actors: Sequence[Actor], monitor: psycopg.Connection[Any]) -> None:
        self.actors = list(actors)
        self.path: list[str] = []
        """Whose turn it was, turn by turn."""
        self.collisions = 0
        """How often one had to wait for another's lock."""
        self._monitor = monitor
        self._changed = threading.Condition()

    def play(self, schedule: Schedule) -> None:
        """Plays until everybody is done: whoever ranks highest of those ready has the next turn."""
        rank = [self.actors[place] for place in schedule.ranks if place < len(self.actors)]
        threads = [threading.Thread(target=self._live, args=(actor,), daemon=True) for actor in self.actors]
        for thread in threads:
            thread.start()
        self._until(lambda: all(actor.waits or actor.is_done for actor in self.actors))
        for turn in range(10_000):
            self._settle()
            ready = [actor for actor in self.actors if actor.waits]
            if not ready and all(actor.is_done for actor in self.actors):
                break
            if not ready:
                self._until(lambda: any(actor.waits for actor in self.actors) or all(actor.is_done for actor in self.actors))
                continue
            if schedule.goes_round:
                self._turn_of(ready[turn % len(ready)])
                continue
            if len(self.path) in schedule.drops:
                first = next(actor for actor in rank if actor in ready)
                rank = [*(actor for actor in rank if actor is not first), first]
            self._turn_of(next(actor for actor in rank if actor in ready))
        for thread in threads:
            thread.join(PATIENCE)

    def arrives(self, pid: int) -> None:
        """Called by an actor before it does anything in the database: it waits for its turn."""
        actor: Actor = _here.actor
        actor.pid = pid
        with self._changed:
            actor.waits = True
            self._changed.notify_all()
        actor.go.wait()
        actor.go.clear()

    def _live(self, actor: Actor) -> None:
        _here.actor, _here.round = actor, self
        try:
            actor.brought = actor.work()
        except BaseException as error:  # noqa: BLE001 - it is the test's to judge
            actor.failed = error
        finally:
            _here.actor = _here.round = None
            with self._changed:
                actor.is_done = True
                self._changed.notify_all()

    def _turn_of(self, actor: Actor) -> None:
        self.path.append(actor.name)
        actor.turns += 1
        actor.waits = False
        actor.go.set()
        began = time.monotonic()
        while not self._comes(actor, 0.003):
            if self._is_blocked(actor):
                self.collisions += 1
                return
            if time.monotonic() - began > PATIENCE:
                raise Stuck(f"{actor.name} neither goes on nor waits for a lock: {' '.join(self.path)}")

    def _settle(self) -> None:
        """Lets whoever was waiting for a lock that is free by now come to its next turn."""
        for actor in self.actors:
            if not actor.waits and not actor.is_done:
                while not self._is_blocked(actor):
                    if self._comes(actor, 0.003):
                        break

    def _comes(self, actor: Actor, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: actor.waits or actor.is_done, seconds)

    def _is_blocked(self, actor: Actor) -> bool:
        return bool(self._monitor.execute(MONITOR, ([actor.pid],)).fetchall())

    def _until(self, true: Callable[[], bool]) -> None:
        with self._changed:
            if not self._changed.wait_for(true, PATIENCE):
                raise Stuck(f"nobody goes on: {' '.join(self.path)}")


class SteppedCursor(psycopg.Cursor[Any]):
    """A cursor that waits for its turn before each statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        _wait(self.connection)
        return super().execute(query, params, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        _wait(self.connection)
        super().executemany(query, params_seq, **options)

    def copy(self, statement: Any, params: Any = None, **options: Any) -> Any:
        _wait(self.connection)
        return super().copy(statement, params, **options)


class SteppedConnection(psycopg.Connection[Any]):
    """A connection that waits for its turn before each statement and each commit."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.cursor_factory = SteppedCursor

    def commit(self) -> None:
        if self.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
            _wait(self)
        super().commit()


def _wait(connection: psycopg.Connection[Any]) -> None:
    round_ = getattr(_here, "round", None)
    if round_ is not None and not connection.autocommit:
        round_.arrives(connection.info.backend_pid)


def stepped_pool(database: str) -> Pool:
    """Connections whose transactions are played turn by turn; outside of a round they are like any other."""
    pool = open_pool(database, min_size=0, max_size=8)
    pool.connection_class = SteppedConnection
    return pool


def watching(database: str) -> psycopg.Connection[Any]:
    """A connection that sees who waits for a lock."""
    return psycopg.connect(database, autocommit=True)
