"""Cash: balances that were read, withdrawals, bound sums, and the calendar of what comes free when and what is at risk."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.money.todos import reckon_shop_money
from zhanggui.actions.once import Once, need_first
from zhanggui.actions.refused import Refused
from zhanggui.core.bill import BillClass
from zhanggui.core.ledger.cash import (
    CashCalendar,
    Coming,
    HeldSum,
    HoldKind,
    HoldState,
    Moved,
    OrderMoney,
    WithdrawalState,
    calendar,
    lines_of_withdrawals,
)
from zhanggui.core.ledger.matching import UNDATED
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import bill_entries, cash, costs, journal
from zhanggui.records.cash import Hold, OpenCases, Withdrawal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.money import BalanceNoted, HoldMoved, WithdrawalMoved
from zhanggui.rulebook.money import money_terms

MOST_FEN = 100_000_000_000
MOST_TEXT = 200
DAYS = 30
_LISTED = 200
_MARKS = 6
_LEARNED_FROM, _LEAST_LEARNED = 500, 30
_OLDEST = timedelta(days=120)
_TRANSFERS, _PAIRED = 500, 5000
WITHDRAWN = "提现"
"""The word by which the bill's lines of withdrawals are known."""


class Checked(msgspec.Struct, frozen=True):
    """Two balances that were read one after the other, held against the bill between them."""

    since: datetime
    until: datetime
    moved: Fen
    """By how much the balance differed."""
    by_bill: Fen
    lines: int

    @property
    def gap(self) -> Fen:
        """What the bill does not explain."""
        return Fen(self.moved - self.by_bill)


class WithdrawalView(msgspec.Struct, frozen=True):
    """A withdrawal, and the line of the bill it stands in."""

    withdrawal: Withdrawal
    line: Moved | None


class CashView(msgspec.Struct, frozen=True, kw_only=True):
    """How the shop's cash stands."""

    balance: Fen | None
    """The last balance that was read, moved on by the bill since; None where none was ever read."""
    read_at: datetime | None
    bill_to: date | None
    """The last day the bill has lines of, where that moved the balance on."""
    checks: tuple[Checked, ...]
    calendar: CashCalendar
    received_after_days: int
    days_are: str
    """How these days are known: own, learned, assumed."""
    held: Fen
    can_be_lost: Fen
    holds: tuple[Hold, ...]
    withdrawals: tuple[WithdrawalView, ...]
    unlisted: tuple[Moved, ...]
    """Withdrawals in the bill that nobody wrote down."""
    on_the_way: Fen
    open_cases: tuple[OpenCases, ...]
    refunds_at_risk: Fen
    penalties_expected: Fen
    penalties_at_most: Fen


class NewHold(msgspec.Struct, frozen=True, kw_only=True):
    """A sum that was bound."""

    kind: HoldKind
    fen: Fen
    from_at: datetime
    free_at: datetime | None = None
    reason: str = ""


def note_balance(house: House, by: Person, shop_id: ShopId, fen: Fen, at: datetime, now: datetime) -> None:
    """Keeps a balance as the back office showed it."""
    by.need(Permission.MONEY_WRITE, shop_id)
    if abs(fen) > MOST_FEN:
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=0, most_fen=MOST_FEN))
    _past(at, now)

    def work(tx: Tx) -> None:
        cash.put_mark(tx, shop_id, at, fen, by.person_id, now)
        journal.write(tx, shop_id, BalanceNoted(fen), at=now, by=by.person_id)

    transact(house.pool, work)


def note_withdrawal(house: House, by: Person, shop_id: ShopId, fen: Fen, account: str, asked_at: datetime, now: datetime, *, once: Once | None = None) -> int:
    """The number of a withdrawal that was asked for. Raises DoneBefore for a form that noted it already."""
    by.need(Permission.MONEY_WRITE, shop_id)
    _check(fen, account)
    _past(asked_at, now)
    if sum(char.isdecimal() for char in account) > 6:
        raise Refused(say("Write what the shop calls the account, with at most its last four digits; its number is not kept here."))

    def work(tx: Tx) -> int:
        need_first(tx, once)
        due_at = asked_at + timedelta(days=money_terms().cash.bank_days)
        slots: dict[str, object] = {"fen": fen, "asked_at": asked_at, "due_at": due_at, "account": account.strip(), "by": by.person_id, "now": now}
        no = cash.put_withdrawal(tx, shop_id, slots | {"state": WithdrawalState.ASKED.value})
        journal.write(tx, shop_id, WithdrawalMoved(fen, WithdrawalState.ASKED.value), at=now, by=by.person_id)
        reckon_shop_money(tx, house, shop_id, now)
        return no

    return transact(house.pool, work)


def end_withdrawal(house: House, by: Person, shop_id: ShopId, no: int, state: WithdrawalState, now: datetime) -> None:
    """Notes that it arrived or failed, or takes that back. Raises Refused where it does not stand so."""
    by.need(Permission.MONEY_WRITE, shop_id)

    def work(tx: Tx) -> None:
        again = state is WithdrawalState.ASKED
        fen = cash.reopen_withdrawal(tx, shop_id, no) if again else cash.end_withdrawal(tx, shop_id, no, state.value, now)
        if fen is None:
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        journal.write(tx, shop_id, WithdrawalMoved(fen, state.value), at=now, by=by.person_id)
        reckon_shop_money(tx, house, shop_id, now)

    transact(house.pool, work)


def note_hold(house: House, by: Person, shop_id: ShopId, hold: NewHold, now: datetime, *, once: Once | None = None) -> int:
    """The number of a sum that was bound. Raises DoneBefore for a form that noted it already."""
    by.need(Permission.MONEY_WRITE, shop_id)
    _check(hold.fen, hold.reason)
    if hold.free_at is not None and hold.free_at < hold.from_at:
        raise Refused(say("It cannot come free before it was bound."))

    def work(tx: Tx) -> int:
        need_first(tx, once)
        slots: dict[str, object] = {**msgspec.structs.asdict(hold), "kind": hold.kind.value, "reason": remark(hold.reason)}
        no = cash.put_hold(tx, shop_id, slots | {"state": HoldState.HELD.value, "by": by.person_id, "now": now})
        journal.write(tx, shop_id, HoldMoved(hold.kind.value, hold.fen, HoldState.HELD.value), at=now, by=by.person_id)
        return no

    return transact(house.pool, work)


def end_hold(house: House, by: Person, shop_id: ShopId, no: int, state: HoldState, now: datetime, *, lost: Fen | None = None) -> None:
    """Notes that it came free, or that some of it was taken (all of it where no sum is given), or takes that back."""
    by.need(Permission.MONEY_WRITE, shop_id)
    if lost is not None and lost <= 0:
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=1, most_fen=MOST_FEN))

    def work(tx: Tx) -> None:
        if state is HoldState.HELD:
            gone = cash.reopen_hold(tx, shop_id, no)
        else:
            gone = cash.end_hold(tx, shop_id, no, state.value, 0 if state is HoldState.FREED else lost, now)
        if gone is None:
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        journal.write(tx, shop_id, HoldMoved(gone[0], gone[1], state.value), at=now, by=by.person_id)

    transact(house.pool, work)


def cash_view(house: House, by: Person, shop_id: ShopId, now: datetime) -> CashView:
    """How the cash stands: balance, what is bound, what is on its way, what comes when, what is at risk."""
    by.need(Permission.MONEY_READ, shop_id)
    with house.pool.connection() as tx:
        marks = cash.marks(tx, shop_id, _MARKS)
        held = cash.holds(tx, shop_id, _LISTED)
        asked = cash.withdrawals(tx, shop_id, _LISTED)
        days, days_are = _received_after(tx, shop_id)
        cases, (expected, at_most) = cash.open_cases(tx, shop_id), cash.at_risk(tx, shop_id)
        open_holds = [hold for hold in held if hold.state == HoldState.HELD]
        under_way = [each for each in asked if each.state == WithdrawalState.ASKED]
        coming = calendar(
            [_order_money(each) for each in cash.under_way(tx, shop_id, shanghai_day(now - _OLDEST))],
            [HeldSum(Fen(hold.fen), hold.free_at) for hold in open_holds],
            [(Fen(each.fen), each.due_at) for each in under_way],
            days,
            shanghai_day(now),
            DAYS,
        )
        balance, lines = (None, 0) if not marks else _moved_on(tx, shop_id, marks[0].fen, marks[0].at, now)
        views, unlisted = _with_lines(tx, shop_id, asked)
        return CashView(
            balance=balance,
            read_at=marks[0].at if marks else None,
            bill_to=bill_entries.span(tx, shop_id)[1] if lines else None,
            checks=tuple(_checked(tx, shop_id, earlier.at, earlier.fen, later.at, later.fen) for later, earlier in pairwise(marks)),
            calendar=coming,
            received_after_days=days,
            days_are=days_are,
            held=Fen(sum(hold.fen for hold in open_holds)),
            can_be_lost=Fen(sum(hold.fen for hold in open_holds if hold.kind == HoldKind.ACTIVITY_DEPOSIT)),
            holds=tuple(held),
            withdrawals=views,
            unlisted=unlisted,
            on_the_way=Fen(sum(each.fen for each in under_way)),
            open_cases=tuple(cases),
            refunds_at_risk=Fen(sum(each.fen for each in cases)),
            penalties_expected=Fen(expected),
            penalties_at_most=Fen(at_most),
        )


def _received_after(tx: Tx, shop_id: ShopId) -> tuple[int, str]:
    """After how many days an order's money can be used, and how that is known."""
    _, own = costs.settings(tx, shop_id)
    if own is not None:
        return own, "own"
    learned, orders = cash.credited_after(tx, shop_id, _LEARNED_FROM, UNDATED)
    return (learned, "learned") if learned is not None and orders >= _LEAST_LEARNED else (money_terms().cash.received_after_days, "assumed")


def _order_money(day: cash.DayMoney) -> OrderMoney:
    return OrderMoney(day.day, Coming.SHIPPED if day.stage == "shipped" else Coming.TO_SHIP, day.orders, Fen(day.paid))


def _moved_on(tx: Tx, shop_id: ShopId, fen: int, since: datetime, now: datetime) -> tuple[Fen, int]:
    moved, lines = bill_entries.moved_between(tx, shop_id, list(BillClass), since, now)
    return Fen(fen + moved), lines


def _checked(tx: Tx, shop_id: ShopId, since: datetime, before: int, until: datetime, after: int) -> Checked:
    by_bill, lines = bill_entries.moved_between(tx, shop_id, list(BillClass), since, until)
    return Checked(since, until, Fen(after - before), Fen(by_bill), lines)


def _with_lines(tx: Tx, shop_id: ShopId, asked: list[Withdrawal]) -> tuple[tuple[WithdrawalView, ...], tuple[Moved, ...]]:
    """Each withdrawal with its line of the bill, and the lines of none."""
    newest = (datetime(9999, 1, 1, tzinfo=UTC), "")
    entries = bill_entries.page(tx, shop_id, BillClass.TRANSFER.value, UNDATED, newest, _TRANSFERS)
    facts = bill_entries.facts(tx, shop_id, [entry.line_no for entry in entries])
    said = {no: " ".join(part for part in (line.description, line.account_kind, line.note) if part) for no, line in facts.items()}
    moved = [Moved(each.line_no, Fen(each.expense), each.at) for each in entries if each.expense > 0 and WITHDRAWN in said.get(each.line_no, "")]
    tolerance = timedelta(days=money_terms().cash.withdrawal_tolerance_days)
    # more than the page lists: a line whose withdrawal is only too old to be listed is not one that nobody wrote down
    oldest = min((line.at for line in moved), default=newest[0]) - tolerance
    written = {each.withdrawal_no: each for each in (*cash.withdrawals_since(tx, shop_id, oldest, _PAIRED), *asked)}.values()
    listed = [(each.withdrawal_no, Fen(each.fen), each.asked_at) for each in written if each.state != WithdrawalState.FAILED]
    found = lines_of_withdrawals(listed, moved, tolerance)
    taken = {line.line_no for line in found.values()}
    views = tuple(WithdrawalView(each, found.get(each.withdrawal_no)) for each in asked)
    return views, tuple(line for line in moved if line.line_no not in taken)[:50]


def _check(fen: Fen, text: str) -> None:
    if not 0 < fen <= MOST_FEN:
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=1, most_fen=MOST_FEN))
    if len(text) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))


def _past(at: datetime, now: datetime) -> None:
    if at > now:
        raise Refused(say("That moment lies ahead. Write down what has happened."))
