"""Keeps the classed bill and the matched refunds equal to the facts, inside the transaction that stores those.

Only what bears on money is looked at: lines of the bill, cases, and orders that tell of a refund themselves. Other orders cost nothing here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from zhanggui.core.bill import BillClass, class_of
from zhanggui.core.facts import AftersaleFacts, BillLineFacts, OrderFacts
from zhanggui.core.ledger.fees import fee_of
from zhanggui.core.ledger.matching import UNDATED, Billed, MatchReason, MatchState, Told, bears_refund, match, told_of
from zhanggui.core.money import Fen
from zhanggui.records import around, bill_entries, refund_matches
from zhanggui.records.bill_entries import BillEntry
from zhanggui.records.db import Tx
from zhanggui.records.refund_matches import CASE, LINE, ORDER, MatchRow
from zhanggui.rulebook.bill import bill_classes
from zhanggui.rulebook.money import money_terms

_LONGEST_CODE = 60
_AT_ONCE = 1000


class MoneyTouched(msgspec.Struct):
    """What bears on money and has to be looked at again. Lines with the facts that are at hand; None: to be read."""

    lines: dict[str, BillLineFacts | None] = msgspec.field(default_factory=dict)
    orders: set[str] = msgspec.field(default_factory=set)
    loose_cases: set[str] = msgspec.field(default_factory=set)
    """Cases that name no order, or did."""

    def __bool__(self) -> bool:
        return bool(self.lines or self.orders or self.loose_cases)


def follow(tx: Tx, shop_id: int, touched: MoneyTouched) -> None:
    """Makes the entries of these lines, and the matches of whatever they and the others bear on, what the facts say."""
    if not touched:
        return
    gone, new = _entries(tx, shop_id, touched.lines)
    bill_entries.replace(tx, shop_id, gone, new)
    orders = touched.orders | _orders_of(tx, shop_id, (*gone, *new))
    listed = sorted(orders)
    for first in range(0, len(listed), _AT_ONCE):
        _follow_orders(tx, shop_id, listed[first : first + _AT_ONCE])
    _follow_loose(tx, shop_id, CASE, touched.loose_cases, _case_rows(tx, shop_id, touched.loose_cases))
    lines = {entry.line_no for entry in (*gone, *new) if _is_loose(entry)}
    _follow_loose(tx, shop_id, LINE, lines, [_line_row(entry) for entry in new if _is_loose(entry)])


def entry_of(line: BillLineFacts, own: Mapping[str, str]) -> BillEntry:
    """The line with its class: the rulebook's where it knows the line, else the shop's own, else unknown."""
    rule = class_of(line, bill_classes())
    code = (line.code or line.account_kind or line.description or "").strip()[:_LONGEST_CODE]
    name = rule.name.value if rule is not None else own.get(code, BillClass.UNKNOWN.value)
    finding = (rule.finding or "") if rule is not None else ""
    return BillEntry(line.line_no, line.order_no or None, line.happened_at or UNDATED, name, finding, code, line.income or 0, line.expense or 0)


def billed_of(entries: Iterable[BillEntry]) -> Billed:
    """What the bill's lines of one order come to."""
    sums = {"refunded": 0, "refunded_share": 0, "booked": 0, "fee": 0, "fee_back": 0}
    first_at, has_refund = None, False
    fees, coupons = money_terms().fee.codes, money_terms().coupon.codes
    for entry in entries:
        if entry.bill_class == BillClass.REFUND:
            has_refund = True
            sums["refunded"] += entry.expense - entry.income
            if entry.code.startswith(coupons):
                sums["refunded_share"] += entry.expense - entry.income
            first_at = entry.at if first_at is None else min(first_at, entry.at)
        elif entry.bill_class == BillClass.INCOME:
            sums["booked"] += entry.income - entry.expense
        elif entry.bill_class == BillClass.FEE and entry.code.startswith(fees):
            sums["fee"] += entry.expense
            sums["fee_back"] += entry.income
    return Billed(**{name: Fen(fen) for name, fen in sums.items()}, has_refund=has_refund, first_at=first_at)


def row_of(subject: str, no: str, told: Told, billed: Billed) -> MatchRow | None:
    """The row of one refund; None where nobody tells of one."""
    terms = money_terms()
    found = match(told, billed, terms.matching)
    if found is None:
        return None
    fee = fee_of(found, billed, terms.fee_refund)
    return MatchRow(
        subject=subject,
        no=no,
        state=found.state.value,
        reason=found.reason.value,
        since=found.since,
        told=found.told,
        billed=found.billed,
        booked=billed.booked,
        fee=billed.fee,
        fee_back=billed.fee_back,
        fee_state=fee.state.value,
        fee_due=fee.due,
    )


def _entries(tx: Tx, shop_id: int, lines: Mapping[str, BillLineFacts | None]) -> tuple[list[BillEntry], list[BillEntry]]:
    """The entries that go, and those that come in their place."""
    if not lines:
        return [], []
    standing = bill_entries.held(tx, shop_id, list(lines))
    read = bill_entries.facts(tx, shop_id, [no for no, facts in lines.items() if facts is None])
    own = bill_entries.own_classes(tx, shop_id)
    computed = {no: entry_of(line, own) for no, facts in lines.items() if (line := facts or read.get(no)) is not None}
    gone = [entry for no, entry in standing.items() if computed.get(no) != entry]
    return gone, [entry for no, entry in computed.items() if standing.get(no) != entry]


def _orders_of(tx: Tx, shop_id: int, entries: Sequence[BillEntry]) -> set[str]:
    """The orders whose match these lines bear on: by a refund always, by any other line where there is a match already."""
    certain = {entry.order_no for entry in entries if entry.order_no and entry.bill_class == BillClass.REFUND}
    others = {entry.order_no for entry in entries if entry.order_no} - certain
    return certain | refund_matches.among(tx, shop_id, sorted(others))


def _follow_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> None:
    orders = around.orders(tx, shop_id, order_nos)
    cases = around.cases(tx, shop_id, order_nos)
    entries = bill_entries.of_orders(tx, shop_id, order_nos)
    computed = []
    for no in order_nos:
        known = orders.get(no)
        told = told_of(None if known is None else known.facts, [case.facts for case in cases.get(no, ())])
        row = row_of(ORDER, no, told, billed_of(entries.get(no, ())))
        if row is not None:
            computed.append(row)
    _replace(tx, shop_id, refund_matches.held(tx, shop_id, ORDER, order_nos), computed)


def _follow_loose(tx: Tx, shop_id: int, subject: str, nos: Collection[str], rows: Sequence[MatchRow]) -> None:
    """What names no order, so that it can be held against nothing."""
    if nos:
        _replace(tx, shop_id, refund_matches.held(tx, shop_id, subject, sorted(nos)), rows)


def _replace(tx: Tx, shop_id: int, standing: Mapping[str, MatchRow], computed: Sequence[MatchRow]) -> None:
    after = {row.no: row for row in computed}
    gone = [row for no, row in standing.items() if after.get(no) != row]
    refund_matches.replace(tx, shop_id, gone, [row for no, row in after.items() if standing.get(no) != row])


def _case_rows(tx: Tx, shop_id: int, case_nos: Collection[str]) -> list[MatchRow]:
    found = around.cases_by_no(tx, shop_id, sorted(case_nos)) if case_nos else {}
    rows = (row_of(CASE, no, told_of(None, [known.facts]), Billed()) for no, known in found.items() if not known.facts.order_no)
    return [_loose(row) for row in rows if row is not None]


def _line_row(entry: BillEntry) -> MatchRow:
    row = row_of(LINE, entry.line_no, Told(), billed_of([entry]))
    assert row is not None  # a line that is a refund always has one
    return _loose(row)


def _loose(row: MatchRow) -> MatchRow:
    return msgspec.structs.replace(row, state=MatchState.NOT_YET.value, reason=MatchReason.NO_ORDER.value)


def _is_loose(entry: BillEntry) -> bool:
    return entry.bill_class == BillClass.REFUND and entry.order_no is None


def touch_money(facts: OrderFacts | AftersaleFacts | BillLineFacts, touched: MoneyTouched) -> None:
    """Notes what these facts bear on; an order only where it tells of a refund itself."""
    match facts:
        case BillLineFacts():
            touched.lines.setdefault(facts.line_no, None)
        case AftersaleFacts():
            if facts.order_no:
                touched.orders.add(facts.order_no)
            else:
                touched.loose_cases.add(facts.case_no)
        case OrderFacts():
            if bears_refund(facts):
                touched.orders.add(facts.order_no)
