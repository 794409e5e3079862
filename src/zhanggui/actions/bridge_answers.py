"""What a program was told under a key of its own, kept for a day so that the same request again does nothing."""

from datetime import datetime, timedelta

from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.records import api_tokens
from zhanggui.records.api_tokens import KeptAnswer

KEPT = timedelta(days=1)


def answer_kept(house: House, bearer: Bearer, key: str) -> KeptAnswer | None:
    """What this program was told under this key."""
    with house.pool.connection() as tx:
        return api_tokens.kept(tx, bearer.token, key)


def keep_answer(house: House, bearer: Bearer, key: str, digest: bytes, told: bytes, wall: datetime) -> None:
    """Keeps what a program was told under its key; the first answer stays."""
    with house.pool.connection() as tx:
        api_tokens.keep(tx, bearer.token, key, KeptAnswer(digest, 200, told.decode()), wall)


def forget_answers(house: House, wall: datetime) -> None:
    """Forgets what programs were told more than a day ago."""
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            api_tokens.forget(tx, shop_id, wall - KEPT)
