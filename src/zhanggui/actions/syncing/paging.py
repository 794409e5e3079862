"""Reads a list of the platform from its last page back to its first, and says when it cannot have been read whole.

The platform lists the newest first. In a window that ends in the past things can only leave (they change, and belong to a later window then), so
they shift towards the first page: whoever reads backwards meets everything, at worst twice.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page: what stands on it; how many there are in all, where told; whether another follows, where told."""

    things: tuple[T, ...]
    total: int | None
    has_next: bool | None


class Listed(msgspec.Struct, Generic[T], frozen=True):
    """Everything a window held, each thing once, as it was told last; oldest pages first."""

    things: tuple[T, ...]
    is_one_page: bool


class TooMany(Exception):
    """The window holds more than one reading may take; `total` as the platform told it."""

    def __init__(self, total: int) -> None:
        super().__init__(f"{total} in one window")
        self.total = total


class Unsteady(Exception, Generic[T]):
    """What the platform told of a window does not fit together: it grew while it was read, or its totals were wrong. `things` are what came."""

    def __init__(self, told: str, things: tuple[T, ...]) -> None:
        super().__init__(told)
        self.things = things


PageOf = Callable[[int, bool], Page[T]]
"""A page by its number; with True only whether another follows is asked for, not the total."""


def read_listed(page_of: PageOf[T], key: Callable[[T], str], *, size: int, most_pages: int) -> Listed[T]:
    """Everything in the window. Raises TooMany before reading what is too much, and Unsteady for a reading that cannot be trusted."""
    first = page_of(1, False)
    total = _total(first)
    if not _goes_on(first, size):
        if total != len(first.things):
            raise Unsteady(f"{total} were told, {len(first.things)} came", first.things)
        return Listed(first.things, is_one_page=True)
    last = max(2, -(-total // size))
    if last > most_pages:
        raise TooMany(total)
    return _backwards(page_of, key, total, last, size, most_pages)


def _backwards(page_of: PageOf[T], key: Callable[[T], str], total: int, last: int, size: int, most_pages: int) -> Listed[T]:
    """The pages from the last to the first; the last is sought further on where the total was told too low."""
    page = page_of(last, True)
    while _goes_on(page, size):
        last += 1
        if last > most_pages:
            raise TooMany(last * size)
        page = page_of(last, True)
    met = {key(thing): thing for thing in page.things}
    for number in range(last - 1, 0, -1):
        page = page_of(number, number > 1)
        met.update((key(thing), thing) for thing in page.things)
    left = _total(page)
    things = tuple(met.values())
    if left > total or len(things) < left:
        raise Unsteady(f"{total} were told, then {left}; {len(things)} came", things)
    return Listed(things, is_one_page=False)


def _goes_on(page: Page[T], size: int) -> bool:
    """Whether another page follows: as the platform says, else a full page may have one behind it."""
    return page.has_next if page.has_next is not None else len(page.things) >= size


def _total(page: Page[T]) -> int:
    if page.total is None:
        raise Unsteady("no total was told", page.things)
    return page.total
