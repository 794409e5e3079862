"""Many tracking numbers checked at once: against each other, and against what the shop's orders carry."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.numbers.checking import NumberCheck, Use, check_number, neighbours, pool_of
from zhanggui.core.numbers.shapes import as_number

_OF_POOL = 8
"""So many numbers with the same head tell that the shop draws from a running pool; more tell nothing new."""


class Asked(msgspec.Struct, frozen=True):
    """A number that an order is to get."""

    number: str
    order_no: str
    carrier: str | None = None
    receiver: str | None = None


class UsesByNumber:
    """Numbers that orders carry, found by themselves, by their neighbours and by their running pool."""

    def __init__(self, uses: Iterable[Use]) -> None:
        self._of: defaultdict[str, list[Use]] = defaultdict(list)
        self._in_pool: defaultdict[tuple[str, str], dict[str, Use]] = defaultdict(dict)
        for use in uses:
            self._of[use.number].append(use)
            pool = self._in_pool[pool_of(use.number)]
            if len(pool) < _OF_POOL:
                pool.setdefault(use.number, use)

    def near(self, number: str) -> list[Use]:
        """Who carries this very number, or one that a wrong digit or two swapped ones make of it."""
        return [use for each in (number, *sorted(neighbours(number))) if each in self._of for use in self._of[each]]

    def about(self, number: str) -> tuple[Use, ...]:
        """All that a check of this number needs."""
        near = self.near(number)
        known = {use.number for use in near}
        return (*near, *(use for each, use in self._in_pool.get(pool_of(number), {}).items() if each not in known))


def check_many(asked: Sequence[Asked], used: Iterable[Use], now: datetime) -> list[NumberCheck]:
    """Each number checked, in the order asked; the numbers asked for count as used from now on."""
    uses = UsesByNumber([*used, *(Use(as_number(each.number), each.order_no, each.receiver, now) for each in asked)])
    return [
        check_number(each.number, each.carrier, uses.about(as_number(each.number)), now=now, order_no=each.order_no, receiver=each.receiver) for each in asked
    ]
