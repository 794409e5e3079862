"""The present moment: the only place that reads the wall clock.

A demo and a test can wind it. The wound offset is one number in the home folder, so that every process of that home tells the same time.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

_FILE = "clock.json"


class _Wound:
    """Which home this process follows, and the offset last read there."""

    home: Path | None = None
    stamp: int = -1
    offset: timedelta = timedelta(0)


def now() -> datetime:
    """The present moment in UTC, wound by as much as this process's home folder says."""
    return datetime.now(UTC) + _followed_offset()


def unwound() -> datetime:
    """The present moment as the bare wall clock has it: for sign-ins and lock-outs, which a wound clock must neither end nor lift."""
    return datetime.now(UTC)


def use_home(home: Path | None) -> None:
    """Make this process follow the clock of a home folder, or the bare wall clock when there is none."""
    _Wound.home, _Wound.stamp, _Wound.offset = home, -1, timedelta(0)


def wind(home: Path, by: timedelta) -> timedelta:
    """Move the clock of a home folder on by this much, and return how far it is wound altogether."""
    offset = wound_by(home) + by
    home.mkdir(parents=True, exist_ok=True)
    half_written = home / f"{_FILE}.{os.getpid()}"
    half_written.write_text(json.dumps({"offset_seconds": offset.total_seconds()}), "utf-8")
    half_written.replace(home / _FILE)
    if home == _Wound.home:
        use_home(home)
    return offset


def wound_by(home: Path) -> timedelta:
    """How far the clock of a home folder is wound; nothing where it was never touched."""
    try:
        return timedelta(seconds=json.loads((home / _FILE).read_text("utf-8"))["offset_seconds"])
    except FileNotFoundError:
        return timedelta(0)


def _followed_offset() -> timedelta:
    """The offset of the followed home, read again only when its file has changed."""
    if _Wound.home is None:
        return timedelta(0)

    try:
        stamp = (_Wound.home / _FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return timedelta(0)

    if stamp != _Wound.stamp:
        _Wound.offset, _Wound.stamp = wound_by(_Wound.home), stamp
    return _Wound.offset
