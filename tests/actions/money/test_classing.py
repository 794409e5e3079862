"""A code nobody knows stays unknown until the shop says what it is; then its lines, the totals and the matches follow."""

from pathlib import Path

import pytest

from tests.actions.money.recount import money_differences
from tests.actions.money.telling import NOW, ONE, TWO, case, income, line, order, refund, tell
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.money.classing import class_bills, classify, is_classed
from zhanggui.actions.refused import Refused
from zhanggui.core.bill import BillClass
from zhanggui.people.permissions import NotAllowed

NEW = {"code": "0990001", "description": "0990001|新业务"}


def test_the_shop_says_what_an_unknown_code_is(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE), case("1", ONE, 700), income(1, ONE, 12000), line(2, ONE, expense=700, **NEW))
    before = _classes(house)

    classify(house, people.lin, people.shop_id, "0990001", BillClass.REFUND, NOW)

    assert before == {"b1": "income", "b2": "unknown"}
    assert _classes(house) == {"b1": "income", "b2": "refund"}
    with house.pool.connection() as tx:
        assert tx.execute("select state from refund_matches").fetchall() == [("match_matched",)]
        assert money_differences(tx, people.shop_id) == []


def test_later_lines_of_that_code_follow_and_saying_so_no_more_brings_all_back(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, line(1, None, expense=700, **NEW))
    classify(house, people.lin, people.shop_id, "0990001", BillClass.FEE, NOW)
    tell(house, people, tmp_path, line(2, ONE, expense=50, **NEW))
    between = _classes(house)

    classify(house, people.lin, people.shop_id, "0990001", None, NOW)

    assert between == {"b1": "fee", "b2": "fee"}
    assert _classes(house) == {"b1": "unknown", "b2": "unknown"}


def test_a_known_code_is_not_for_the_shop_to_class(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, income(1, ONE, 12000))

    with pytest.raises(Refused):
        classify(house, people.lin, people.shop_id, "0010002", BillClass.TRANSFER, NOW)
    with pytest.raises(NotAllowed):
        classify(house, people.mei, people.shop_id, "0990001", BillClass.FEE, NOW)

    assert _classes(house) == {"b1": "income"}


def test_what_is_noted_beside_a_refund_makes_no_deduction_of_it(house: House, people: Cast, tmp_path: Path) -> None:
    taken = line(3, ONE, expense=200, code="0990001", note="缺货扣款")
    tell(house, people, tmp_path, refund(1, ONE, 4000, note="缺货"), income(2, ONE, 4000, note="提现"), taken)

    assert _classes(house) == {"b1": "refund", "b2": "income", "b3": "compensation"}


def test_a_bill_that_was_stored_before_is_classed_by_the_worker(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE), case("1", ONE, 700), case("2", None, 5), income(1, ONE, 12000), order(TWO, refund="refunded", refund_amount=9))
    with house.pool.connection() as tx:
        for table in ("bill_entries", "bill_totals", "refund_matches", "refund_match_totals", "bill_classed"):
            tx.execute(f"delete from {table}")

    class_bills(house, NOW)

    with house.pool.connection() as tx:
        assert is_classed(tx, people.shop_id)
        assert money_differences(tx, people.shop_id) == []
        assert tx.execute("select count(*) from refund_matches").fetchone() == (3,)


def test_an_order_that_the_bill_alone_speaks_of_is_matched_anew(house: House, people: Cast, tmp_path: Path) -> None:
    """Other money terms may change what is found, though its line is of the class it was."""
    tell(house, people, tmp_path, refund(1, ONE, 700))
    with house.pool.connection() as tx:
        tx.execute("update refund_matches set booked = 777")
        tx.execute("update bill_classed set digest = 'earlier'")

    class_bills(house, NOW)

    with house.pool.connection() as tx:
        assert tx.execute("select booked from refund_matches").fetchall() == [(0,)]
        assert money_differences(tx, people.shop_id) == []


def _classes(house: House) -> dict[str, str]:
    with house.pool.connection() as tx:
        return dict(tx.execute("select line_no, class from bill_entries order by line_no").fetchall())
