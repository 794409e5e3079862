"""Reasons are counted by goods, order by order, with their money; and what is surely worse than the rest is told apart from chance."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.actions.goods.shelves import BLUE, NOW, no_of, order
from tests.actions.returns.bench import Bench
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.returns.reasons import reasons_seen
from zhanggui.core.advice.book import Grievance
from zhanggui.core.returns.reasons import FIXES, Asked, Sold, ranked
from zhanggui.people.permissions import NotAllowed

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def test_it_tells_chance_from_what_is_surely_worse() -> None:
    sold = [Sold(MARCH, "1", "red", 200), Sold(MARCH, "1", "blue", 20), Sold(MARCH, "2", "", 2000)]
    asked = [
        Asked(MARCH, "1", "bowl", "red", "broken", 20, 59_800),
        Asked(MARCH, "1", "bowl", "blue", "broken", 2, 5_980),
        Asked(MARCH, "2", "cup", "", "broken", 20, 9_900),
    ]

    found = ranked(asked, sold, {"broken": Grievance.QUALITY}, 10)

    assert [(row.spec, row.asked, row.sold, row.is_worse) for row in found.rows] == [("red", 20, 200, True), ("", 20, 2000, False), ("blue", 2, 20, False)]
    assert [round(row.running, 3) for row in found.rows] == [0.79, 0.921, 1.0]
    assert (round(found.rows[0].low, 3), round(found.rows[0].high, 3)) == (0.066, 0.149)


def test_it_keeps_the_months_apart_and_says_what_it_leaves_out() -> None:
    sold = [Sold(MARCH, "1", "", 10), Sold(APRIL, "1", "", 30)]
    asked = [Asked(APRIL, "1", "bowl", "", "late", 3, 300), Asked(MARCH, "1", "bowl", "", "broken", 1, 100)]

    found = ranked(asked, sold, {}, 1)

    assert [(month.month, month.asked, month.sold) for month in found.rows[0].months] == [(MARCH, 0, 10), (APRIL, 3, 30)]
    assert (found.asked, found.sold, found.paid_back, found.left_out) == (4, 40, 400, 1)


def test_every_complaint_has_something_that_helps() -> None:
    assert set(FIXES) == set(Grievance)


@pytest.fixture
def bench(house: House, people: Cast, tmp_path: Path) -> Bench:
    """Three orders, of which two were asked back, one of them twice."""
    made = Bench(house, people, tmp_path)
    made.tell(order(1), order(2, sku_id=BLUE, spec="blue"), order(3))
    plain = {"fact": "aftersale", "kind": "refund_only", "reason": "质量问题", "refund_amount": 2990, "applied_at": "2026-03-01T12:00:00+08:00"}
    made.tell(
        plain | {"case_no": "1", "order_no": no_of(1), "state": "closed"},
        plain | {"case_no": "2", "order_no": no_of(1), "state": "refunded"},
        plain | {"case_no": "3", "order_no": no_of(2), "state": "seller_to_answer"},
    )
    return made


def test_an_order_counts_once_for_a_reason_and_money_where_it_was_paid(bench: Bench, people: Cast) -> None:
    seen = reasons_seen(bench.house, people.mei, bench.shop_id, NOW + timedelta(days=3))

    assert [(row.spec, row.asked, row.sold, row.paid_back, row.grievance) for row in seen.found.rows] == [
        ("", 1, 2, 2990, Grievance.QUALITY),
        ("blue", 1, 1, 0, Grievance.QUALITY),
    ]


def test_it_shows_one_kind_of_complaint(bench: Bench, people: Cast) -> None:
    seen = reasons_seen(bench.house, people.mei, bench.shop_id, NOW + timedelta(days=3), grievance=Grievance.MISSING)

    assert (seen.found.rows, seen.found.sold) == ((), 3)


def test_another_shop_sees_nothing(bench: Bench, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        reasons_seen(bench.house, people.zheng, bench.shop_id, NOW)
