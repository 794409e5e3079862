"""What a program was told under a key of its own, kept for a day so that the same request again does nothing."""

from datetime import datetime, timedelta

from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.records import api_tokens
from zhanggui.records.api_tokens import KeptAnswer

KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=1)
"""Whoever has been at a request for so long was killed over it."""


def answer_begun(house: House, bearer: Bearer, key: str, digest: bytes, wall: datetime) -> KeptAnswer | None:
    """None where the request is to be answered now, by the caller alone; else what was told under this key, or that somebody is at it (status 0)."""
    with house.pool.connection() as tx:
        if api_tokens.begin(tx, bearer.token, key, digest, wall, wall - GIVEN_UP):
            return None
        # forgotten in this very moment: whoever asks again is answered
        return api_tokens.kept(tx, bearer.token, key) or KeptAnswer(digest, 0, "null")


def keep_answer(house: House, bearer: Bearer, key: str, digest: bytes, told: bytes, wall: datetime) -> None:
    """Keeps what a program was told under its key, which was begun."""
    with house.pool.connection() as tx:
        api_tokens.keep(tx, bearer.token, key, KeptAnswer(digest, 200, told.decode()), wall)


def let_answer_go(house: House, bearer: Bearer, key: str) -> None:
    """The request could not be answered: under the same key it may be asked again."""
    with house.pool.connection() as tx:
        api_tokens.let_go(tx, bearer.token, key)


def forget_answers(house: House, wall: datetime) -> None:
    """Forgets what programs were told more than a day ago."""
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            api_tokens.forget(tx, shop_id, wall - KEPT)
