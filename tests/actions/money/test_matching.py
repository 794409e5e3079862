"""Refunds are held against the bill: cases, orders and lines come in any order, and an undone import takes what it brought along."""

from pathlib import Path

from tests.actions.money.recount import money_differences
from tests.actions.money.telling import NOW, ONE, THREE, TWO, case, fee, income, line, order, refund, tell
from tests.cast import Cast
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.records import refund_matches


def test_a_refund_in_the_bill_meets_its_case_to_the_fen(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE), case("1", ONE, 3001), case("2", ONE, 999), income(1, ONE, 12000), refund(2, ONE, 4000))

    assert _standing(house, people) == {ONE: ("match_matched", "to_the_fen", 4000, 4000)}


def test_a_bill_that_comes_first_waits_for_the_case(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE), income(1, ONE, 12000), refund(2, ONE, 4000))
    before = _standing(house, people)

    tell(house, people, tmp_path, case("1", ONE, 4000))

    assert before == {ONE: ("match_not_yet", "not_told", 0, 4000)}
    assert _standing(house, people) == {ONE: ("match_matched", "to_the_fen", 4000, 4000)}


def test_less_more_and_none_in_the_bill_are_told_apart(house: House, people: Cast, tmp_path: Path) -> None:
    tell(
        house, people, tmp_path,
        *(order(no) for no in (ONE, TWO, THREE)),
        *(case(no[-1], no, 5000) for no in (ONE, TWO, THREE)),
        refund(1, ONE, 4999), refund(2, TWO, 5001),
    )  # fmt: skip

    assert _standing(house, people) == {
        ONE: ("match_partly", "less_in_bill", 5000, 4999),
        TWO: ("match_differs", "more_in_bill", 5000, 5001),
        THREE: ("match_not_yet", "not_in_bill", 5000, 0),
    }


def test_a_coupon_that_the_platform_took_back_with_the_refund_is_nothing_too_much(house: House, people: Cast, tmp_path: Path) -> None:
    coupon = {"expense": 500, "code": "0020005", "description": "0020005|退款-优惠券结算"}
    tell(
        house, people, tmp_path,
        *(order(no) for no in (ONE, TWO, THREE)),
        *(case(no[-1], no, 4500) for no in (ONE, TWO, THREE)),
        refund(1, ONE, 4500), line(2, ONE, **coupon),
        refund(3, TWO, 4000), line(4, TWO, **coupon),
        refund(5, THREE, 4600), line(6, THREE, **coupon),
    )  # fmt: skip

    assert _standing(house, people) == {
        ONE: ("match_matched", "to_the_fen", 4500, 4500),
        TWO: ("match_matched", "to_the_fen", 4500, 4500),  # told with the coupon
        THREE: ("match_differs", "more_in_bill", 4500, 4600),
    }


def test_a_refund_before_shipping_awaits_no_line(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, case("1", ONE, 12000, shipped=False), case("2", TWO, 12000, shipped=False), income(1, TWO, 12000))

    assert _standing(house, people) == {
        ONE: ("match_none_awaited", "before_shipping", 12000, 0),
        TWO: ("match_not_yet", "not_in_bill", 12000, 0),  # its money had been credited, so it has to go back
    }


def test_what_names_no_order_is_shown_and_held_against_nothing(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, case("7", None, 800), refund(1, None, 900))

    assert _standing(house, people) == {"7": ("match_not_yet", "no_order", 800, 0), "b1": ("match_not_yet", "no_order", 0, 900)}


def test_a_fee_that_did_not_come_back_with_the_refund_is_due(house: House, people: Cast, tmp_path: Path) -> None:
    tell(
        house, people, tmp_path,
        case("1", ONE, 12000), income(1, ONE, 12000), refund(2, ONE, 12000), fee(3, ONE, 72),
        case("2", TWO, 6000), income(4, TWO, 12000), refund(5, TWO, 6000), fee(6, TWO, 72), fee(7, TWO, 36, back=True),
        case("3", THREE, 6000, applied_at="2024-03-08 09:00:00", agreed_at="2024-03-09 09:00:00"),
        income(8, THREE, 12000), refund(9, THREE, 6000), fee(10, THREE, 72),
    )  # fmt: skip

    with house.pool.connection() as tx:
        told = {row.no: (row.fee_state, row.fee_due) for row in refund_matches.held(tx, people.shop_id, "order", [ONE, TWO, THREE]).values()}
    assert told == {ONE: ("fee_due", 72), TWO: ("fee_back", 0), THREE: ("fee_not_due", 0)}


def test_an_undone_import_takes_its_lines_along(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE, refund="refunded", refund_amount=4000), case("1", ONE, 4000), as_of="2026-03-18T08:00:00+08:00")
    before = _standing(house, people)
    bill = tell(house, people, tmp_path, income(1, ONE, 12000), refund(2, ONE, 4000), fee(3, ONE, 72), line(4, None, expense=5, description="新业务"))
    between = _standing(house, people)

    importing.undo(house, people.lin, people.shop_id, bill, NOW)

    assert between == {ONE: ("match_matched", "to_the_fen", 4000, 4000)}
    assert _standing(house, people) == before == {ONE: ("match_not_yet", "not_in_bill", 4000, 0)}
    with house.pool.connection() as tx:
        assert money_differences(tx, people.shop_id) == []
        assert tx.execute("select count(*) from bill_totals").fetchone() == (0,)


def _standing(house: House, people: Cast) -> dict[str, tuple[str, str, int | None, int]]:
    with house.pool.connection() as tx:
        assert money_differences(tx, people.shop_id) == []
        rows = tx.execute("select no, state, reason, told, billed from refund_matches where shop_id = %s", (people.shop_id,)).fetchall()
    return {no: (state, reason, told, billed) for no, state, reason, told, billed in rows}
