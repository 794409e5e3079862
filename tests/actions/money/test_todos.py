"""A refund for which the bill took too much is a to-do until the bill is even again, and a withdrawal until somebody says that it arrived."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path

import pytest

from tests.actions.money.telling import NOW, ONE, TWO, case, income, order, refund, tell
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.money import cash, todos
from zhanggui.actions.money.cash import cash_view, end_withdrawal, note_withdrawal
from zhanggui.actions.money.todos import reckon_money
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind
from zhanggui.core.ledger.cash import WithdrawalState
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.records import deadlines, locks
from zhanggui.records.deadlines import StoredDeadline

LATER = NOW + timedelta(days=2)


def test_a_refund_taken_twice_is_a_to_do_until_the_bill_gives_it_back(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE, refund="refunded"), case("7001", ONE, 5000), income(1, ONE, 12000), refund(2, ONE, 5000), refund(3, ONE, 5000))
    reckon_money(house, NOW)
    first = _of_refund(house, people, ONE)

    reckon_money(house, LATER)
    still = _of_refund(house, people, ONE)
    tell(house, people, tmp_path, refund(4, ONE, -5000), as_of="2026-03-21T08:00:00+08:00", now=LATER)
    reckon_money(house, LATER)

    assert first is not None
    assert (first.due_at, first.rule, first.order_no) == (NOW + timedelta(days=7), "house.refund_differs@2015-09-01", ONE)
    assert (first.at_risk, first.deadline().because) == (0, say("The bill took more than was refunded; the Money page shows both sums."))
    assert (first.started_at, still and still.started_at) == (NOW, NOW)
    assert _of_refund(house, people, ONE) is None


def test_a_refund_that_agrees_or_that_no_case_tells_of_is_none(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, order(ONE, refund="refunded"), case("7001", ONE, 5000), refund(2, ONE, 5000), order(TWO), refund(3, TWO, 700))

    reckon_money(house, NOW)

    assert (_of_refund(house, people, ONE), _of_refund(house, people, TWO)) == (None, None)


def test_refunds_that_differ_otherwise_take_no_place_among_them(house: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todos, "MOST", 1)
    tell(house, people, tmp_path, order(ONE, refund="refunded"), refund(2, ONE, 5000), order(TWO), case("7002", TWO, 5000), refund(3, TWO, 9000))

    reckon_money(house, NOW)

    assert _of_refund(house, people, ONE) is None
    assert _of_refund(house, people, TWO) is not None


def test_a_withdrawal_is_watched_until_it_is_late_and_gone_once_it_arrived(house: House, people: Cast) -> None:
    who = (house, people.lin, people.shop_id)
    no = note_withdrawal(*who, Fen(3000), "", NOW, NOW)
    fresh = _of_withdrawal(house, people, no)
    late = note_withdrawal(*who, Fen(4000), "", NOW - timedelta(days=4), NOW)
    overdue = _of_withdrawal(house, people, late)

    end_withdrawal(*who, late, WithdrawalState.ARRIVED, NOW)

    assert fresh is not None
    assert (fresh.band, fresh.due_at, fresh.at_risk) == (Band.WATCHED, NOW + timedelta(days=3), 0)
    assert overdue is not None
    assert overdue.band == Band.OVERDUE
    assert _of_withdrawal(house, people, late) is None


def test_a_withdrawal_that_did_not_arrive_after_all_is_one_again(house: House, people: Cast) -> None:
    who = (house, people.lin, people.shop_id)
    no = note_withdrawal(*who, Fen(3000), "", NOW, NOW)
    end_withdrawal(*who, no, WithdrawalState.ARRIVED, NOW)

    end_withdrawal(*who, no, WithdrawalState.ASKED, NOW)

    assert _of_withdrawal(house, people, no) is not None


def test_one_that_others_came_after_stays_a_to_do_and_on_the_way(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todos, "MOST_WITHDRAWALS", 2)
    monkeypatch.setattr(cash, "_LISTED", 2)
    who = (house, people.lin, people.shop_id)
    first = note_withdrawal(*who, Fen(3000), "", NOW, NOW)
    for _ in range(3):
        end_withdrawal(*who, note_withdrawal(*who, Fen(500), "", NOW, NOW), WithdrawalState.ARRIVED, NOW)
    reckon_money(house, LATER)

    seen = cash_view(*who, LATER)

    assert _of_withdrawal(house, people, first) is not None
    assert seen.on_the_way == 3000
    assert [each.withdrawal.fen for each in seen.withdrawals] == [500, 500, 3000]


def test_a_shop_that_is_just_storing_is_left_for_the_next_round(house: House, people: Cast) -> None:
    no = note_withdrawal(house, people.lin, people.shop_id, Fen(3000), "", NOW, NOW)

    with house.pool.connection() as importing, ThreadPoolExecutor(1) as beside:
        locks.hold_shop(importing, people.shop_id)
        round_of_it = beside.submit(reckon_money, house, NOW)
        ended, _ = wait([round_of_it], timeout=30)
        importing.rollback()
        round_of_it.result()

    assert ended == {round_of_it}
    assert _of_withdrawal(house, people, no) is not None


def _of_refund(house: House, people: Cast, order_no: str) -> StoredDeadline | None:
    return _one(house, people, Subject(SubjectKind.REFUND_MATCH, order_no), DeadlineKind.REFUND_DIFFERS)


def _of_withdrawal(house: House, people: Cast, no: int) -> StoredDeadline | None:
    return _one(house, people, Subject(SubjectKind.WITHDRAWAL, str(no)), DeadlineKind.WITHDRAWAL_ARRIVES)


def _one(house: House, people: Cast, subject: Subject, kind: DeadlineKind) -> StoredDeadline | None:
    with house.pool.connection() as tx:
        row = deadlines.one(tx, people.shop_id, subject, kind)
    return row if row is not None and row.band is not None else None
