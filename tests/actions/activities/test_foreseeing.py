"""What is looked ahead of rests on days of which the house knows, and on facts that have come."""

from pathlib import Path

import pytest

from tests.actions.activities.told import NOW, asked, bought, reviewed, shop
from tests.cast import Cast
from zhanggui.actions.activities.foreseeing import foreseen
from zhanggui.actions.activities.seeing import activities_of
from zhanggui.actions.house import House
from zhanggui.actions.measures import catch_up


@pytest.mark.parametrize(("reviews", "known"), [(0, 0), (40, 40)])
def test_days_before_the_first_known_rating_are_not_days_without_ratings(house: House, people: Cast, tmp_path: Path, reviews: int, known: int) -> None:
    told = [reviewed(ago, ago, ago + 3, 5) for ago in range(1, reviews + 1)]
    shop(house, people, tmp_path, *(bought(max(ago - 3, 0), ago) for ago in range(1, 121)), *told)
    catch_up(house, people.shop_id, NOW)

    with house.pool.connection() as tx:
        found = {measure: foreseen(tx, people.shop_id, measure, NOW).found for measure in ("valid_ratings", "shop_rating", "quality_refund_rate")}

    assert [abs(found[measure].known_days - known) <= 1 for measure in ("valid_ratings", "shop_rating")] == [True, True]
    assert [found[measure].is_short for measure in ("valid_ratings", "shop_rating")] == [not reviews] * 2
    assert found["quality_refund_rate"].known_days == 120


def test_nothing_is_met_or_missing_by_facts_that_nobody_has_told(house: House, people: Cast, tmp_path: Path) -> None:
    shop(house, people, tmp_path, *(bought(no, no) for no in range(1, 31)))
    before = _met(house, people)

    shop(house, people, tmp_path, reviewed(5, 2, 5, 5), asked(5, 1, 5))

    assert before == {"valid_ratings": None, "return_rate": None}
    assert _met(house, people) == {"valid_ratings": False, "return_rate": True}


def _met(house: House, people: Cast) -> dict[str, bool | None]:
    catch_up(house, people.shop_id, NOW)
    needs = [need.now for each in activities_of(house, people.lin, people.shop_id, NOW).seen for need in each.needs]
    return {need.need.figure: need.is_met for need in needs if need.need.figure in ("valid_ratings", "return_rate")}
