"""The shop rating by cases a merchant can check, kept along in any order of events, and held against a brute-force script that shares no code."""

import random
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.check_ratings import Review, olist, rating_by_day
from zhanggui.connectors.files import Refused, read
from zhanggui.core.facts import ReviewFacts
from zhanggui.core.moments import from_shanghai, shanghai_day
from zhanggui.core.ratings.keeper import RatingKeeper
from zhanggui.core.ratings.rating import Rating, ShopRating, shop_rating
from zhanggui.rulebook.ratings import rating_book

RULE = rating_book().rule[-1]
CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))["case"]
MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def written(line: str) -> Rating:
    moment, buyer, order_no, stars = line.split(" | ")
    return Rating(from_shanghai(datetime.fromisoformat(moment)), order_no, f"r{order_no}", int(stars), buyer)


def ratings_of(case: dict[str, Any]) -> list[Rating]:
    found = [written(line) for line in case.get("ratings", ())]
    for many in case.get("many", ()):
        lines = (f"{many['day']} 12:00 | {many['day']}/{number} | {many['day']}/{number} | {many['stars']}" for number in range(many["number"]))
        found += map(written, lines)
    return found


def kept(ratings: list[Rating], day: date) -> RatingKeeper:
    keeper = RatingKeeper(RULE, day)
    for rating in ratings:
        keeper.add(rating)
    return keeper


def of_review(review: Review) -> Rating:
    buyer, order_no, review_no, moment, score = review
    return Rating(datetime.fromisoformat(moment).astimezone(UTC), order_no, review_no, score, buyer)


def told(rating: ShopRating) -> tuple[int, int, str | None]:
    return rating.total, rating.count, None if rating.is_hidden else rating.figure


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_it_counts_as_the_table_says(case: dict[str, Any]) -> None:
    ratings, day = ratings_of(case), date.fromisoformat(case["on"])

    found = shop_rating(ratings, RULE, day)

    assert (found.total, found.count, found.figure, found.is_hidden) == (case["total"], case["count"], case.get("figure"), case["hidden"])
    assert kept(ratings[::-1], day).rating == found


def test_its_mean_is_exact() -> None:
    found = shop_rating([written("2026-03-01 09:00 | 甲 | A1 | 5"), *map(written, ("2026-03-01 09:00 | 乙 | A2 | 4",) * 2)], RULE, date(2026, 3, 2))

    assert (found.exact, found.lacking) == (Fraction(9, 2), 48)
    assert shop_rating([], RULE, date(2026, 3, 2)).exact is None


RATINGS = st.builds(
    lambda hours, order, review, score, buyer: Rating(MARCH + timedelta(hours=hours), f"A{order}", f"r{review}", score, f"b{buyer}"),
    st.integers(-3 * 24, 40 * 24),
    st.integers(0, 5),
    st.integers(0, 2),
    st.integers(1, 5),
    st.integers(0, 1),
)
DAYS = st.integers(-3, 140).map(lambda number: date(2026, 3, 1) + timedelta(days=number))
EVENTS = st.lists(st.one_of(RATINGS, RATINGS.map(lambda rating: rating.key), DAYS), max_size=30)


@given(EVENTS, DAYS)
@settings(max_examples=80, deadline=None)
def test_kept_along_it_equals_what_is_counted_whole_after_every_event(events: list[Rating | tuple[str, str] | date], day: date) -> None:
    keeper, heard = RatingKeeper(RULE, day), list[Rating]()

    for event in events:
        if isinstance(event, Rating):
            keeper.add(event)
            heard.append(event)
        elif isinstance(event, tuple):
            keeper.take_back(event)
            heard = [rating for rating in heard if rating.key != event]
        else:
            keeper.turn_to(day := event)

        assert keeper.rating == shop_rating(heard, RULE, day)


@given(st.lists(RATINGS, max_size=20), st.randoms(use_true_random=False), DAYS)
@settings(max_examples=40, deadline=None)
def test_the_order_in_which_ratings_are_heard_of_does_not_matter(ratings: list[Rating], chance: random.Random, day: date) -> None:
    shuffled = chance.sample(ratings, len(ratings))

    assert shop_rating(shuffled, RULE, day) == kept(shuffled, day).rating == shop_rating(ratings, RULE, day)


def a_year(seed: int) -> list[Review]:
    """Reviews of a year: few buyers with many, ties, several a day, moments near midnight and told in several zones, orders whose buyer becomes known later."""
    chance = random.Random(seed)
    found = []
    for number in range(700):
        at = datetime(2027, 12, 1, 16, tzinfo=UTC) + timedelta(
            days=chance.randrange(400), seconds=chance.choice((-1, 0, 1, 3600, 43_200, chance.randrange(86_400)))
        )
        zone = timezone(timedelta(hours=chance.choice((-8, -3, 0, 8, 9))))
        order_no = f"{chance.randrange(10_000):04d}"
        found.append(
            (
                f"buyer {chance.randrange(12)}" if number % 3 else f"order {order_no}",
                order_no,
                f"r{number}",
                at.astimezone(zone).isoformat(),
                chance.randint(1, 5),
            )
        )
    return found


@pytest.mark.parametrize("seed", range(3))
def test_on_generated_years_it_equals_the_brute_force_script(seed: int) -> None:
    reviews = a_year(seed)
    days = [date(2027, 11, 20) + timedelta(days=number) for number in range(0, 520, 4)]
    expected = rating_by_day(reviews, days)
    ratings = [of_review(review) for review in reviews]
    keeper = RatingKeeper(RULE, days[0])
    # every third order was without its buyer at first, and is told again once the buyer is known
    for rating in ratings:
        keeper.add(Rating(rating.at, rating.order_no, rating.review_no, rating.score, "nobody known"))
        keeper.take_back(rating.key)
        keeper.add(rating)

    for day in days:
        keeper.turn_to(day)
        assert told(keeper.rating) == expected[day]
    assert [told(shop_rating(ratings, RULE, day)) for day in days[::13]] == [expected[day] for day in days[::13]]
    assert sum(figure is not None for _, _, figure in expected.values()) > 80


def test_on_the_reviews_of_olist_it_equals_the_brute_force_script(data: Path) -> None:
    reviews = list(olist(data))
    buyers = {order_no: buyer for buyer, order_no, _, _, _ in reviews}
    ratings = []
    for one in read(data / "olist_order_reviews.csv.gz"):
        assert not isinstance(one, Refused)
        facts = one.facts
        assert isinstance(facts, ReviewFacts)
        assert facts.created_at is not None
        assert facts.score is not None
        ratings.append(Rating(facts.created_at, facts.order_no, facts.review_no, facts.score, buyers[facts.order_no]))
    first, last = shanghai_day(min(ratings).at), shanghai_day(max(ratings).at)
    days = [first + timedelta(days=number) for number in range(0, (last - first).days + 95, 61)]

    expected = rating_by_day(reviews, days)

    keeper = kept(ratings, first)
    for day in days:
        keeper.turn_to(day)
        assert told(keeper.rating) == expected[day]
    assert [told(shop_rating(ratings, RULE, day)) for day in days[5:6]] == [expected[day] for day in days[5:6]]
    assert len(ratings) == 22_675
