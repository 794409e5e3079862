"""What will happen: events in the order of their moments, and the functions that play them."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhanggui.emulator.world.world import World

Play = Callable[["World", int], None]
PLAYS: dict[str, Play] = {}


def event(name: str) -> Callable[[Play], Play]:
    """Say that a function plays the events of this name; their argument is one number."""

    def keep(play: Play) -> Play:
        PLAYS[name] = play
        return play

    return keep


class Queue:
    """A heap of events; those of one moment are played in the order in which they were planned."""

    __slots__ = ("_heap", "_planned")

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, str, int]] = []
        self._planned = 0

    def __len__(self) -> int:
        return len(self._heap)

    def plan(self, at: int, name: str, about: int) -> None:
        """Plan an event."""
        self._planned += 1
        heappush(self._heap, (at, self._planned, name, about))

    def fill(self, events: list[tuple[int, str, int]]) -> None:
        """Plan many events at once, cheaper than one by one."""
        for at, name, about in events:
            self._planned += 1
            self._heap.append((at, self._planned, name, about))
        heapify(self._heap)

    def next_at(self) -> int | None:
        """The moment of the next event."""
        return self._heap[0][0] if self._heap else None

    def pop(self) -> tuple[int, str, int]:
        """Take the next event out."""
        at, _, name, about = heappop(self._heap)
        return at, name, about
