"""Hints: somebody said that a thing of a shop may have changed, so it is read from the platform again, soon, once or twice, however often it is told."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from zhanggui.people.permissions import ShopId
from zhanggui.records import hints as records
from zhanggui.records.db import Tx
from zhanggui.records.hints import Because, Thing, What
from zhanggui.records.rousing import rouse

__all__ = ["Because", "Thing", "What", "note", "note_all"]

SECOND_LOOK = timedelta(minutes=14)
"""The platform's reads may lag behind its pushes, by some ten minutes at most: what was pushed is read once more then, unless the windows, which read the same
minutes again once they are settled, have covered the moment of the push; so that they have had their turn, it is some minutes later."""
REST = timedelta(minutes=30)
"""What was given up and is told anew is not tried before this is over."""


def note(tx: Tx, shop_id: ShopId, what: What, no: str, look_at: datetime, because: Because, *, order_no: str | None = None) -> None:
    """Have this thing read again at a moment of the wall clock, as soon as the transaction is committed; what a push told is read once more after the read lag.

    Told twice, it is one hint with the earlier moment. `order_no` is the order that a case or a parcel belongs to, where it is known.
    """
    note_all(tx, shop_id, {(what, no): order_no}, look_at, because)


def note_all(tx: Tx, shop_id: ShopId, things: Mapping[Thing, str | None], look_at: datetime, because: Because) -> None:
    """The same of many things, each with the order it belongs to."""
    if things:
        records.note(tx, shop_id, things, because, look_at, look_at + SECOND_LOOK if because == "push" else None, REST)
        rouse(tx, "hints")
