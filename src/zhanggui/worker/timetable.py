"""Every chore of the house on one screen: what is done, how often, and by which clock."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from zhanggui.actions.chores import drop_old_previews, finish_imports, settle_bands, sweep_sign_ins, sweep_throttle
from zhanggui.actions.house import House

UPLOADS_KEPT = timedelta(days=1)


class Chore(msgspec.Struct, frozen=True):
    """One thing done again and again. `by_house_clock` is told the time of the shop, which a demo winds; the others the real one."""

    name: str
    every: timedelta
    do: Callable[[House, datetime], None]
    by_house_clock: bool = False


def sweep_uploads(house: House, now: datetime) -> None:
    """Remove uploads that a crash left in the spool."""
    for folder in (house.home / "spool").glob("upload-*"):
        if now - datetime.fromtimestamp(folder.stat().st_mtime, UTC) > UPLOADS_KEPT:
            shutil.rmtree(folder, ignore_errors=True)


TIMETABLE = (
    Chore("settle_bands", timedelta(seconds=20), settle_bands, by_house_clock=True),
    Chore("finish_imports", timedelta(minutes=1), finish_imports, by_house_clock=True),
    Chore("drop_old_previews", timedelta(hours=6), drop_old_previews, by_house_clock=True),
    Chore("sweep_throttle", timedelta(hours=1), sweep_throttle),
    Chore("sweep_sign_ins", timedelta(hours=1), sweep_sign_ins),
    Chore("sweep_uploads", timedelta(hours=6), sweep_uploads),
)
