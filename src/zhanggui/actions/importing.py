"""Imports: a preview first, then stored whole or not at all, and undone whole."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView, QuarantineRow, Refusal
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId

Progress = Callable[[int, int | None], None]


def preview(
    house: House, by: Person, shop_id: ShopId, paths: Sequence[Path], now: datetime, *, profile: str | None = None, as_of: datetime | None = None
) -> BatchView:
    """What importing these files would do. Nothing is stored but a copy of the files and the batch itself. Raises Refused for files that cannot be read at all."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    raise Refused(say("Imports are not ready yet."))


def confirm(house: House, by: Person, shop_id: ShopId, batch_id: int, now: datetime, *, progress: Progress | None = None) -> BatchView:
    """Stores a previewed batch in one transaction: all of it, or nothing. Raises Refused when it is no longer waiting to be confirmed."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    raise Refused(say("Imports are not ready yet."))


def drop(house: House, by: Person, shop_id: ShopId, batch_id: int, now: datetime) -> BatchView:
    """Throws a preview away, its copy of the files with it."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    raise Refused(say("Imports are not ready yet."))


def undo(house: House, by: Person, shop_id: ShopId, batch_id: int, now: datetime) -> BatchView:
    """Takes a stored batch back whole: everything stands as if it had never come."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    raise Refused(say("Imports are not ready yet."))


def resume_interrupted(house: House, now: datetime) -> list[BatchView]:
    """Stores the batches whose import was cut off (a killed process, a lost server); nothing of them was kept, so they start afresh."""
    return []


def batches(house: House, by: Person, shop_ids: Sequence[ShopId] | None = None, *, limit: int = 50) -> tuple[BatchView, ...]:
    """The newest imports of these shops."""
    return ()


def batch(house: House, by: Person, shop_id: ShopId, batch_id: int) -> BatchView | None:
    """One import, with how far it has come; None where there is no such."""
    by.need(Permission.IMPORTS_READ, shop_id)
    return None


def quarantine(house: House, by: Person, shop_id: ShopId, batch_id: int, *, after: int = 0, limit: int = 50) -> tuple[QuarantineRow, ...]:
    """The refused rows of a batch that still wait to be mended, in the order of the file."""
    by.need(Permission.IMPORTS_READ, shop_id)
    return ()


def mend(house: House, by: Person, shop_id: ShopId, batch_id: int, row_no: int, cells: dict[str, str], now: datetime) -> Refusal | None:
    """Reads a refused row again with other cells and stores it as part of its batch; the reason when it is refused again."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    raise Refused(say("Imports are not ready yet."))


def discard(house: House, by: Person, shop_id: ShopId, batch_id: int, row_no: int, now: datetime) -> None:
    """Throws a refused row away."""
    by.need(Permission.IMPORTS_WRITE, shop_id)
    raise Refused(say("Imports are not ready yet."))
