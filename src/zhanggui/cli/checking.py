"""`zhanggui check-number`: whether a tracking number can be right, before it is uploaded."""

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.numbers import check_number_in_shop
from zhanggui.actions.pre_checking import pre_checked
from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.shop_option import shop_of
from zhanggui.core.numbers import NumberCheck, Reason, Verdict, check_number
from zhanggui.core.say import say


class DoubtShape(msgspec.Struct, frozen=True):
    """One thing that speaks against the number; `certain` blocks it."""

    kind: str
    certain: bool
    said: str
    order_no: str | None


class NumberShape(msgspec.Struct, frozen=True):
    """A number checked."""

    number: str
    carrier: str
    verdict: str
    fits: tuple[str, ...]
    reasons: tuple[DoubtShape, ...]


@click.command("check-number")
@click.argument("number")
@click.option("--carrier", required=True, metavar="CODE", help="The carrier's code on the platform, or its name.")
@click.option("--shop", "shop_name", metavar="NAME", help="Compare with the numbers of this shop's orders, too.")
@click.option("--order", "order_no", metavar="ORDER_NO", help="The order it is meant for; needs --shop.")
@with_desk
def check_number_command(desk: Desk, number: str, carrier: str, shop_name: str | None, order_no: str | None) -> int:
    """Say whether a tracking number can be right: its shape, and the other numbers of the shop."""
    if shop_name is None and order_no is not None:
        raise Refused(say("An order is looked up in a shop. Name it with --shop."))
    if shop_name is None:
        checked = check_number(number, carrier, now=clock.now())
    else:
        with desk.house() as house:
            shop_id = shop_of(house, desk.by, shop_name)
            checked = check_number_in_shop(house, desk.by, shop_id, number, carrier, clock.now(), order_no)
            if order_no is not None and checked.verdict is not Verdict.BLOCK:
                checked = pre_checked(house, desk.by, shop_id, checked, order_no, carrier, clock.now(), clock.unwound())
    desk.document(_shape(desk, checked, carrier))
    _show(desk, checked)
    return DONE


def _shape(desk: Desk, checked: NumberCheck, carrier: str) -> NumberShape:
    return NumberShape(checked.number, carrier, checked.verdict.value, checked.fits, tuple(_doubt(desk, reason) for reason in checked.reasons))


def _doubt(desk: Desk, reason: Reason) -> DoubtShape:
    return DoubtShape(reason.doubt.value, reason.is_certain, desk.said(reason.because), reason.order_no)


def _show(desk: Desk, checked: NumberCheck) -> None:
    if not checked.reasons:
        desk.line("Nothing speaks against {number}.", number=checked.number)
    for reason in checked.reasons:
        desk.lines([f"{'X' if reason.is_certain else '?'} {desk.said(reason.because)}"])
