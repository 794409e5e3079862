"""Which stars fit what is known, what costs the next one, and what is hidden: cases a merchant can check."""

import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from zhanggui.core.measures.marks import Counted
from zhanggui.core.standing.standing import Known, Line, Reading, Standing, standing
from zhanggui.rulebook.standing import standing_book

CASES = tomllib.loads(Path(__file__).with_name("stars.toml").read_text("utf-8"))["case"]
DAY = date(2026, 8, 3)
RANKS = {"rating_rank", "activity_rank", "special_service"}


def of(case: dict[str, Any]) -> Standing:
    """What is said to be met is counted as met: a share of 1 in 100 against a standard of 50 %."""
    book, day = standing_book(), case.get("day", DAY)
    readings = {name: (Reading(name, DAY, Fraction(str(value))),) for name, value in case.get("readings", {}).items()}
    values, targets = {}, {}
    for name, is_good in [(name, True) for name in case.get("met", [])] + [(name, False) for name in case.get("missed", [])]:
        if name in RANKS:
            readings[name] = (Reading(name, DAY, Fraction(1), is_met=is_good),)
            continue
        is_low = book.figures[name].better == "low"
        values[name] = Counted(1 if is_low == is_good else 99, 100)
        targets[name] = Line(Fraction(50) if book.figures[name].unit == "percent" else Fraction(1, 100_000 if is_low else 1), DAY)
    return standing(Known(values=values, readings=readings, targets=targets), book, day)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_it_tells_the_levels_that_fit_and_what_the_next_one_asks(case: dict[str, Any]) -> None:
    found = of(case)

    assert (found.stars.low, found.stars.high) == (case.get("low"), case.get("high"))
    assert [[cost.dimension or "", *cost.figures, cost.is_sure] for cost in found.costs_the_star] == case["costs"]
    assert [cost.level for cost in found.costs_the_star] == [case.get("level")] * len(case["costs"])


def test_a_rank_follows_the_rating_is_hidden_while_fewer_than_fifty_count_and_holds_where_it_was_read_all_the_same() -> None:
    readings = {"rating_rank": (Reading("rating_rank", DAY, Fraction("12.6"), is_met=False),)}
    few, enough = {"shop_rating": Counted(220, 49)}, {"shop_rating": Counted(225, 50)}

    every = (Known(values=few), Known(values=few, readings=readings), Known(values=enough, readings=readings))
    told = [standing(known, standing_book(), DAY) for known in every]

    by_figure = [next(each for each in found.indicators if each.figure.id == "rating_rank") for found in told]
    assert [(each.is_hidden, each.met) for each in by_figure] == [(True, None), (True, False), (False, False)]


def test_where_ours_differs_from_what_the_back_office_lately_showed_that_is_judged_by() -> None:
    known = Known(
        values={"reply_rate_3min": Counted(1, 1)},
        readings={"reply_rate_3min": (Reading("reply_rate_3min", DAY, Fraction("72.17")),)},
        targets={"reply_rate_3min": Line(Fraction(85), DAY)},
    )
    apart = msgspec.structs.replace(known, differs=frozenset({"reply_rate_3min"}))

    ours, theirs = (next(each for each in standing(one, standing_book(), DAY).indicators if each.figure.id == "reply_rate_3min") for one in (known, apart))

    assert (ours.value, ours.met, ours.differs) == (Fraction(100), True, False)
    assert (theirs.value, theirs.met, theirs.gap, theirs.room) == (Fraction("72.17"), False, Fraction("-12.83"), None)


def test_a_dimension_is_the_mean_of_the_percentiles_that_are_known() -> None:
    readings = {
        "help_rate": (Reading("help_rate", DAY, Fraction(2), percentile=Fraction(60)), Reading("help_rate", DAY, Fraction(4), percentile=Fraction(40))),
        "reply_rate_3min": (Reading("reply_rate_3min", DAY, Fraction(90), percentile=Fraction(80)),),
    }
    known = Known(values={"help_rate": Counted(3, 100), "reply_rate_3min": Counted(95, 100)}, readings=readings)

    found = next(each for each in standing(known, standing_book(), DAY).dimensions if each.id == "aftersales")

    # 3 % lies half way between 2 % (60) and 4 % (40); 95 % in time was never read beside a share
    assert (found.percentile, found.percentiles_known) == (Fraction(50), 1)


def test_before_the_first_day_of_any_version_nothing_is_judged() -> None:
    found = standing(Known(values={"help_rate": Counted(3, 100)}), standing_book(), date(2014, 1, 1))

    assert (found.navigator, found.indicators, found.stars.high, found.restrictions) == (None, (), None, ())


def test_restrictions_are_told_in_orders_by_the_shops_own_limit_where_there_is_one() -> None:
    known = Known(values={"quality_refund_rate": Counted(3, 200), "valid_ratings": Counted(52, 52)})
    own = msgspec.structs.replace(known, limits={"pdd.quality_restriction": Line(Fraction(2), DAY)})

    found, by_own = ({each.rule.id: each for each in standing(one, standing_book(), DAY).restrictions} for one in (known, own))

    assert (found["pdd.quality_restriction"].orders_left, by_own["pdd.quality_restriction"].orders_left) == (4, 2)
    assert (found["pdd.hidden_rating"].orders_left, found["pdd.hidden_rating"].is_beyond) == (3, False)
    assert (found["pdd.service_score_restriction"].is_beyond, found["pdd.dispute_restriction"].orders_left) == (None, None)


@pytest.mark.parametrize(
    ("abnormal", "shipped", "share", "least", "left", "is_beyond"),
    [
        (3, 200, 1, 9, 7, False),  # the share is crossed, the number is not: seven more are ten
        (3, 200, 4, 4, 6, False),  # the ninth crosses the share, when the number is crossed already
        (3, 200, 100, 9, None, False),  # no number of them crosses such a share
        (10, 200, 4, 9, 0, True),
    ],
)
def test_a_restriction_of_a_share_and_a_number_holds_only_once_both_are_crossed(
    abnormal: int, shipped: int, share: int, least: int, left: int | None, is_beyond: bool
) -> None:
    limits = {"pdd.anomaly_rate.restriction": Line(Fraction(share), DAY, least=least)}
    known = Known(values={"logistics_abnormal_rate": Counted(abnormal, shipped)}, limits=limits)

    found = {each.rule.id: each for each in standing(known, standing_book(), DAY).restrictions}["pdd.anomaly_rate.restriction"]

    assert (found.orders_left, found.is_beyond) == (left, is_beyond)
