"""What the Money page and `zhanggui money` show of the bill and of refunds; every sum is that of the rows behind it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.money.classing import is_classed
from zhanggui.core.bill import BillClass
from zhanggui.core.ledger.fees import FeeState
from zhanggui.core.ledger.matching import MatchReason, MatchState
from zhanggui.core.money import Fen
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, bill_entries, refund_matches
from zhanggui.records.bill_entries import BillEntry, ClassTotal, CodeTotal
from zhanggui.records.db import Tx
from zhanggui.records.refund_matches import CASE, ORDER, MatchRow, MatchTotal

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9999, 12, 1)
_FIRST = (datetime(1, 1, 1, tzinfo=UTC), "", "")
_NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), "")
_MONTHS = 24
WORDED = 50
"""Of so many codes that nobody knows the words are looked up."""


class StateSum(msgspec.Struct, frozen=True):
    """What the refunds in one state come to."""

    state: MatchState
    refunds: int
    told: Fen
    billed: Fen

    @property
    def gap(self) -> Fen:
        """What the bill shows beyond what is told; negative where it shows less."""
        return Fen(self.billed - self.told)


class BillView(msgspec.Struct, frozen=True, kw_only=True):
    """The bill of a time by class, and what is none we know."""

    first: date | None
    last: date | None
    lines: int
    """Of the whole bill."""
    months: tuple[date, ...]
    classes: tuple[ClassTotal, ...]
    unknown: tuple[CodeTotal, ...]
    words: Mapping[str, str]
    """What the newest line of a code that nobody knows says of itself."""
    own: tuple[tuple[str, str], ...]
    """What the shop says of codes."""
    is_whole: bool
    """Whether all of it is classed already."""

    @property
    def earned(self) -> Fen:
        """What the shop earned by the bill: everything but what was only moved, and what is not known."""
        return Fen(sum(each.income - each.expense for each in self.classes if each.bill_class not in (BillClass.TRANSFER, BillClass.UNKNOWN)))


class BillPage(msgspec.Struct, frozen=True):
    """Lines of the bill, where the next ones begin, and those of their orders that the shop knows."""

    rows: tuple[BillEntry, ...]
    next_row: tuple[datetime, str] | None
    known: frozenset[str]


class RefundsView(msgspec.Struct, frozen=True, kw_only=True):
    """How refunds stand against the bill."""

    states: tuple[StateSum, ...]
    reasons: tuple[tuple[MatchState, MatchReason, int], ...]
    fee_due: Fen
    fees_due: int
    fees_unclear: int
    bill_to: date | None
    """The last day the bill has lines of."""

    def of(self, state: MatchState) -> StateSum:
        """What this state comes to."""
        return next((each for each in self.states if each.state is state), StateSum(state, 0, Fen(0), Fen(0)))


class RefundRow(msgspec.Struct, frozen=True, kw_only=True):
    """One refund in a list."""

    match: MatchRow
    cases: tuple[str, ...]
    order_known: bool
    in_bill_by_now: bool
    """Whether the bill reaches past the day of the refund, so that its line should be there."""

    @property
    def gap(self) -> Fen | None:
        """What the bill shows beyond what is told; None where nobody tells the sum."""
        return None if self.match.told is None else Fen(self.match.billed - self.match.told)


class RefundPage(msgspec.Struct, frozen=True):
    """Refunds in one state, the oldest first."""

    rows: tuple[RefundRow, ...]
    next_row: tuple[datetime, str, str] | None


def bill_view(house: House, by: Person, shop_id: ShopId, month: date | None = None) -> BillView:
    """The bill by class, of one month or of all time."""
    by.need(Permission.MONEY_READ, shop_id)
    first, last = _span(month)
    with house.pool.connection() as tx:
        begins, ends, lines = bill_entries.span(tx, shop_id)
        order = list(BillClass)
        unknown = tuple(bill_entries.by_code(tx, shop_id, [BillClass.UNKNOWN.value], first, last))
        return BillView(
            first=begins,
            last=ends,
            lines=lines,
            months=tuple(bill_entries.months(tx, shop_id, _MONTHS)),
            classes=tuple(sorted(bill_entries.by_class(tx, shop_id, first, last), key=lambda each: order.index(BillClass(each.bill_class)))),
            unknown=unknown,
            words=bill_entries.words_of_codes(tx, shop_id, BillClass.UNKNOWN.value, [each.code for each in unknown[:WORDED] if each.code]),
            own=tuple(sorted(bill_entries.own_classes(tx, shop_id).items())),
            is_whole=is_classed(tx, shop_id) or not lines,
        )


def bill_page(house: House, by: Person, shop_id: ShopId, bill_class: BillClass, *, before: tuple[datetime, str] | None = None, limit: int = 50) -> BillPage:
    """The lines of one class, newest first."""
    by.need(Permission.MONEY_READ, shop_id)
    with house.pool.connection() as tx:
        rows = bill_entries.page(tx, shop_id, bill_class.value, datetime(1, 1, 1, tzinfo=UTC), before or _NEWEST, limit + 1)
        shown = tuple(rows[:limit])
        known = around.orders(tx, shop_id, sorted({row.order_no for row in shown if row.order_no}))
    return BillPage(shown, (shown[-1].at, shown[-1].line_no) if len(rows) > limit else None, frozenset(known))


def refunds_view(house: House, by: Person, shop_id: ShopId, month: date | None = None) -> RefundsView:
    """How the refunds of a month, or of all time, stand against the bill."""
    by.need(Permission.MONEY_READ, shop_id)
    first = month or FIRST_DAY
    with house.pool.connection() as tx:
        totals = refund_matches.totals(tx, shop_id, first, month or LAST_DAY)
        _, bill_to, _ = bill_entries.span(tx, shop_id)
    due = [each for each in totals if each.fee_state == FeeState.DUE]
    return RefundsView(
        states=tuple(_summed(state, totals) for state in MatchState),
        reasons=_reasons(totals),
        fee_due=Fen(sum(each.fee_due for each in due)),
        fees_due=sum(each.refunds for each in due),
        fees_unclear=sum(each.refunds for each in totals if each.fee_state == FeeState.UNCLEAR),
        bill_to=bill_to,
    )


def refund_page(
    house: House, by: Person, shop_id: ShopId, state: MatchState | FeeState, *, after: tuple[datetime, str, str] | None = None, limit: int = 50
) -> RefundPage:
    """The refunds in a state, or those whose fee is in one, oldest first."""
    by.need(Permission.MONEY_READ, shop_id)
    with house.pool.connection() as tx:
        rows = refund_matches.page(tx, shop_id, state.value, after or _FIRST, limit + 1, by_fee=isinstance(state, FeeState))
        shown = rows[:limit]
        _, bill_to, _ = bill_entries.span(tx, shop_id)
        told = _around(tx, shop_id, shown)
    listed = tuple(_row(row, told, bill_to) for row in shown)
    last = listed[-1].match if listed else None
    return RefundPage(listed, (last.since, last.subject, last.no) if last is not None and len(rows) > limit else None)


Around = tuple[dict[str, tuple[str, ...]], set[str]]


def _around(tx: Tx, shop_id: ShopId, rows: list[MatchRow]) -> Around:
    nos = [row.no for row in rows if row.subject == ORDER]
    cases = {no: tuple(case.facts.case_no for case in listed) for no, listed in around.cases(tx, shop_id, nos).items()}
    return cases, set(around.orders(tx, shop_id, nos))


def _row(row: MatchRow, told: Around, bill_to: date | None) -> RefundRow:
    cases, known = told
    listed = cases.get(row.no, ()) if row.subject == ORDER else (row.no,) if row.subject == CASE else ()
    by_now = bill_to is not None and bill_to > (row.since + timedelta(hours=8)).date()
    return RefundRow(match=row, cases=listed, order_known=row.no in known, in_bill_by_now=by_now)


def _summed(state: MatchState, totals: list[MatchTotal]) -> StateSum:
    rows = [each for each in totals if each.state == state]
    return StateSum(state, sum(each.refunds for each in rows), Fen(sum(each.told for each in rows)), Fen(sum(each.billed for each in rows)))


def _reasons(totals: list[MatchTotal]) -> tuple[tuple[MatchState, MatchReason, int], ...]:
    counts: dict[tuple[MatchState, MatchReason], int] = {}
    for each in totals:
        key = MatchState(each.state), MatchReason(each.reason)
        counts[key] = counts.get(key, 0) + each.refunds
    return tuple((state, reason, refunds) for (state, reason), refunds in counts.items())


def _span(month: date | None) -> tuple[date, date]:
    """The first and the last day of the month; of all time where none is named."""
    if month is None:
        return FIRST_DAY, LAST_DAY
    return month.replace(day=1), month_ends(month) - timedelta(days=1)


def month_in(text: str) -> date | None:
    """The first day of the month that a text such as 2026-03 names; None for any other text, and for months that no shop can mean."""
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and 1 <= len(month) <= 2 and (year + month).isdecimal() and (year + month).isascii()):
        return None
    return date(int(year), int(month), 1) if 1970 <= int(year) <= 2199 and 1 <= int(month) <= 12 else None


def month_ends(month: date) -> date:
    """The first day after the month that this day is in."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
