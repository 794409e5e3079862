"""Ratings: which of them buyers really gave, and which are among the first of their buyer and month."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from zhanggui.actions.buyer_digests import buyer_key
from zhanggui.actions.reviews.buyers import buyer_of
from zhanggui.core.facts import OrderFacts, ReviewFacts
from zhanggui.core.measures.seen import ReviewMark
from zhanggui.core.measures.what import Hit, What
from zhanggui.core.moments import shanghai_day
from zhanggui.core.ratings.rating import Rating, counting
from zhanggui.core.ratings.replay import ReviewSeen, given
from zhanggui.core.ratings.rules import RatingRule
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import Tx
from zhanggui.records.measures import days
from zhanggui.records.measures import ratings as records
from zhanggui.records.measures.ratings import RatingRow
from zhanggui.rulebook.ratings import rating_book

_AT_ONCE = 5000


def ratings_of(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], now: datetime) -> list[Rating]:
    """The ratings that the buyers of these orders really gave, in order."""
    told = records.reviews_of(tx, shop_id, order_nos)
    return _really_given(told, buyer_key(tx, shop_id, now)) if told else []


def as_marks(ratings: Iterable[Rating]) -> dict[str, tuple[ReviewMark, ...]]:
    """The same by order."""
    found: dict[str, tuple[ReviewMark, ...]] = {}
    for rating in ratings:
        found[rating.order_no] = (*found.get(rating.order_no, ()), ReviewMark(rating.review_no, rating.at, rating.score, rating.buyer))
    return found


def follow(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], ratings: Sequence[Rating], changes: days.Sums) -> None:
    """Makes the kept ratings of these orders what they are now, and adds what that moves: one that goes makes room for a later one of its buyer and month."""
    before = records.of_orders(tx, shop_id, order_nos)
    if not before and not ratings:
        return
    groups = {(row.buyer, row.month) for row in before} | {_group(rating) for rating in ratings}
    held = records.of_groups(tx, shop_id, groups)
    ours = {(row.order_no, row.review_no) for row in before}
    kept = [_rating(row) for row in held if (row.order_no, row.review_no) not in ours]
    after = _rows([*kept, *ratings])
    standing = {(row.order_no, row.review_no): row for row in held}
    wanted = {(row.order_no, row.review_no): row for row in after}
    gone = [row for key, row in standing.items() if wanted.get(key) != row]
    new = [row for key, row in wanted.items() if standing.get(key) != row]
    days.count_in(changes, _hits(gone), -1)
    days.count_in(changes, _hits(new))
    records.replace(tx, shop_id, gone, new)


def count_all(tx: Tx, shop_id: ShopId, sums: days.Sums, now: datetime) -> dict[str, tuple[ReviewMark, ...]]:
    """Counts every rating of the shop from nothing; all of them by order."""
    records.begin_anew(tx, shop_id)
    ratings, after = list[Rating](), ""
    while order_nos := records.reviewed_orders(tx, shop_id, after, _AT_ONCE):
        ratings += ratings_of(tx, shop_id, order_nos, now)
        after = order_nos[-1]
    rows = _rows(ratings)
    days.count_in(sums, _hits(rows))
    records.replace(tx, shop_id, (), rows)
    return as_marks(ratings)


def _really_given(told: Iterable[tuple[ReviewFacts, OrderFacts | None]], key: bytes) -> list[Rating]:
    found: list[Rating] = []
    for review, order in told:
        rule = None if review.created_at is None else rating_book().in_force(shanghai_day(review.created_at))
        if rule is not None and not review.is_default:
            seen = ReviewSeen(review.order_no, review.review_no, review.created_at, review.score, review.text, buyer_of(key, review, order))
            found += given([seen], rule)[0]
    return sorted(found)


def _rows(ratings: Iterable[Rating]) -> list[RatingRow]:
    """The ratings as they are kept, by the rule of the first day of their month."""
    by_month: dict[date, list[Rating]] = {}
    for rating in ratings:
        by_month.setdefault(rating.day.replace(day=1), []).append(rating)
    return [row for month, some in by_month.items() for row in _of_month(month, some)]


def _of_month(month: date, ratings: Sequence[Rating]) -> list[RatingRow]:
    counted = {rating.key for rating in counting(ratings, _rule(month, ratings))}
    return [RatingRow(rating.order_no, rating.review_no, rating.buyer, month, rating.day, rating.at, rating.score, rating.key in counted) for rating in ratings]


def _rule(month: date, ratings: Sequence[Rating]) -> RatingRule:
    """The rule of the month's beginning; of its first rating's day where none was in force then."""
    book = rating_book()
    rule = book.in_force(month) or book.in_force(min(rating.day for rating in ratings))
    assert rule is not None  # a rating is only one by a rule
    return rule


def _group(rating: Rating) -> tuple[str, date]:
    return rating.buyer, rating.day.replace(day=1)


def _rating(row: RatingRow) -> Rating:
    return Rating(row.at, row.order_no, row.review_no, row.score, row.buyer)


def _hits(rows: Iterable[RatingRow]) -> list[Hit]:
    return [Hit(What.RATING, row.day, row.score) for row in rows if row.counts]
