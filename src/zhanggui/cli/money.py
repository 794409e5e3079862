"""`zhanggui money`: the bill by class, refunds held against it, cash, and what after-sales cost."""

from datetime import date, datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.money.cash import CashView, cash_view
from zhanggui.actions.money.classing import class_shop
from zhanggui.actions.money.costs import CostsView, costs_view
from zhanggui.actions.money.seeing import BillView, RefundPage, RefundsView, bill_view, month_ends, month_in, refund_page, refunds_view
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.ledger.matching import UNDATED, MatchState
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.money import Fen, yuan
from zhanggui.records.refund_matches import MatchRow


class ClassShape(msgspec.Struct, frozen=True):
    """What the lines of one class come to."""

    name: str
    lines: int
    income_fen: int
    expense_fen: int


class CodeShape(msgspec.Struct, frozen=True):
    """Lines nobody knows, by their code."""

    code: str
    lines: int
    income_fen: int
    expense_fen: int


class StateShape(msgspec.Struct, frozen=True):
    """What the refunds in one state come to."""

    state: str
    refunds: int
    told_fen: int
    billed_fen: int


class RefundShape(msgspec.Struct, frozen=True):
    """One refund. `subject` is what `no` names: an order, or a case or line of the bill that names no order."""

    subject: str
    no: str
    reason: str
    since: datetime | None
    told_fen: int | None
    billed_fen: int
    fee_state: str
    fee_due_fen: int


class ComingShape(msgspec.Struct, frozen=True):
    """What one day brings."""

    day: str
    what: str
    amount_fen: int


class CashShape(msgspec.Struct, frozen=True):
    """How the cash stands. `balance_fen` is null where no balance was ever read."""

    balance_fen: int | None
    held_fen: int
    on_the_way_fen: int
    refunds_at_risk_fen: int
    penalties_expected_fen: int
    coming: tuple[ComingShape, ...]


class CauseShape(msgspec.Struct, frozen=True):
    """What one cause came to."""

    cause: str
    entries: int
    amount_fen: int


class MoneyShape(msgspec.Struct, frozen=True, kw_only=True):
    """The money of a shop, of one month where one was asked for; cash is always now, costs of that month or the present one."""

    shop: str
    lines: int
    earned_fen: int
    classes: tuple[ClassShape, ...]
    unknown: tuple[CodeShape, ...]
    refunds: tuple[StateShape, ...]
    fee_due_fen: int
    listed: tuple[RefundShape, ...]
    cash: CashShape
    costs_fen: int
    costs: tuple[CauseShape, ...]


@click.command("money")
@shop_option
@click.option("--month", metavar="YYYY-MM", help="Only this month; all time when left out.")
@click.option("--state", type=click.Choice([state.value.removeprefix("match_") for state in MatchState]), default="not_yet", help="Which refunds to list.")
@click.option("--limit", type=click.IntRange(0, 1000), default=50, help="How many refunds to list, the oldest first.")
@with_desk
def money(desk: Desk, shop_name: str, month: str | None, state: str, limit: int) -> int:
    """Show the bill by class, how refunds stand against it to the fen, the cash, and what after-sales cost."""
    first = _month(month)
    now = clock.now()
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        class_shop(house, shop_id, now)
        chosen = MatchState("match_" + state)
        bill, refunds = bill_view(house, desk.by, shop_id, first), refunds_view(house, desk.by, shop_id, first)
        listed = refund_page(house, desk.by, shop_id, chosen, limit=limit) if limit else RefundPage((), None)
        cash = cash_view(house, desk.by, shop_id, now)
        begins = first or shanghai_day(now).replace(day=1)
        costs = costs_view(house, desk.by, shop_id, start_of_day(begins), start_of_day(month_ends(begins)), now)
    desk.document(_shape(shop_name, bill, refunds, listed, cash, costs))
    _show(desk, bill, refunds, listed, cash, costs)
    return DONE


def _month(text: str | None) -> date | None:
    found = month_in(text) if text else None
    if text and found is None:
        raise click.BadParameter(f"{text} is no month. Write it like 2026-03.", param_hint="--month")
    return found


def _shape(shop: str, bill: BillView, refunds: RefundsView, listed: RefundPage, cash: CashView, costs: CostsView) -> MoneyShape:
    return MoneyShape(
        shop=shop,
        lines=bill.lines,
        earned_fen=bill.earned,
        classes=tuple(ClassShape(each.bill_class, each.lines, each.income, each.expense) for each in bill.classes),
        unknown=tuple(CodeShape(each.code, each.lines, each.income, each.expense) for each in bill.unknown),
        refunds=tuple(StateShape(each.state.value.removeprefix("match_"), each.refunds, each.told, each.billed) for each in refunds.states),
        fee_due_fen=refunds.fee_due,
        listed=tuple(_refund(row.match) for row in listed.rows),
        cash=CashShape(cash.balance, cash.held, cash.on_the_way, cash.refunds_at_risk, cash.penalties_expected, _coming(cash)),
        costs_fen=costs.fen,
        costs=tuple(CauseShape(each.name.removeprefix("cause_"), each.entries, each.fen) for each in costs.causes),
    )


def _refund(row: MatchRow) -> RefundShape:
    since = None if row.since == UNDATED else utc_or_none(row.since)
    return RefundShape(row.subject, row.no, row.reason, since, row.told, row.billed, row.fee_state, row.fee_due)


def _coming(cash: CashView) -> tuple[ComingShape, ...]:
    return tuple(ComingShape(day.day.isoformat(), coming.value, fen) for day in cash.calendar.days for coming, fen in day.sums.items())


def _show(desk: Desk, bill: BillView, refunds: RefundsView, listed: RefundPage, cash: CashView, costs: CostsView) -> None:
    desk.line("{lines} lines of the bill; earned by it: {earned_fen}.", lines=bill.lines, earned_fen=bill.earned)
    word = desk.catalog.word
    desk.lines(f"  {word(each.bill_class)}  {each.lines}  {yuan(Fen(each.income - each.expense))}" for each in bill.classes)
    for code in bill.unknown:
        desk.line(
            "Not known: code {code}, {lines} lines, in {income_fen}, out {expense_fen}.",
            code=code.code or "—",
            lines=code.lines,
            income_fen=code.income,
            expense_fen=code.expense,
        )
    for sums in refunds.states:
        state = sums.state.value
        desk.line(
            "Refunds, {state}: {refunds}; told {told_fen}, in the bill {billed_fen}.",
            state=state,
            refunds=sums.refunds,
            told_fen=sums.told,
            billed_fen=sums.billed,
        )
    for row in listed.rows:
        match = row.match
        since = "—" if match.since == UNDATED else wall(match.since)
        told = "?" if match.told is None else yuan(Fen(match.told))
        desk.lines([f"  {since} {match.no} {told} / {yuan(Fen(match.billed))} {word(match.reason)}"])
    if refunds.fee_due:
        desk.line("Fees that did not come back: {due_fen}.", due_fen=refunds.fee_due)
    desk.line("Bound: {held_fen}; asked back in open cases: {asked_fen}.", held_fen=cash.held, asked_fen=cash.refunds_at_risk)
    desk.line("After-sales cost {amount_fen} in this month.", amount_fen=costs.fen)
