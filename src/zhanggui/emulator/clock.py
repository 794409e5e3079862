"""The emulator's own clock: the only place of this room that reads the wall clock.

World time starts where the scenario says (or now), runs at a speed, can be stepped, and can follow an offset file that a demo winds.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

FASTEST = 10_000.0


def wall_seconds() -> float:
    """The present moment of the wall, in unix seconds."""
    return time.time()


class Stand(msgspec.Struct, frozen=True):
    """How a clock runs: from which moment of the world at which moment of the wall, and how fast."""

    world: float
    wall: float
    speed: float


class Clock:
    """World time, in unix seconds: where it began, how fast it runs, and how far it was stepped."""

    def __init__(self, *, start: float | None = None, speed: float = 1.0, follow: Path | None = None, wall: Callable[[], float] = wall_seconds) -> None:
        self._wall = wall
        self._anchor_wall = wall()
        self._anchor_world = self._anchor_wall if start is None else start
        self._speed = checked_speed(speed)
        self._follow = follow
        self._stamp = -1
        self._offset = 0.0

    def now(self) -> float:
        """The present moment of the world."""
        return self._anchor_world + (self._wall() - self._anchor_wall) * self._speed + self._followed_offset()

    def wall(self) -> float:
        """The present moment of the wall."""
        return self._wall()

    @property
    def speed(self) -> float:
        """How many world seconds pass in one second of the wall."""
        return self._speed

    @property
    def follows(self) -> bool:
        """Whether somebody else winds this clock, through a file."""
        return self._follow is not None

    @property
    def stand(self) -> Stand:
        """How this clock runs; the followed offset apart."""
        return Stand(self._anchor_world, self._anchor_wall, self._speed)

    def go_on_from(self, stand: Stand) -> None:
        """Run as an earlier clock did, as if there had been no pause."""
        self._anchor_world, self._anchor_wall, self._speed = stand.world, stand.wall, checked_speed(stand.speed)

    def run_at(self, speed: float) -> None:
        """Run at another speed from this moment on; 0 stops the world."""
        self._settle()
        self._speed = checked_speed(speed)

    def step(self, seconds: float) -> float:
        """Move the world on by this many seconds, and return its new moment."""
        if seconds < 0:
            raise ValueError("the world never goes back")
        self._anchor_world += seconds
        return self.now()

    def _settle(self) -> None:
        """Make the present moment the new anchor."""
        passed = (self._wall() - self._anchor_wall) * self._speed
        self._anchor_world += passed
        self._anchor_wall += passed / self._speed if self._speed else self._wall() - self._anchor_wall

    def _followed_offset(self) -> float:
        """The offset in the followed file, read again only when the file has changed."""
        if self._follow is None:
            return 0.0
        try:
            stamp = self._follow.stat().st_mtime_ns
        except FileNotFoundError:
            return self._offset
        if stamp != self._stamp:
            self._offset = float(json.loads(self._follow.read_text("utf-8"))["offset_seconds"])
            self._stamp = stamp
        return self._offset


def checked_speed(speed: float) -> float:
    """The speed itself, if a world can run at it."""
    if not 0 <= speed <= FASTEST:
        raise ValueError(f"speed must lie between 0 and {FASTEST:.0f}, not {speed}")
    return speed
