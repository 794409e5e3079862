"""What stored reviews make of the rating: now and from midnight, what does not count and why, and what leaves first."""

from datetime import UTC, date, datetime, timedelta

import pytest

from zhanggui.core.moments import from_shanghai
from zhanggui.core.ratings.replay import RatingReplay, ReviewSeen, Uncounted, needed_since, replay
from zhanggui.rulebook.blocks import RuleRefused
from zhanggui.rulebook.ratings import rating_book, rating_book_of

BOOK = rating_book()
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
"""12:00 in Shanghai; today count 3 March to 31 May, from midnight 4 March to today."""


def seen(no: str, at: str | None, score: int | None, text: str | None = None, buyer: str | None = None) -> ReviewSeen:
    return ReviewSeen(no, f"r{no}", None if at is None else from_shanghai(datetime.fromisoformat(at)), score, text, buyer)


def replayed(*reviews: ReviewSeen, now: datetime = NOON) -> RatingReplay:
    found = replay(reviews, BOOK, now)
    assert found is not None
    return found


def test_what_was_given_today_counts_from_midnight_and_what_is_ninety_days_old_leaves_then() -> None:
    found = replayed(
        seen("old", "2026-03-03 00:00", 1), seen("held", "2026-03-04 00:00", 3), seen("new", "2026-06-01 11:59", 5), seen("later", "2026-06-01 12:01", 5)
    )

    assert (found.today.day, found.today.total, found.today.count) == (date(2026, 6, 1), 4, 2)
    assert (found.next.day, found.next.total, found.next.count) == (date(2026, 6, 2), 8, 2)
    assert found.leaves is not None
    assert (found.leaves.day, [each.order_no for each in found.leaves.ratings], found.leaves.then.figure) == (date(2026, 6, 2), ["old"], "4.00")


def test_what_leaves_first_may_leave_weeks_later() -> None:
    found = replayed(seen("a", "2026-04-10 09:00", 1), seen("b", "2026-04-10 10:00", 2), seen("c", "2026-05-10 09:00", 5))

    assert found.leaves is not None
    assert (found.leaves.day, [each.order_no for each in found.leaves.ratings]) == (date(2026, 7, 10), ["a", "b"])
    assert (found.leaves.then.total, found.leaves.then.count) == (5, 1)
    assert replayed().leaves is None


def test_it_names_what_does_not_count_and_why_the_newest_first() -> None:
    reviews = [
        seen("text", "2026-05-01 09:00", None),
        seen("six", "2026-05-02 09:00", 6),
        seen("auto", "2026-05-03 09:00", 5, "评价方未及时做出评价,系统默认好评!"),
        seen("undated", None, 4),
        *(seen(f"甲{number}", f"2026-05-0{number} 10:00", 5, buyer="甲") for number in range(1, 5)),
    ]

    found = replayed(*reviews)

    assert [(each.order_no, each.why) for each in found.left_out] == [
        ("甲4", Uncounted.BEYOND_FIRST),
        ("auto", Uncounted.DEFAULT_RATING),
        ("six", Uncounted.ODD_SCORE),
        ("text", Uncounted.NO_SCORE),
        ("undated", Uncounted.NO_MOMENT),
    ]
    assert (found.today.count, found.why[Uncounted.BEYOND_FIRST]) == (3, 1)


def test_it_says_where_only_the_order_of_the_numbers_decided() -> None:
    tied = [seen(f"A{number}", "2026-05-01 10:00", number, buyer="甲") for number in (4, 3, 2, 1)]

    found = replayed(*tied, seen("B", "2026-05-01 11:00", 5, buyer="甲"))

    assert [(each.order_no, each.is_tied) for each in found.left_out] == [("B", False), ("A4", True)]
    assert found.today.total == 6


@pytest.mark.parametrize("text", ["系统默认好评", "系统默认好评。", " 系统 默认好评！"])
def test_it_knows_the_words_of_the_platform_whatever_signs_stand_between_them(text: str) -> None:
    assert BOOK.rule[-1].is_default(text)


@pytest.mark.parametrize("text", [None, "", "默认好评", "很好，不是系统默认好评", "此用户没有填写评价"])
def test_it_takes_no_buyer_s_words_for_the_platform_s(text: str | None) -> None:
    assert not BOOK.rule[-1].is_default(text)


def test_it_reads_from_the_first_of_the_month_in_which_the_window_begins() -> None:
    assert needed_since(BOOK, NOON) == date(2026, 3, 1)
    assert needed_since(BOOK, NOON + timedelta(days=29)) == date(2026, 4, 1)


def test_before_the_first_version_nobody_knows() -> None:
    assert replay([], BOOK, datetime(2015, 8, 1, tzinfo=UTC)) is None


TEXT = """
[[rule]]
id = "pdd.shop_rating"
title = { zh = "店铺评分", en = "Shop rating" }
effective_from = 2020-01-01
effective_until = 2026-06-02
days = 90
first_per_month = 3
least = 50
decimals = 2
lowest = 1
highest = 5
source = "a test"
checked = 2026-11-22
basis = "assumed"
grade = "C"
"""
NEWER = TEXT.replace("2020-01-01", "2026-06-02").replace("effective_until = 2026-06-02\n", "").replace("first_per_month = 3", "first_per_month = 1")


def test_a_new_version_counts_from_the_midnight_at_which_it_begins() -> None:
    book = rating_book_of(TEXT + NEWER)
    reviews = [seen(f"A{number}", f"2026-05-0{number} 10:00", number, buyer="甲") for number in (1, 2, 3)]

    found = replay(reviews, book, NOON)

    assert found is not None
    assert (found.today.total, found.next.total, found.next.rule.cite) == (6, 1, "pdd.shop_rating@2026-06-02")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TEXT + TEXT, "two versions at once"),
        (TEXT.replace("days = 90", "days = 0"), "at least 1"),
        (TEXT.replace('"a test"', '" "'), "a source"),
        (TEXT.replace("2020-01-01", "2026-06-02"), "ends before it begins"),
        (TEXT.replace("days = 90", "days = 90\nhours = 1"), "hours"),
    ],
)
def test_a_rule_that_is_not_in_order_is_refused(text: str, why: str) -> None:
    with pytest.raises(RuleRefused, match=why):
        rating_book_of(text)


def test_every_version_says_what_it_rests_on() -> None:
    assert all(rule.source and rule.title.zh and rule.title.en and rule.checked.year >= 2025 for rule in BOOK.rule)
