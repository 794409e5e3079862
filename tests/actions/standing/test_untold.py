"""What nobody has told the house of cannot be told: no line is crossed by it, and none is kept."""

from pathlib import Path

from tests.actions.activities.told import NOW, asked, bought, number, reviewed, shop
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.reviews.taking import ReviewTold, take_reviews
from zhanggui.actions.standing.listing import measures_seen
from zhanggui.actions.standing.seeing import standing_of
from zhanggui.actions.whatif.consequences import consequence
from zhanggui.core.measures.book import Formula
from zhanggui.core.moments import shanghai_day
from zhanggui.core.whatif.predicting import Figure
from zhanggui.rulebook.measures import measure_book

RATINGS = "pdd.hidden_rating"
OF_CASES = ("pdd.dispute_restriction", "pdd.quality_restriction", "pdd.intervention_restriction")


def test_ratings_and_cases_that_no_file_told_of_are_not_taken_for_none(house: House, people: Cast, tmp_path: Path) -> None:
    orders = [bought(no, no) for no in range(1, 41)]
    shop(house, people, tmp_path, *orders)
    before, measured = _beyond(house, people), _values(house, people)

    shop(house, people, tmp_path, reviewed(5, 2, 5, 4), asked(5, 1, 5))

    assert before == dict.fromkeys((RATINGS, *OF_CASES))
    assert measured == {"valid_ratings": (None, {None}), "quality_refund_rate": (None, {None})}
    assert _beyond(house, people) == {RATINGS: True, **dict.fromkeys(OF_CASES, False)}
    assert [value for value, _ in _values(house, people).values()] == [1, 0]


def test_ratings_that_came_by_another_way_than_a_file_count(house: House, people: Cast, tmp_path: Path) -> None:
    shop(house, people, tmp_path, *(bought(no, no) for no in range(1, 41)))
    told = ReviewTold(order_no=number(5, 5), review_no="r5", score=5, created_at=NOW.replace(day=20))

    take_reviews(house, people.lin, people.shop_id, [told], NOW)

    assert _beyond(house, people)[RATINGS] is True


def test_what_is_foretold_of_them_crosses_nothing_either(house: House, people: Cast, tmp_path: Path) -> None:
    shop(house, people, tmp_path, *(bought(no, no) for no in range(1, 41)))
    today = shanghai_day(NOW)
    none = Figure(day=today, num=0, den=1, value=0)
    foretold = {each.id: (each, none, none) for each in (_formula("valid_ratings"), _formula("logistics_abnormal_rate"))}

    with house.pool.connection() as tx:
        found = consequence(tx, house, people.shop_id, foretold, today, 1, NOW)

    beyond = {each.as_is.rule.id: each.as_is.is_beyond for each in found.restrictions}
    assert beyond[RATINGS] is None


def _formula(measure: str) -> Formula:
    formula = measure_book().measure(measure).in_force(shanghai_day(NOW))
    assert formula is not None
    return formula


def _beyond(house: House, people: Cast) -> dict[str, bool | None]:
    found = standing_of(house, people.lin, people.shop_id, NOW).standing.restrictions
    return {each.rule.id: each.is_beyond for each in found if each.rule.id in (RATINGS, *OF_CASES)}


def _values(house: House, people: Cast) -> dict[str, tuple[object, set[object]]]:
    rows = {row.formula.id: row for row in measures_seen(house, people.lin, people.shop_id, NOW).rows}
    return {name: (rows[name].value, {point.value for point in rows[name].trend}) for name in ("valid_ratings", "quality_refund_rate")}
