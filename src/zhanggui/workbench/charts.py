"""What the macros of parts/charts.html draw: points and bars, and where they come to stand in a drawing of 100 by 100."""

from collections.abc import Sequence
from math import ceil, floor, log10

import msgspec

WIDE = HIGH = 100.0
_HEADROOM = 0.08


class Point(msgspec.Struct, frozen=True):
    """One value of a series; None leaves a gap, which is never drawn through."""

    label: str
    """What it belongs to, such as the day."""
    value: float | None
    shown: str = ""
    """The value as it is read, with numerator and denominator where it is a rate."""
    href: str = ""
    """Where its rows are."""
    low: float | None = None
    high: float | None = None
    """Between what it lies, where it is a guess."""


class Bar(msgspec.Struct, frozen=True):
    """One row of a bar chart."""

    label: str
    value: float
    shown: str = ""
    href: str = ""
    note: str = ""
    """What is said under the label."""
    tone: str = ""
    """Whether the bar says something "good" or "bad"; empty where it says neither."""
    more: float = 0.0
    """A second part of the bar, drawn paler behind the first."""


class Slot(msgspec.Struct, frozen=True):
    """The place of a point: its middle, its height, and the strip that is its own."""

    point: Point
    x: float
    y: float | None
    from_x: float
    width: float


class Drawn(msgspec.Struct, frozen=True):
    """A series in its place."""

    slots: tuple[Slot, ...]
    paths: tuple[str, ...]
    """The pieces of the line, parted at gaps."""
    lone: tuple[Slot, ...]
    """Points with a gap on both sides, drawn as dots."""
    band: str
    """The outline between low and high of what is guessed, empty where nothing is."""
    target: float | None
    """The height of the target's line."""
    low: float
    high: float
    """The values at the foot and at the head."""


def drawn_line(points: Sequence[Point], target: float | None = None, *, from_zero: bool = False) -> Drawn:
    """The points in their places, and the target's line; the drawing holds both."""
    low, high = _bounds(points, target, from_zero=from_zero)
    width = WIDE / max(1, len(points))

    def y(value: float) -> float:
        return round(HIGH - (value - low) / (high - low) * HIGH, 2)

    slots = tuple(
        Slot(point, round((at + 0.5) * width, 2), None if point.value is None else y(point.value), round(at * width, 2), round(width, 3))
        for at, point in enumerate(points)
    )
    runs = _runs(slots)
    paths = tuple("M" + " L".join(f"{slot.x} {slot.y}" for slot in run) for run in runs if len(run) > 1)
    guessed = [slot for slot in slots if slot.point.low is not None and slot.point.high is not None]
    edge = [f"{slot.x} {y(slot.point.high or 0.0)}" for slot in guessed] + [f"{slot.x} {y(slot.point.low or 0.0)}" for slot in reversed(guessed)]
    band = "M" + " L".join(edge) + " Z" if len(guessed) > 1 else ""
    return Drawn(slots, paths, tuple(run[0] for run in runs if len(run) == 1), band, None if target is None else y(target), low, high)


def drawn_bars(rows: Sequence[Bar]) -> tuple[tuple[Bar, float, float], ...]:
    """Every row with the widths of its bar and of the paler part behind it, in percent of the longest."""
    most = max((abs(row.value) + row.more for row in rows), default=0.0) or 1.0
    return tuple((row, round(abs(row.value) / most * WIDE, 2), round(row.more / most * WIDE, 2)) for row in rows)


def _bounds(points: Sequence[Point], target: float | None, *, from_zero: bool) -> tuple[float, float]:
    """Round numbers a little under the least and over the greatest that is drawn."""
    told = [value for point in points for value in (point.value, point.low, point.high) if value is not None]
    told += [] if target is None else [target]
    told += [0.0] if from_zero or not told else []
    least, most = min(told), max(told)
    if least == most:
        least, most = (min(0.0, least), max(0.0, most)) if most else (0.0, 1.0)
    step = 10.0 ** floor(log10(most - least)) / 5
    low, high = floor((least - (most - least) * _HEADROOM) / step) * step, ceil((most + (most - least) * _HEADROOM) / step) * step
    return (max(low, 0.0) if least >= 0 else low), high


def _runs(slots: Sequence[Slot]) -> list[list[Slot]]:
    runs: list[list[Slot]] = []
    open_run = False
    for slot in slots:
        if slot.y is None:
            open_run = False
            continue
        if not open_run:
            runs.append([])
        runs[-1].append(slot)
        open_run = True
    return runs
