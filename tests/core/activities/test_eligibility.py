"""How far a shop is from what an activity asks: by hand-made figures, and by the activities that come along."""

from datetime import date
from fractions import Fraction
from importlib.resources import files

import pytest

from zhanggui.core.activities.book import Need, Told, Unit
from zhanggui.core.activities.eligibility import Value, eligible, need_now
from zhanggui.core.rules import Title
from zhanggui.rulebook.activities import activity_book, activity_book_of
from zhanggui.rulebook.blocks import RuleRefused

DAY = date(2026, 11, 22)


def score(threshold: str, *, above: bool = False) -> Need:
    """A need of a score."""
    least, over = (None, threshold) if above else (threshold, None)
    return Need(figure="shop_rating", told=Told.MEASURE, unit=Unit.SCORE, title=Title("评分", "Rating"), at_least=least, above=over)


@pytest.mark.parametrize(
    ("total", "count", "threshold", "above", "best"),
    [
        (44, 10, "4.5", False, 2),  # (44 + 10) / 12 = 4.5
        (44, 10, "4.5", True, 3),  # above: one more
        (45, 10, "4.5", False, None),  # met
        (45, 10, "4.5", True, 1),
        (49, 10, "5", False, None),  # no number of fives makes a mean of five
    ],
)
def test_it_tells_how_many_best_ratings_lift_a_score(total: int, count: int, threshold: str, above: bool, best: int | None) -> None:
    found = need_now("some", score(threshold, above=above), {("shop_rating", 0): Value(total, count)}, {})

    assert found.best_ratings == best


def test_it_tells_how_many_clean_ones_bring_a_share_down() -> None:
    need = Need(figure="return_rate", told=Told.COUNTED, unit=Unit.RATE, days=90, title=Title("退货率", "Return rate"), at_most="0.30")

    found = need_now("some", need, {("return_rate", 90): Value(4, 10)}, {})

    assert (found.is_met, found.gap, found.clean) == (False, Fraction(1, 10), 4)  # 4 / 14 < 0.3 < 4 / 13


def test_a_share_of_nothing_is_not_known() -> None:
    found = need_now("some", score("4.5"), {("shop_rating", 0): Value(0, 0)}, {})

    assert (found.is_met, found.gap) == (None, None)


def test_a_threshold_that_the_shop_typed_goes_before_the_published_one() -> None:
    values, own = {("shop_rating", 0): Value(46, 10)}, {("some", "shop_rating"): Fraction("4.7")}

    found = need_now("some", score("4.5"), values, own)

    assert (found.is_met, found.is_own, found.threshold) == (False, True, Fraction(47, 10))


def test_a_flash_sale_asks_for_fifty_ratings_and_for_a_rank_that_is_typed() -> None:
    in_force = activity_book().in_force(DAY)

    [flash] = [each for each in eligible(in_force, {("valid_ratings", 90): Value(50)}) if each.activity.id == "pdd.flash_sale"]
    [short] = [each for each in eligible(in_force, {("valid_ratings", 90): Value(49)}) if each.activity.id == "pdd.flash_sale"]

    assert (flash.is_met, [each.need.figure for each in flash.unknown]) == (None, ["navigator_rank"])
    assert (short.is_met, [each.gap for each in short.missing]) == (False, [Fraction(1)])


def test_with_both_known_a_flash_sale_is_open() -> None:
    values = {("valid_ratings", 90): Value(51), ("navigator_rank", 0): Value(82, 100)}

    found = eligible(activity_book().in_force(DAY), values, {("pdd.flash_sale", "navigator_rank"): Fraction(4, 5)})

    assert next(each.is_met for each in found if each.activity.id == "pdd.flash_sale") is True


def test_return_freight_cover_asks_for_orders_of_a_week_and_of_a_quarter() -> None:
    values = {("paid_orders", 7): Value(20), ("paid_orders", 90): Value(99), ("return_rate", 90): Value(30, 100)}

    [found] = [each for each in eligible(activity_book().in_force(DAY), values) if each.activity.id == "pdd.return_freight_cover"]

    assert [each.is_met for each in found.needs] == [True, False, True]


def test_an_activity_that_is_over_stands_among_the_past_ones() -> None:
    past = activity_book().past(DAY)

    assert {each.cite for each in past} == {"pdd.live_new_year_2020@2020-01-10", "pdd.seckill@2015-09-01"}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('at_least = "50"', 'at_least = "fifty"', "the threshold is no number"),
        ('at_least = "20"', "", "needs a threshold"),
        ('at_most = "0.30"', 'at_most = "30"', "a rate is at most 1"),
        ("effective_until = 2020-02-10", "effective_until = 2020-01-10", "it ends before it begins"),
        ("effective_until = 2024-09-01", "effective_until = 2024-10-01", "two versions at once"),
    ],
)
def test_a_book_that_is_not_in_order_is_refused(old: str, new: str, why: str) -> None:
    text = (files("zhanggui.rulebook") / "activities.toml").read_text("utf-8")
    assert old in text

    with pytest.raises(RuleRefused, match=why):
        activity_book_of(text.replace(old, new, 1))
