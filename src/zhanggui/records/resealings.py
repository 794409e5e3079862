"""How far the sealed places of the shops were gone through with their newest keys."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.records.db import Tx

OF_SHOP = "select place, key_no, after, done_at from resealings where shop_id = %(shop_id)s"
SAVE = """
    insert into resealings (shop_id, place, key_no, after, done_at) values (%(shop_id)s, %(place)s, %(key_no)s, %(after)s, %(done_at)s)
    on conflict (shop_id, place) do update set key_no = excluded.key_no, after = excluded.after, done_at = excluded.done_at
"""
BEGIN_AGAIN = "delete from resealings where shop_id = %(shop_id)s and place = any(%(places)s)"


class Resealing(msgspec.Struct, frozen=True):
    """How far one place has come."""

    place: str
    key_no: int
    after: str
    done_at: datetime | None


def of_shop(tx: Tx, shop_id: int) -> dict[str, Resealing]:
    """By place."""
    return {row[0]: Resealing(*row) for row in tx.execute(OF_SHOP, {"shop_id": shop_id})}


def save(tx: Tx, shop_id: int, reached: Resealing) -> None:
    """Keeps how far a place has come."""
    tx.execute(SAVE, {"shop_id": shop_id, **msgspec.structs.asdict(reached)})


def begin_again(tx: Tx, shop_id: int, places: Sequence[str]) -> None:
    """Has these places gone through from the beginning."""
    tx.execute(BEGIN_AGAIN, {"shop_id": shop_id, "places": list(places)})
