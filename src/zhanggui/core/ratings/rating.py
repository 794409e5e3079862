"""The shop rating of a day, counted whole from all the ratings there are."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction

import msgspec

from zhanggui.core.moments import shanghai_day
from zhanggui.core.ratings.rules import RatingRule

Key = tuple[str, str]


class Rating(msgspec.Struct, frozen=True, order=True, gc=False):
    """Stars that a buyer really gave. The order of the fields is the order in which ratings stand: equal moments go by order, then by review."""

    at: datetime
    order_no: str
    review_no: str
    score: int
    buyer: str
    """Whoever gave it; where that is not known, the order stands for the buyer."""

    @property
    def key(self) -> Key:
        """What it is known by."""
        return (self.order_no, self.review_no)

    @property
    def day(self) -> date:
        """The Shanghai day on which it was given."""
        return shanghai_day(self.at)

    @property
    def month(self) -> tuple[str, int, int]:
        """The buyer and the Shanghai month: of these only the first ones count."""
        day = self.day
        return (self.buyer, day.year, day.month)


class ShopRating(msgspec.Struct, frozen=True):
    """The rating that holds on one Shanghai day, from its first moment to its last."""

    day: date
    total: int
    """The sum of the scores that count."""
    count: int
    rule: RatingRule

    @property
    def exact(self) -> Fraction | None:
        """The mean itself. None where nothing counts."""
        return Fraction(self.total, self.count) if self.count else None

    @property
    def figure(self) -> str | None:
        """The mean to the places the platform shows, half a unit upwards. None where nothing counts."""
        return rounded(self.total, self.count, self.rule.decimals) if self.count else None

    @property
    def is_hidden(self) -> bool:
        """Whether too few count for the platform to show it."""
        return self.count < self.rule.least

    @property
    def lacking(self) -> int:
        """How many more would have to count for it to be shown."""
        return max(0, self.rule.least - self.count)


def counting(ratings: Iterable[Rating], rule: RatingRule) -> list[Rating]:
    """Those that count, in order: of each buyer and Shanghai month the first ones.

    A rating once given is never changed: of several sightings of one review the earliest stands, and at one moment the lowest.
    """
    first: dict[Key, Rating] = {}
    for rating in ratings:
        known = first.get(rating.key)
        first[rating.key] = rating if known is None else min(known, rating)
    given: Counter[tuple[str, int, int]] = Counter()
    found = []
    for rating in sorted(first.values()):
        month = rating.month
        given[month] += 1
        if given[month] <= rule.first_per_month:
            found.append(rating)
    return found


def first_day(day: date, rule: RatingRule) -> date:
    """The earliest day whose ratings count on this day; the latest is the day before it."""
    return day - timedelta(days=rule.days)


def rating_on(counted: Iterable[Rating], rule: RatingRule, day: date) -> ShopRating:
    """The rating of the day, of ratings that `counting` let through."""
    since = first_day(day, rule)
    scores = [rating.score for rating in counted if since <= rating.day < day]
    return ShopRating(day, sum(scores), len(scores), rule)


def shop_rating(ratings: Iterable[Rating], rule: RatingRule, day: date) -> ShopRating:
    """The rating of the day, counted whole."""
    return rating_on(counting(ratings, rule), rule, day)


def rounded(total: int, count: int, decimals: int) -> str:
    """The mean of so many written with so many places, half a unit of the last one upwards; by integers alone."""
    units = (2 * total * 10**decimals + count) // (2 * count)
    whole, part = divmod(units, 10**decimals)
    return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
