"""What the classed bill and the matched refunds must be, computed from the facts alone."""

from collections import defaultdict
from typing import Any

import msgspec

from zhanggui.actions.money.following import billed_of, entry_of, row_of
from zhanggui.core.facts import AftersaleFacts, BillLineFacts, OrderFacts
from zhanggui.core.ledger.matching import MatchReason, MatchState, Told, told_of
from zhanggui.core.moments import shanghai_day
from zhanggui.people.permissions import ShopId
from zhanggui.records.bill_entries import BillEntry
from zhanggui.records.db import Tx
from zhanggui.records.refund_matches import MatchRow

_ENTRIES = "select line_no, order_no, at, class, finding, code, income, expense from bill_entries where shop_id = %s"
_MATCHES = "select subject, no, state, reason, since, told, billed, booked, fee, fee_back, fee_state, fee_due from refund_matches where shop_id = %s"
_BILL_TOTALS = "select day, class, code, lines, income, expense from bill_totals where shop_id = %s"
_MATCH_TOTALS = "select month, state, reason, fee_state, refunds, told, billed, fee_due from refund_match_totals where shop_id = %s"


def money_differences(tx: Tx, shop_id: ShopId) -> list[Any]:
    """Everything stored that is not what a recount says."""
    own = dict(tx.execute("select code, class from bill_own_classes where shop_id = %s", (shop_id,)).fetchall())
    lines = _facts(tx, shop_id, "bill_lines", BillLineFacts)
    entries = {entry.line_no: entry for entry in (entry_of(one, own) for one in lines)}
    stored = {row[0]: BillEntry(*row) for row in tx.execute(_ENTRIES, (shop_id,))}
    matches = _matches(entries, _facts(tx, shop_id, "aftersales", AftersaleFacts), _facts(tx, shop_id, "orders", OrderFacts))
    held = {(row[0], row[1]): MatchRow(*row) for row in tx.execute(_MATCHES, (shop_id,))}
    found: list[Any] = [] if stored == entries else [("bill entries", stored, entries)]
    found += [] if held == matches else [("refund matches", held, matches)]
    totals = {tuple(row[:3]): tuple(row[3:]) for row in tx.execute(_BILL_TOTALS, (shop_id,))}
    found += [] if totals == _bill_totals(entries.values()) else [("bill totals", totals, _bill_totals(entries.values()))]
    counted = {tuple(row[:4]): tuple(row[4:]) for row in tx.execute(_MATCH_TOTALS, (shop_id,))}
    found += [] if counted == _match_totals(matches.values()) else [("match totals", counted, _match_totals(matches.values()))]
    return found


def _facts(tx: Tx, shop_id: ShopId, table: str, kind: Any) -> list[Any]:
    return [msgspec.json.decode(text, type=kind) for (text,) in tx.execute(f"select facts::text from {table} where shop_id = %s", (shop_id,))]


def _matches(entries: dict[str, BillEntry], cases: list[AftersaleFacts], orders: list[OrderFacts]) -> dict[tuple[str, str], MatchRow]:
    of_order = {one.order_no: one for one in orders}
    by_order, lines_of, rows = defaultdict[str, list[AftersaleFacts]](list), defaultdict[str, list[BillEntry]](list), []
    for one in cases:
        if one.order_no:
            by_order[one.order_no].append(one)
        else:
            rows.append(_loose(row_of("case", one.case_no, told_of(None, [one]), billed_of([]))))
    for entry in entries.values():
        if entry.order_no:
            lines_of[entry.order_no].append(entry)
        elif entry.bill_class == "refund":
            rows.append(_loose(row_of("line", entry.line_no, Told(), billed_of([entry]))))
    for no in {*of_order, *by_order, *lines_of}:
        cases_told = sorted(by_order[no], key=lambda one: one.case_no)
        rows.append(row_of("order", no, told_of(of_order.get(no), cases_told), billed_of(lines_of[no])))
    return {(row.subject, row.no): row for row in rows if row is not None}


def _loose(row: MatchRow | None) -> MatchRow | None:
    return row and msgspec.structs.replace(row, state=MatchState.NOT_YET.value, reason=MatchReason.NO_ORDER.value)


def _bill_totals(entries: Any) -> dict[Any, Any]:
    sums: dict[Any, tuple[int, int, int]] = {}
    for entry in entries:
        place = (shanghai_day(entry.at), entry.bill_class, entry.code)
        lines, income, expense = sums.get(place, (0, 0, 0))
        sums[place] = lines + 1, income + entry.income, expense + entry.expense
    return sums


def _match_totals(rows: Any) -> dict[Any, Any]:
    sums: dict[Any, tuple[int, int, int, int]] = {}
    for row in rows:
        place = (shanghai_day(row.since).replace(day=1), row.state, row.reason, row.fee_state)
        refunds, told, billed, due = sums.get(place, (0, 0, 0, 0))
        sums[place] = refunds + 1, told + (row.told or 0), billed + row.billed, due + row.fee_due
    return sums
