"""How far a demo home's story has been told, and where its clock stood: one small file in the home folder."""

import os
from datetime import datetime
from pathlib import Path

import msgspec

from zhanggui import clock

_FILE = "demo.json"


class Diary(msgspec.Struct, frozen=True):
    """The number of chapters told, and the moment of the last step."""

    told: int
    stood_at: datetime


def diary_of(home: Path) -> Diary | None:
    """What was written last, None where no story was begun."""
    try:
        return msgspec.json.decode((home / _FILE).read_bytes(), type=Diary)
    except FileNotFoundError:
        return None


def write_diary(home: Path, diary: Diary) -> None:
    """Remember how far the story has come. A kill in the middle leaves the old page or the new one."""
    half_written = home / f"{_FILE}.{os.getpid()}"
    half_written.write_bytes(msgspec.json.encode(diary))
    half_written.replace(home / _FILE)


def set_clock(home: Path, moment: datetime) -> None:
    """Wind the home's clock so that it shows this moment now."""
    clock.use_home(home)
    clock.wind(home, moment - clock.now())


def wind_on_to(home: Path, moment: datetime) -> None:
    """Wind the home's clock forward to the moment; a clock that is past it stays."""
    clock.use_home(home)
    if clock.now() < moment:
        set_clock(home, moment)
