"""The money of the shop in sums."""

import msgspec
from litestar import get
from litestar.params import FromQuery
from litestar.response import Response

from zhanggui.actions.money.cash import cash_view
from zhanggui.actions.money.seeing import bill_view, month_in, refunds_view
from zhanggui.actions.refused import Refused
from zhanggui.api.asked import AtAsked
from zhanggui.api.bearing import NEEDS
from zhanggui.api.units import FenOut, MaybeFen
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.say import say


class ClassOut(msgspec.Struct, frozen=True):
    """What the lines of one class of the bill come to."""

    name: str
    lines: int
    income_fen: FenOut
    expense_fen: FenOut


class RefundsOut(msgspec.Struct, frozen=True):
    """What the refunds come to that stand in one way against the bill."""

    stands: str
    refunds: int
    told_fen: FenOut
    billed_fen: FenOut


class CashOut(msgspec.Struct, frozen=True):
    """How the cash stands."""

    balance_fen: MaybeFen
    held_fen: FenOut
    on_the_way_fen: FenOut
    refunds_at_risk_fen: FenOut
    penalties_expected_fen: FenOut


class MoneyOut(msgspec.Struct, frozen=True, kw_only=True):
    """The bill and the refunds held against it, of one month or of all time, and the cash as it is now."""

    month: str | None
    lines: int
    earned_fen: FenOut
    classes: tuple[ClassOut, ...]
    refunds: tuple[RefundsOut, ...]
    fee_due_fen: FenOut
    cash: CashOut


@get("/money", sync_to_thread=True, opt={NEEDS: Scope.MONEY_READ})
def money(asked: AtAsked, month: FromQuery[str] = "") -> Response[MoneyOut]:
    """The bill by class, refunds held against it, and the cash; `month` like 2026-03."""
    first = month_in(month) if month else None
    if month and first is None:
        raise Refused(say("{text} is no month. Write it like 2026-03.", text=month[:20]))
    bill, refunds = bill_view(asked.house, asked.by, asked.shop_id, first), refunds_view(asked.house, asked.by, asked.shop_id, first)
    cash = cash_view(asked.house, asked.by, asked.shop_id, asked.now)
    told = MoneyOut(
        month=month or None,
        lines=bill.lines,
        earned_fen=bill.earned,
        classes=tuple(ClassOut(each.bill_class, each.lines, each.income, each.expense) for each in bill.classes),
        refunds=tuple(RefundsOut(each.state.value.removeprefix("match_"), each.refunds, each.told, each.billed) for each in refunds.states),
        fee_due_fen=refunds.fee_due,
        cash=CashOut(cash.balance, cash.held, cash.on_the_way, cash.refunds_at_risk, cash.penalties_expected),
    )
    return asked.told(told)


route_handlers = (money,)
