"""Cash: what was read, what is bound, what comes when; each held against the bill."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.actions.money.telling import NOW, ONE, THREE, TWO, case, income, line, order, refund, tell
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.money.cash import CashView, NewHold, cash_view, end_hold, end_withdrawal, note_balance, note_hold, note_withdrawal
from zhanggui.actions.money.costs import set_money_settings
from zhanggui.actions.refused import Refused
from zhanggui.core.bill import BillClass
from zhanggui.core.ledger.cash import Coming, HoldKind, HoldState, WithdrawalState
from zhanggui.core.money import Fen
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import bill_entries

TAKEN_OUT = {"description": "提现", "account_kind": "提现"}


def test_the_balance_that_was_read_moves_on_with_the_bill(house: House, people: Cast, tmp_path: Path) -> None:
    note_balance(house, people.lin, people.shop_id, Fen(100_000), NOW - timedelta(days=15), NOW)
    tell(house, people, tmp_path, income(1, ONE, 12000), refund(2, ONE, 5000), line(3, None, expense=3000, **TAKEN_OUT))

    assert _view(house, people).balance == 100_000 + 12000 - 5000 - 3000


def test_what_the_bill_does_not_explain_between_two_readings_is_shown(house: House, people: Cast, tmp_path: Path) -> None:
    tell(house, people, tmp_path, income(1, ONE, 12000))
    note_balance(house, people.lin, people.shop_id, Fen(1000), NOW - timedelta(days=15), NOW)
    note_balance(house, people.lin, people.shop_id, Fen(12900), NOW, NOW)

    (check,) = _view(house, people).checks

    assert (check.moved, check.by_bill, check.gap, check.lines) == (11900, 12000, -100, 1)


def test_a_withdrawal_finds_its_line_and_a_line_nobody_wrote_down_is_shown(house: House, people: Cast, tmp_path: Path) -> None:
    no = note_withdrawal(house, people.lin, people.shop_id, Fen(3000), "工行 1234", NOW - timedelta(days=11), NOW)
    other = note_withdrawal(house, people.lin, people.shop_id, Fen(4000), "", NOW - timedelta(days=1), NOW)
    tell(
        house,
        people,
        tmp_path,
        line(1, None, expense=3000, **TAKEN_OUT),
        line(2, None, expense=3000, **TAKEN_OUT),
        line(3, None, expense=70, description="转账"),
    )

    end_withdrawal(house, people.lin, people.shop_id, no, WithdrawalState.ARRIVED, NOW)

    view = _view(house, people)
    assert {each.withdrawal.withdrawal_no: each.line is not None for each in view.withdrawals} == {no: True, other: False}
    assert [each.fen for each in view.unlisted] == [3000]
    assert view.on_the_way == 4000
    with pytest.raises(Refused):
        end_withdrawal(house, people.lin, people.shop_id, no, WithdrawalState.FAILED, NOW)


def test_a_line_whose_withdrawal_is_only_too_old_to_be_listed_was_written_down(
    house: House, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = note_withdrawal(house, people.lin, people.shop_id, Fen(3000), "", NOW - timedelta(days=11), NOW)
    second = note_withdrawal(house, people.lin, people.shop_id, Fen(4000), "", NOW - timedelta(days=1), NOW)
    for no in (first, second):
        end_withdrawal(house, people.lin, people.shop_id, no, WithdrawalState.ARRIVED, NOW)
    tell(house, people, tmp_path, line(1, None, expense=3000, **TAKEN_OUT))
    monkeypatch.setattr("zhanggui.actions.money.cash._LISTED", 1)

    view = _view(house, people)

    assert [each.withdrawal.withdrawal_no for each in view.withdrawals] == [second]
    assert view.unlisted == ()


def test_the_calendar_tells_what_comes_free_when_and_what_is_at_risk(house: House, people: Cast, tmp_path: Path) -> None:
    set_money_settings(house, people.lin, people.shop_id, None, 20, NOW)
    tell(
        house, people, tmp_path,
        order(ONE), order(TWO, group_formed_at="2026-02-01 10:00:00"), order(THREE, refund="open"),
        case("1", THREE, 12000, state="seller_to_answer", agreed_at=None),
    )  # fmt: skip
    note_hold(house, people.lin, people.shop_id, NewHold(kind=HoldKind.ACTIVITY_DEPOSIT, fen=Fen(500_000), from_at=NOW, free_at=NOW + timedelta(days=5)), NOW)
    note_hold(house, people.lin, people.shop_id, NewHold(kind=HoldKind.SHOP_DEPOSIT, fen=Fen(200_000), from_at=NOW), NOW)

    view = _view(house, people)

    told = [(day.day, dict(day.sums)) for day in view.calendar.days]
    assert told == [(date(2026, 3, 21), {Coming.SHIPPED: 12000}), (date(2026, 3, 25), {Coming.HOLD: 500_000})]
    assert (view.calendar.late, view.calendar.undated, view.calendar.total) == ({Coming.SHIPPED: 12000}, 200_000, 724_000)
    assert (view.received_after_days, view.days_are, view.held, view.can_be_lost, view.refunds_at_risk) == (20, "own", 700_000, 500_000, 12000)


def test_a_bound_sum_ends_once_and_may_be_bound_again(house: House, people: Cast) -> None:
    no = note_hold(house, people.lin, people.shop_id, NewHold(kind=HoldKind.FROZEN, fen=Fen(5000), from_at=NOW), NOW)

    end_hold(house, people.lin, people.shop_id, no, HoldState.LOST, NOW, lost=Fen(2000))

    (hold,) = _view(house, people).holds
    assert (hold.state, hold.lost, _view(house, people).held) == ("hold_lost", 2000, 0)
    with pytest.raises(Refused):
        end_hold(house, people.lin, people.shop_id, no, HoldState.FREED, NOW)
    end_hold(house, people.lin, people.shop_id, no, HoldState.HELD, NOW)
    assert _view(house, people).held == 5000


def test_no_account_number_is_kept_and_outsiders_see_nothing(house: House, people: Cast) -> None:
    with pytest.raises(Refused):
        note_withdrawal(house, people.lin, people.shop_id, Fen(1), "6222 0212 3456 7890", NOW, NOW)
    with pytest.raises(Refused):
        note_balance(house, people.lin, people.shop_id, Fen(1), NOW + timedelta(days=1), NOW)
    for outsider in (people.mei, people.zheng):
        with pytest.raises(NotAllowed):
            cash_view(house, outsider, people.shop_id, NOW)


def _view(house: House, people: Cast) -> CashView:
    return cash_view(house, people.lin, people.shop_id, NOW)


def test_whole_days_and_their_edges_come_to_the_same_as_every_line(house: House, people: Cast, tmp_path: Path) -> None:
    moments = ("2026-03-08 00:00:00", "2026-03-08 09:00:00", "2026-03-08 23:59:59", "2026-03-09 12:00:00", "2026-03-11 00:00:00", "2026-03-11 08:00:00")
    tell(house, people, tmp_path, *(income(number, None, 10**number, happened_at=at) for number, at in enumerate(moments)))
    with house.pool.connection() as tx:
        lines = tx.execute("select at, income from bill_entries").fetchall()
        edges = [start + timedelta(hours=hours) for start in (NOW - timedelta(days=13),) for hours in range(0, 120, 5)]

        wrong = [
            (since, until)
            for since in edges
            for until in edges
            if since < until
            and bill_entries.moved_between(tx, people.shop_id, list(BillClass), since, until) != _summed([fen for at, fen in lines if since < at <= until])
        ]

    assert wrong == []


def _summed(sums: list[int]) -> tuple[int, int]:
    return sum(sums), len(sums)
