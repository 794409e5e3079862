"""The alarm over a product's reviews: rings where it should, and falsely as often as it says."""

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from zhanggui.estimates.alarms import Counted, Prior, Starred, chance_of_count, counted, design_of, first_count, watches
from zhanggui.rulebook.blocks import RuleRefused
from zhanggui.rulebook.products import alarm_book, alarm_book_of

RULE = alarm_book().rule[-1]
SHOP = Prior(2000, 200)
BEGAN = datetime(2026, 9, 1, tzinfo=UTC)


def starred(*stars: int, days: float = 1.0) -> list[Starred]:
    """Reviews of orders of their own, so many days apart."""
    return [Starred(BEGAN + timedelta(days=days * number), f"A{number}", star) for number, star in enumerate(stars)]


def test_it_rings_where_a_product_turns_bad_and_names_the_review_it_began_with() -> None:
    bad = [False] * 40 + [False] * 5 + [True, True, False, True, True, True, True]

    first, second = watches(bad, SHOP, RULE)

    assert first.rang_at is None
    assert (second.first, second.past, second.past_bad, second.rang_at, second.since) == (40, 40, 0, 49, 45)


def test_it_is_silent_over_a_product_as_bad_as_the_shop() -> None:
    bad = [number % 10 == 4 for number in range(200)]

    assert [watch.rang_at for watch in watches(bad, SHOP, RULE)] == [None] * 5


def test_its_own_past_is_what_a_product_is_held_against() -> None:
    often = [number % 3 == 0 for number in range(200)]

    later = watches(often, SHOP, RULE)[-1]

    assert later.design.base == pytest.approx((20 * SHOP.share + later.past_bad) / (20 + later.past), abs=0.002)
    assert later.rang_at is None


def test_no_watch_may_ring_falsely_more_often_than_the_rule_allows() -> None:
    for past, bad in ((0, 0), (40, 4), (400, 30)):
        shares = design_of(SHOP, past, bad, RULE).false_shares

        assert len(shares) == RULE.watch_reviews
        assert list(shares) == sorted(shares)
        assert 0 < shares[-1] <= RULE.false_share


def test_it_rings_falsely_as_often_as_it_says() -> None:
    draw, share = random.Random(7), SHOP.share
    runs = 6000

    rang = sum(watches([draw.random() < share for _ in range(RULE.watch_reviews)], SHOP, RULE)[0].rang_at is not None for _ in range(runs))

    stated = design_of(SHOP, 0, 0, RULE).false_shares[-1]
    assert rang / runs == pytest.approx(stated, abs=4 * (stated * (1 - stated) / runs) ** 0.5)


def test_a_small_bound_is_counted_by_hand() -> None:
    """A shop of a million reviews, a fifth of them bad: two in a row are one of twenty-five ways."""
    rule = msgspec.structs.replace(RULE, watch_reviews=2, false_share=0.05)

    design = design_of(Prior(1_000_000, 200_000), 0, 0, rule)

    assert (design.up, design.bound) == (2, 3)
    assert design.false_shares == pytest.approx((0.0, 0.04), abs=1e-4)


def test_a_third_one_star_order_within_the_days_raises_the_product() -> None:
    reviews = starred(1, 5, 1, 4, 1, days=10)

    assert counted(reviews, RULE, BEGAN + timedelta(days=41)) == Counted(3, 5, BEGAN + timedelta(days=40))
    assert first_count(reviews, RULE) == 4


def test_two_reviews_of_one_order_count_once() -> None:
    reviews = [*starred(1, 1), Starred(BEGAN + timedelta(days=2), "A1", 1)]

    assert counted(reviews, RULE, BEGAN + timedelta(days=3)).raised_at is None
    assert first_count(reviews, RULE) is None


def test_one_stars_too_far_apart_raise_nothing() -> None:
    assert first_count(starred(1, 1, 1, days=46), RULE) is None
    assert counted(starred(1, 1, 1, days=46), RULE, BEGAN + timedelta(days=92)).one_star == 2


def test_the_chance_of_a_count_is_that_of_the_binomial() -> None:
    assert chance_of_count(0.5, 3, 2) == pytest.approx(0.125)
    assert chance_of_count(0.5, 2, 2) == 0.0
    assert chance_of_count(0.0, 50, 2) == 0.0


def test_a_rule_that_cannot_be_counted_by_is_refused() -> None:
    text = """
    [[rule]]
    id = "x"
    title = { zh = "甲", en = "a" }
    effective_from = 2026-01-01
    one_star_more_than = 2
    one_star_days = 90
    bad_upto = 2
    watch_reviews = 40
    odds_times = 1.0
    false_share = 0.05
    source = "here"
    checked = 2026-11-22
    basis = "assumed"
    grade = "C"
    """

    with pytest.raises(RuleRefused, match="odds_times"):
        alarm_book_of(text)
