"""The order in which things changed last: a log that only grows, in which each thing's newest entry is the one that counts.

A window of time is a stretch of the log; filtering it by state is done on bytes, so that a page out of a million stays quick.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import compress, islice

GONE = 0
ALL_CODES = bytes(range(256))
NOWHERE = 0xFFFFFFFF


class UpdateLog:
    """Entries of (moment, thing, state code), in the order of their moments."""

    __slots__ = ("_at", "_codes", "_newest", "_things")

    def __init__(self) -> None:
        self._at = array("I")
        self._things = array("I")
        self._codes = bytearray()
        self._newest = array("I")

    def __len__(self) -> int:
        return len(self._at)

    def note(self, thing: int, at: int, code: int) -> None:
        """Note that a thing changed at this moment and is now in this state (1 to 255)."""
        while thing >= len(self._newest):
            self._newest.append(NOWHERE)
        earlier = self._newest[thing]
        if earlier != NOWHERE:
            self._codes[earlier] = GONE
        self._newest[thing] = len(self._at)
        self._at.append(max(at, self._at[-1]) if self._at else at)
        self._things.append(thing)
        self._codes.append(code)

    def place(self, thing: int) -> int:
        """Where a thing's newest entry stands: another place after every change."""
        return self._newest[thing]

    def window(self, begins: int, ends: int) -> tuple[int, int]:
        """The stretch of the log between two moments, both included."""
        return bisect_left(self._at, begins), bisect_right(self._at, ends)

    def count(self, stretch: tuple[int, int], codes: bytes) -> int:
        """How many entries of a stretch count and have one of these states."""
        part = bytes(self._codes[stretch[0] : stretch[1]])
        return len(part) - len(part.translate(None, codes))

    def newest_first(self, stretch: tuple[int, int], codes: bytes, skip: int, most: int) -> list[int]:
        """The things of a stretch in one of these states, newest first, after skipping some."""
        low, high = stretch
        chosen = bytes(self._codes[low:high])[::-1].translate(mask_for(codes))
        found = compress(range(high - 1, low - 1, -1), chosen)
        return [self._things[place] for place in islice(found, skip, skip + most)]

    def each(self, stretch: tuple[int, int]) -> Iterable[tuple[int, int, int]]:
        """Every entry of a stretch that counts, as (moment, thing, code)."""
        for place in range(*stretch):
            if self._codes[place]:
                yield self._at[place], self._things[place], self._codes[place]


def mask_for(codes: bytes) -> bytes:
    """A table that turns these codes to 1 and every other to 0."""
    return bytes(1 if code in codes else 0 for code in range(256))
