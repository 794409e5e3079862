"""What is looked ahead of rests on days of which the house knows, and on facts that have come."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.activities.told import NOW, asked, bought, reviewed, shop
from tests.cast import Cast
from zhanggui.actions.activities.figures import put_read
from zhanggui.actions.activities.foreseeing import foreseen
from zhanggui.actions.activities.seeing import ActivitySeen, activities_of
from zhanggui.actions.house import House
from zhanggui.actions.measures import catch_up
from zhanggui.core.moments import shanghai_day


@pytest.mark.parametrize(("reviews", "known"), [(0, 0), (40, 40)])
def test_days_before_the_first_known_rating_are_not_days_without_ratings(house: House, people: Cast, tmp_path: Path, reviews: int, known: int) -> None:
    told = [reviewed(ago, ago, ago + 3, 5) for ago in range(1, reviews + 1)]
    shop(house, people, tmp_path, *(bought(max(ago - 3, 0), ago) for ago in range(1, 121)), *told)
    catch_up(house, people.shop_id, NOW)

    with house.pool.connection() as tx:
        found = {measure: foreseen(tx, people.shop_id, measure, NOW).found for measure in ("valid_ratings", "shop_rating", "logistics_abnormal_rate")}

    assert [abs(found[measure].known_days - known) <= 1 for measure in ("valid_ratings", "shop_rating")] == [True, True]
    assert [found[measure].is_short for measure in ("valid_ratings", "shop_rating")] == [not reviews] * 2
    assert found["logistics_abnormal_rate"].known_days == 120


def test_what_nobody_has_told_of_is_not_looked_ahead_of(house: House, people: Cast, tmp_path: Path) -> None:
    shop(house, people, tmp_path, *(bought(no, no) for no in range(1, 61)))
    before = _foreseen(house, people)

    shop(house, people, tmp_path, asked(5, 1, 5))

    assert before == {"quality_refund_rate": (False, True), "logistics_abnormal_rate": (True, False)}
    assert _foreseen(house, people)["quality_refund_rate"] == (True, False)


def test_no_day_is_told_of_an_activity_that_lacks_what_nothing_looks_ahead_of(house: House, people: Cast, tmp_path: Path) -> None:
    orders = [bought(no, 4 + no % 30) for no in range(1, 61)]
    shop(house, people, tmp_path, *orders, *(reviewed(no, 1 + no % 30, 4 + no % 30, 5) for no in range(1, 61)))

    seen = _asking_for_rank(house, people)

    assert {need.now.need.figure: need.now.is_met for need in seen.needs} == {"valid_ratings": True, "navigator_rank": False}
    assert (seen.is_met, seen.day, seen.until) == (False, None, None)


def test_what_is_not_reached_is_told_up_to_the_last_day_looked_at(house: House, people: Cast, tmp_path: Path) -> None:
    agos = range(1, 42, 4)
    shop(house, people, tmp_path, *(bought(ago, ago + 3) for ago in agos), *(reviewed(ago, ago, ago + 3, 5) for ago in agos))

    seen = _asking_for_rank(house, people)

    today = shanghai_day(NOW)
    assert (seen.is_met, seen.day) == (False, None)
    assert seen.until is not None
    assert today + timedelta(days=14) <= seen.until <= today + timedelta(days=30)


def test_nothing_is_met_or_missing_by_facts_that_nobody_has_told(house: House, people: Cast, tmp_path: Path) -> None:
    shop(house, people, tmp_path, *(bought(no, no) for no in range(1, 31)))
    before = _met(house, people)

    shop(house, people, tmp_path, reviewed(5, 2, 5, 5), asked(5, 1, 5))

    assert before == {"valid_ratings": None, "return_rate": None}
    assert _met(house, people) == {"valid_ratings": False, "return_rate": True}


def _foreseen(house: House, people: Cast) -> dict[str, tuple[bool, bool]]:
    catch_up(house, people.shop_id, NOW)
    with house.pool.connection() as tx:
        found = {measure: foreseen(tx, people.shop_id, measure, NOW) for measure in ("quality_refund_rate", "logistics_abnormal_rate")}
    return {measure: (each.is_told, each.found.is_short) for measure, each in found.items()}


def _asking_for_rank(house: House, people: Cast) -> ActivitySeen:
    """The activity that asks for fifty ratings, and a rank above the one that the shop typed."""
    catch_up(house, people.shop_id, NOW)
    put_read(house, people.lin, people.shop_id, "", "navigator_rank", "30", NOW)
    put_read(house, people.lin, people.shop_id, "pdd.flash_sale", "navigator_rank", "50", NOW)
    return next(each for each in activities_of(house, people.lin, people.shop_id, NOW).seen if each.activity.id == "pdd.flash_sale")


def _met(house: House, people: Cast) -> dict[str, bool | None]:
    catch_up(house, people.shop_id, NOW)
    needs = [need.now for each in activities_of(house, people.lin, people.shop_id, NOW).seen for need in each.needs]
    return {need.need.figure: need.is_met for need in needs if need.need.figure in ("valid_ratings", "return_rate")}
