"""`zhanggui deductions`: every deduction in the bill, computed again by the rule of its moment."""

from datetime import datetime

import click
import msgspec

from zhanggui import words
from zhanggui.actions.deductions import CheckedBill, CheckedDeduction, appeal_of, check_deductions
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.bill import Judgment
from zhanggui.core.money import yuan

_SIGN = {Judgment.RIGHT: " ", Judgment.WRONG: "X", Judgment.CANNOT_TELL: "?"}


class DeductionShape(msgspec.Struct, frozen=True, kw_only=True):
    """One deduction judged. Money in fen, moments in UTC."""

    order_no: str | None
    at: datetime | None
    finding: str
    charged_fen: int
    given_back_fen: int
    expected_fen: int | None
    judgment: str
    because: tuple[str, ...]
    cites: tuple[str, ...]
    check: tuple[str, ...]
    appeal: str | None
    """What to write to the platform, in Chinese, where it is wrong."""


class UnknownShape(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the bill that are none we know."""

    code: str | None
    example: str | None
    lines: int
    income_fen: int
    expense_fen: int


class DeductionsShape(msgspec.Struct, frozen=True, kw_only=True):
    """The whole bill checked; `too_much_fen` is what the wrong ones took beyond what the rules come to and did not give back."""

    shop: str
    lines: int
    right: int
    wrong: int
    cannot_tell: int
    too_much_fen: int
    deductions: tuple[DeductionShape, ...]
    unknown: tuple[UnknownShape, ...]


@click.command("deductions")
@shop_option
@click.option("--since", type=MOMENT, metavar="MOMENT", help="Only lines of the bill from this moment on.")
@with_desk
def deductions(desk: Desk, shop_name: str, since: datetime | None) -> int:
    """Match every deduction of the bill to its order, and compute it again by the rule in force at its moment."""
    with desk.house() as house:
        checked = check_deductions(house, desk.by, shop_of(house, desk.by, shop_name), since=since)
    desk.document(_shape(desk, shop_name, checked))
    _show(desk, checked)
    return DONE


def _shape(desk: Desk, shop: str, checked: CheckedBill) -> DeductionsShape:
    return DeductionsShape(
        shop=shop,
        lines=checked.lines,
        right=len(checked.of(Judgment.RIGHT)),
        wrong=len(checked.of(Judgment.WRONG)),
        cannot_tell=len(checked.of(Judgment.CANNOT_TELL)),
        too_much_fen=checked.too_much,
        deductions=tuple(_deduction(desk, each) for each in checked.deductions),
        unknown=tuple(
            UnknownShape(code=each.code, example=each.example, lines=each.lines, income_fen=each.income, expense_fen=each.expense) for each in checked.unknown
        ),
    )


def _deduction(desk: Desk, each: CheckedDeduction) -> DeductionShape:
    judged = each.judged
    return DeductionShape(
        order_no=each.order_no,
        at=utc_or_none(judged.deduction.at),
        finding=judged.deduction.finding,
        charged_fen=judged.deduction.charged,
        given_back_fen=judged.given_back,
        expected_fen=judged.expected,
        judgment=judged.judgment.value,
        because=tuple(map(desk.said, judged.because)),
        cites=judged.cites,
        check=tuple(map(desk.said, judged.check)),
        appeal=appeal_of(each, words.load("zh_Hans")),
    )


def _show(desk: Desk, checked: CheckedBill) -> None:
    desk.line(
        "{lines} lines of the bill; deductions: {right} right, {wrong} wrong, {unclear} cannot be told. Deducted too much: {too_much_fen}.",
        lines=checked.lines,
        right=len(checked.of(Judgment.RIGHT)),
        wrong=len(checked.of(Judgment.WRONG)),
        unclear=len(checked.of(Judgment.CANNOT_TELL)),
        too_much_fen=checked.too_much,
    )
    for each in checked.deductions:
        judged = each.judged
        what, charged = desk.catalog.word(judged.deduction.finding), yuan(judged.deduction.charged)
        head = f"{_SIGN[judged.judgment]} {wall(judged.deduction.at)} {each.order_no or '—'} {what} {charged}"
        desk.lines([head, *(f"    {desk.said(line)}" for line in (*judged.because, *judged.check))])
    for code in checked.unknown:
        desk.line(
            "Not known: code {code}, {lines} lines, in {income_fen}, out {expense_fen}.",
            code=code.code or "—",
            lines=code.lines,
            income_fen=code.income,
            expense_fen=code.expense,
        )
