"""The shop rating kept along: each event costs a moment, whatever the number of ratings, and the result is that of counting whole."""

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from zhanggui.core.ratings.rating import Key, Rating, ShopRating, first_day
from zhanggui.core.ratings.rules import RatingRule


class RatingKeeper:
    """Keeps the rating of a day by one rule while ratings come, are taken back and days pass, in any order.

    It remembers every rating it was told, since one that is taken back makes room for a later one of its buyer and month.
    """

    def __init__(self, rule: RatingRule, day: date) -> None:
        self._rule = rule
        self._known: dict[Key, Rating] = {}
        self._months: dict[tuple[str, int, int], list[Rating]] = defaultdict(list)
        self._days: dict[date, tuple[int, int]] = {}
        self._day = day
        self._total = self._count = 0

    @property
    def rating(self) -> ShopRating:
        """The rating of the day it stands at."""
        return ShopRating(self._day, self._total, self._count, self._rule)

    def add(self, rating: Rating) -> None:
        """A rating was given, or heard of. One known already is not changed by what is told later."""
        known = self._known.get(rating.key)
        if known is not None:
            if known <= rating:
                return
            self.take_back(known.key)
        self._known[rating.key] = rating
        month = self._months[rating.month]
        before = month[: self._rule.first_per_month]
        insort(month, rating)
        self._exchange(before, month[: self._rule.first_per_month])

    def take_back(self, key: Key) -> None:
        """The review is gone; a later rating of its buyer and month may count instead. One that is not known changes nothing."""
        rating = self._known.pop(key, None)
        if rating is None:
            return
        month = self._months[rating.month]
        before = month[: self._rule.first_per_month]
        month.remove(rating)
        self._exchange(before, month[: self._rule.first_per_month])
        if not month:
            del self._months[rating.month]

    def turn_to(self, day: date) -> None:
        """Another day begins: what was given before it comes in, what is too old leaves."""
        self._day = day
        since = first_day(day, self._rule)
        window = [self._days.get(since + timedelta(days=number), (0, 0)) for number in range(self._rule.days)]
        self._total = sum(total for total, _ in window)
        self._count = sum(count for _, count in window)

    def _exchange(self, before: Sequence[Rating], after: Sequence[Rating]) -> None:
        for rating in before:
            self._count_in(rating, -1)
        for rating in after:
            self._count_in(rating, 1)

    def _count_in(self, rating: Rating, sign: int) -> None:
        day = rating.day
        total, count = self._days.get(day, (0, 0))
        self._days[day] = (total + sign * rating.score, count + sign)
        if self._days[day] == (0, 0):
            del self._days[day]
        if first_day(self._day, self._rule) <= day < self._day:
            self._total += sign * rating.score
            self._count += sign
