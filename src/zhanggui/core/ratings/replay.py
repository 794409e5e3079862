"""What a shop's stored reviews make of its rating: today's, the next midnight's, what does not count and why, and what leaves next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.moments import shanghai_day
from zhanggui.core.ratings.rating import Rating, ShopRating, counting, first_day, rating_on
from zhanggui.core.ratings.rules import RatingBook, RatingRule


class Uncounted(StrEnum):
    """Why a review does not count towards the rating."""

    NO_SCORE = "no_score"
    ODD_SCORE = "odd_score"
    """Not a number of stars that a buyer can give."""
    DEFAULT_RATING = "default_rating"
    """The platform wrote it, because the buyer did not."""
    NO_MOMENT = "no_moment"
    """Nobody told when it was given, so that it belongs to no day."""
    BEYOND_FIRST = "beyond_first"
    """The buyer had given as many as count in this month before."""


class ReviewSeen(msgspec.Struct, frozen=True, gc=False):
    """A stored review as the rating sees it."""

    order_no: str
    review_no: str
    at: datetime | None
    score: int | None
    text: str | None = None
    buyer: str | None = None
    """Whoever gave it; where that is not known, the order stands for the buyer."""
    is_default: bool = False
    """Whether a source said that the platform gave it."""


class LeftOut(msgspec.Struct, frozen=True, gc=False):
    """A review that does not count."""

    order_no: str
    review_no: str
    at: datetime | None
    score: int | None
    why: Uncounted
    is_tied: bool = False
    """Whether only the order of the numbers decided, since another of the same moment counts."""


class Leaving(msgspec.Struct, frozen=True):
    """What leaves the window first, at the midnight that begins this day, and the rating then if nothing else comes."""

    day: date
    ratings: tuple[Rating, ...]
    then: ShopRating


class RatingReplay(msgspec.Struct, frozen=True):
    """The rating as far as the stored reviews tell it."""

    today: ShopRating
    next: ShopRating
    """From the next midnight, as it stands: what is given until then is still missing."""
    left_out: tuple[LeftOut, ...]
    """Of the days that count today or from midnight, the newest first; those without a moment at the end."""
    leaves: Leaving | None

    @property
    def why(self) -> dict[Uncounted, int]:
        """How many do not count, by reason."""
        found = Counter(each.why for each in self.left_out)
        return {reason: found[reason] for reason in Uncounted if found[reason]}


def needed_since(book: RatingBook, now: datetime) -> date:
    """The first day whose reviews bear on the rating of today or tomorrow: the first of a month, since the first ones of a month are counted out."""
    today = shanghai_day(now)
    days = [rule.days for rule in (book.in_force(today), book.in_force(today + timedelta(days=1))) if rule is not None]
    return (today - timedelta(days=max(days, default=0))).replace(day=1)


def replay(seen: Iterable[ReviewSeen], book: RatingBook, now: datetime) -> RatingReplay | None:
    """The rating by the versions in force today and tomorrow, of the reviews given up to now. None where no version is known to be in force."""
    today = shanghai_day(now)
    tomorrow = today + timedelta(days=1)
    rule, next_rule = book.in_force(today), book.in_force(tomorrow)
    if rule is None or next_rule is None:
        return None
    held = [each for each in seen if each.at is None or each.at <= now]
    ratings, left_out = given(held, rule)
    counted = counting(ratings, rule)
    counted_next = counted if next_rule is rule else counting(given(held, next_rule)[0], next_rule)
    since = min(first_day(today, rule), first_day(tomorrow, next_rule))
    told = [each for each in (*left_out, *_beyond(ratings, counted)) if each.at is None or shanghai_day(each.at) >= since]
    return RatingReplay(
        rating_on(counted, rule, today),
        rating_on(counted_next, next_rule, tomorrow),
        tuple(sorted(told, key=_newest_first)),
        _leaving(counted_next, next_rule, tomorrow),
    )


def given(seen: Iterable[ReviewSeen], rule: RatingRule) -> tuple[list[Rating], list[LeftOut]]:
    """The ratings that buyers really gave, and the reviews that are none."""
    ratings, left_out = [], []
    for each in seen:
        why = _no_rating(each, rule)
        if why is not None:
            left_out.append(LeftOut(each.order_no, each.review_no, each.at, each.score, why))
        elif each.at is not None and each.score is not None:
            ratings.append(Rating(each.at, each.order_no, each.review_no, each.score, each.buyer or f"order {each.order_no}"))
    return ratings, left_out


def _no_rating(review: ReviewSeen, rule: RatingRule) -> Uncounted | None:
    if review.score is None:
        return Uncounted.NO_SCORE
    if not rule.lowest <= review.score <= rule.highest:
        return Uncounted.ODD_SCORE
    if review.is_default or rule.is_default(review.text):
        return Uncounted.DEFAULT_RATING
    return Uncounted.NO_MOMENT if review.at is None else None


def _beyond(ratings: Iterable[Rating], counted: Iterable[Rating]) -> Iterable[LeftOut]:
    """The ratings whose buyer had given as many as count before."""
    keys = {rating.key for rating in counted}
    last = {rating.month: rating.at for rating in counted}
    for rating in ratings:
        if rating.key not in keys:
            yield LeftOut(rating.order_no, rating.review_no, rating.at, rating.score, Uncounted.BEYOND_FIRST, last.get(rating.month) == rating.at)


def _leaving(counted: Sequence[Rating], rule: RatingRule, tomorrow: date) -> Leaving | None:
    """What is the first to leave at the next midnight or a later one."""
    held = [rating for rating in counted if rating.day >= first_day(tomorrow, rule) - timedelta(days=1)]
    if not held:
        return None
    oldest = min(rating.day for rating in held)
    day = oldest + timedelta(days=rule.days + 1)
    return Leaving(day, tuple(rating for rating in held if rating.day == oldest), rating_on(counted, rule, day))


def _newest_first(left: LeftOut) -> tuple[float, str, str]:
    return (float("inf") if left.at is None else -left.at.timestamp(), left.order_no, left.review_no)
