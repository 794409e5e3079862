"""What a program was told under a key of its own, kept for a day so that the same request again does nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

import psycopg
from psycopg_pool import PoolTimeout

from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.records import api_tokens
from zhanggui.records.api_tokens import KeptAnswer

KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=1)
"""Whoever has not said for so long that they are at a request was killed over it."""
SAID_EVERY = timedelta(seconds=15)


@dataclass
class Turn:
    """A request that is answered by us alone, as long as we go on saying that we are at it."""

    house: House
    bearer: Bearer
    key: str
    digest: bytes
    since: datetime
    """When we said so last; by it the row is known as ours."""


def answer_begun(house: House, bearer: Bearer, key: str, digest: bytes, wall: datetime) -> Turn | KeptAnswer:
    """Our turn where the request is to be answered now, by the caller alone; else what was told under this key, or that somebody is at it (status 0)."""
    with house.pool.connection() as tx:
        if api_tokens.begin(tx, bearer.token, key, digest, wall, GIVEN_UP):
            return Turn(house, bearer, key, digest, wall)
        # forgotten in this very moment: whoever asks again is answered
        return api_tokens.kept(tx, bearer.token, key) or KeptAnswer(digest, 0, "null")


@contextmanager
def held(turn: Turn, wall: Callable[[], datetime]) -> Iterator[None]:
    """Says every few seconds that we are at it: an import may take minutes."""
    is_over = Event()

    def say_so() -> None:
        while not is_over.wait(SAID_EVERY.total_seconds()):
            with suppress(psycopg.Error, PoolTimeout), turn.house.pool.connection() as tx:
                moment = wall()
                if not api_tokens.go_on(tx, turn.bearer.token, turn.key, turn.since, moment):
                    return
                turn.since = moment

    saying = Thread(target=say_so, name="at a request", daemon=True)
    saying.start()
    try:
        yield
    finally:
        is_over.set()
        saying.join()


def keep_answer(turn: Turn, told: bytes, wall: datetime) -> None:
    """Keeps what a program was told under its key, where it still was our turn."""
    with turn.house.pool.connection() as tx:
        api_tokens.keep(tx, turn.bearer.token, turn.key, turn.since, KeptAnswer(turn.digest, 200, told.decode()), wall)


def let_answer_go(turn: Turn) -> None:
    """The request could not be answered: under the same key it may be asked again, where it still was our turn."""
    with turn.house.pool.connection() as tx:
        api_tokens.let_go(tx, turn.bearer.token, turn.key, turn.since)


def forget_answers(house: House, wall: datetime) -> None:
    """Forgets what programs were told more than a day ago."""
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            api_tokens.forget(tx, shop_id, wall - KEPT)
