"""Every line of the bill with its class, and what the lines come to by day; kept with every write of the bill."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import BillLineFacts
from zhanggui.core.ledger.matching import UNDATED
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.records.db import Tx
from zhanggui.records.streams import copy_rows


class BillEntry(msgspec.Struct, frozen=True):
    """One line of the bill, classed. Money in fen."""

    line_no: str
    order_no: str | None
    at: datetime
    bill_class: str
    finding: str
    code: str
    income: int
    expense: int


class ClassTotal(msgspec.Struct, frozen=True):
    """What lines of one class come to."""

    bill_class: str
    lines: int
    income: int
    expense: int


class CodeTotal(msgspec.Struct, frozen=True):
    """What lines of one class and code come to, and when they were."""

    bill_class: str
    code: str
    lines: int
    income: int
    expense: int
    first_day: date
    last_day: date


HELD = """
    select line_no, order_no, at, class as bill_class, finding, code, income, expense from bill_entries
    where shop_id = %(shop_id)s and line_no = any(%(nos)s)
"""
OF_ORDERS = """
    select line_no, order_no, at, class as bill_class, finding, code, income, expense from bill_entries
    where shop_id = %(shop_id)s and order_no = any(%(nos)s)
    order by at, line_no
"""
COPY_NEW = "copy bill_entries (shop_id, line_no, order_no, at, class, finding, code, income, expense) from stdin"
REMOVE = "delete from bill_entries where shop_id = %(shop_id)s and line_no = any(%(nos)s)"
ADD = """
    insert into bill_totals (shop_id, day, class, code, lines, income, expense)
    select %(shop_id)s, day, class, code, lines, income, expense
    from unnest(%(days)s::date[], %(classes)s::text[], %(codes)s::text[], %(lines)s::bigint[], %(incomes)s::bigint[], %(expenses)s::bigint[])
        as delta (day, class, code, lines, income, expense)
    order by day, class, code
    on conflict (shop_id, day, class, code) do update set lines = bill_totals.lines + excluded.lines, income = bill_totals.income + excluded.income,
        expense = bill_totals.expense + excluded.expense
"""
DROP_EMPTY = "delete from bill_totals where shop_id = %(shop_id)s and lines = 0 and day = any(%(days)s)"
FACTS = "select line_no, facts::text from bill_lines where shop_id = %(shop_id)s and line_no = any(%(nos)s)"
NEXT_LINES = "select line_no from bill_lines where shop_id = %(shop_id)s and line_no > %(after)s order by line_no limit %(limit)s"
BY_CLASS = """
    select class as bill_class, sum(lines)::bigint as lines, sum(income)::bigint as income, sum(expense)::bigint as expense
    from bill_totals where shop_id = %(shop_id)s and day between %(first)s and %(last)s
    group by class
"""
BY_CODE = """
    select class as bill_class, code, sum(lines)::bigint as lines, sum(income)::bigint as income, sum(expense)::bigint as expense,
        min(day) as first_day, max(day) as last_day
    from bill_totals where shop_id = %(shop_id)s and class = any(%(classes)s) and day between %(first)s and %(last)s
    group by class, code
    order by sum(lines) desc, code
"""
# one line of each code, so that its words can be shown: those of unknown ones are few codes, and their lines are listed by an index
ONE_OF_EACH = """
    select distinct on (code) code, line_no from bill_entries
    where shop_id = %(shop_id)s and class = %(class)s and code = any(%(codes)s)
    order by code, at desc, line_no desc
"""
SPAN = "select min(day), max(day), coalesce(sum(lines), 0)::bigint from bill_totals where shop_id = %(shop_id)s and day > %(undated)s"
MONTHS = """
    select distinct date_trunc('month', day)::date as month from bill_totals
    where shop_id = %(shop_id)s and day > %(undated)s
    order by month desc
    limit %(limit)s
"""
PAGE = """
    select line_no, order_no, at, class as bill_class, finding, code, income, expense from bill_entries
    where shop_id = %(shop_id)s and class = %(bill_class)s and at >= %(since)s and (at, line_no) < (%(before_at)s, %(before_no)s)
    order by at desc, line_no desc
    limit %(limit)s
"""
# the classes are named so that the index is walked class by class
MOVED_BETWEEN = """
    select coalesce(sum(income - expense), 0)::bigint, count(*)::bigint from bill_entries
    where shop_id = %(shop_id)s and class = any(%(classes)s) and at > %(since)s and at <= %(until)s
"""
MOVED_ON_DAYS = """
    select coalesce(sum(income - expense), 0)::bigint, coalesce(sum(lines), 0)::bigint from bill_totals
    where shop_id = %(shop_id)s and day >= %(first)s and day < %(following)s
"""
OWN = "select code, class from bill_own_classes where shop_id = %(shop_id)s"
SET_OWN = """
    insert into bill_own_classes (shop_id, code, class, made_by, made_at) values (%(shop_id)s, %(code)s, %(bill_class)s, %(made_by)s, %(made_at)s)
    on conflict (shop_id, code) do update set class = excluded.class, made_by = excluded.made_by, made_at = excluded.made_at
"""
FORGET_OWN = "delete from bill_own_classes where shop_id = %(shop_id)s and code = %(code)s"
CLASSED = "select digest from bill_classed where shop_id = %(shop_id)s"
SET_CLASSED = """
    insert into bill_classed (shop_id, digest, at) values (%(shop_id)s, %(digest)s, %(at)s)
    on conflict (shop_id) do update set digest = excluded.digest, at = excluded.at
"""
UNCLASS = "delete from bill_classed where shop_id = %(shop_id)s"
UNKNOWN_CODES = "select distinct code from bill_totals where shop_id = %(shop_id)s and class = 'unknown' and code = %(code)s"
SHOPS = "select shop_id from shops order by shop_id"

_DECODE = msgspec.json.Decoder(BillLineFacts).decode


def held(tx: Tx, shop_id: int, line_nos: Sequence[str]) -> dict[str, BillEntry]:
    """The entries of these lines."""
    if not line_nos:
        return {}
    with tx.cursor(row_factory=class_row(BillEntry)) as cursor:
        return {entry.line_no: entry for entry in cursor.execute(HELD, {"shop_id": shop_id, "nos": list(line_nos)})}


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, list[BillEntry]]:
    """Each order's entries, oldest first."""
    found: dict[str, list[BillEntry]] = {}
    if order_nos:
        with tx.cursor(row_factory=class_row(BillEntry)) as cursor:
            for entry in cursor.execute(OF_ORDERS, {"shop_id": shop_id, "nos": list(order_nos)}):
                found.setdefault(entry.order_no or "", []).append(entry)
    return found


def replace(tx: Tx, shop_id: int, gone: Sequence[BillEntry], new: Iterable[BillEntry]) -> None:
    """Takes rows away and stores others, and lets the totals follow."""
    come = list(new)
    if gone:
        tx.execute(REMOVE, {"shop_id": shop_id, "nos": [entry.line_no for entry in gone]})
    if come:
        copy_rows(tx, COPY_NEW, ((shop_id, *msgspec.structs.astuple(entry)) for entry in come))
    _total(tx, shop_id, gone, come)


def facts(tx: Tx, shop_id: int, line_nos: Sequence[str]) -> dict[str, BillLineFacts]:
    """The lines of these names as they were told."""
    return {no: _DECODE(text) for no, text in tx.execute(FACTS, {"shop_id": shop_id, "nos": list(line_nos)})} if line_nos else {}


def _words(line: BillLineFacts) -> str:
    """What a line says of itself, without the code that opens it; never its note, which may name people."""
    return (line.description or line.account_kind or "").rpartition("|")[2].strip()


def next_lines(tx: Tx, shop_id: int, after: str, limit: int) -> list[str]:
    """The names of the next lines of the bill."""
    return [no for (no,) in tx.execute(NEXT_LINES, {"shop_id": shop_id, "after": after, "limit": limit})]


def by_class(tx: Tx, shop_id: int, first: date, last: date) -> list[ClassTotal]:
    """What every class comes to in these days."""
    with tx.cursor(row_factory=class_row(ClassTotal)) as cursor:
        return cursor.execute(BY_CLASS, {"shop_id": shop_id, "first": first, "last": last}).fetchall()


def by_code(tx: Tx, shop_id: int, classes: Sequence[str], first: date, last: date) -> list[CodeTotal]:
    """What every code of these classes comes to in these days, the most frequent first."""
    with tx.cursor(row_factory=class_row(CodeTotal)) as cursor:
        return cursor.execute(BY_CODE, {"shop_id": shop_id, "classes": list(classes), "first": first, "last": last}).fetchall()


def words_of_codes(tx: Tx, shop_id: int, bill_class: str, codes: Sequence[str]) -> dict[str, str]:
    """How the newest line of each of these codes describes itself."""
    if not codes:
        return {}
    nos = {no: code for code, no in tx.execute(ONE_OF_EACH, {"shop_id": shop_id, "class": bill_class, "codes": list(codes)})}
    return {nos[no]: words for no, line in facts(tx, shop_id, list(nos)).items() if (words := _words(line))}


def span(tx: Tx, shop_id: int) -> tuple[date | None, date | None, int]:
    """The first and last day of the bill, and how many lines it has."""
    row = tx.execute(SPAN, {"shop_id": shop_id, "undated": shanghai_day(UNDATED)}).fetchone()
    return row or (None, None, 0)


def months(tx: Tx, shop_id: int, limit: int) -> list[date]:
    """The first days of the months that the bill has lines in, newest first."""
    return [month for (month,) in tx.execute(MONTHS, {"shop_id": shop_id, "undated": shanghai_day(UNDATED), "limit": limit})]


def page(tx: Tx, shop_id: int, bill_class: str, since: datetime, before: tuple[datetime, str], limit: int) -> list[BillEntry]:
    """The entries of a class, newest first, before one of them."""
    slots = {"shop_id": shop_id, "bill_class": bill_class, "since": since, "before_at": before[0], "before_no": before[1], "limit": limit}
    with tx.cursor(row_factory=class_row(BillEntry)) as cursor:
        return cursor.execute(PAGE, slots).fetchall()


def moved_between(tx: Tx, shop_id: int, classes: Sequence[str], since: datetime, until: datetime) -> tuple[int, int]:
    """By how much the lines after one moment and up to another moved the balance, and how many they are; whole days are taken from the totals."""
    first, last = shanghai_day(since) + timedelta(days=1), shanghai_day(until)
    if first >= last:
        return _moved(tx, shop_id, classes, since, until)
    morning = start_of_day(first) - timedelta(microseconds=1)
    whole = tx.execute(MOVED_ON_DAYS, {"shop_id": shop_id, "first": first, "following": last}).fetchone() or (0, 0)
    edges = (_moved(tx, shop_id, classes, since, morning), _moved(tx, shop_id, classes, start_of_day(last) - timedelta(microseconds=1), until))
    return whole[0] + sum(moved for moved, _ in edges), whole[1] + sum(lines for _, lines in edges)


def _moved(tx: Tx, shop_id: int, classes: Sequence[str], since: datetime, until: datetime) -> tuple[int, int]:
    row = tx.execute(MOVED_BETWEEN, {"shop_id": shop_id, "classes": list(classes), "since": since, "until": until}).fetchone()
    return row or (0, 0)


def own_classes(tx: Tx, shop_id: int) -> dict[str, str]:
    """What the shop says of codes that are not known."""
    return dict(tx.execute(OWN, {"shop_id": shop_id}).fetchall())


def set_own_class(tx: Tx, shop_id: int, code: str, bill_class: str | None, made_by: int | None, made_at: datetime) -> None:
    """Keeps what the shop says of a code; None forgets it."""
    if bill_class is None:
        tx.execute(FORGET_OWN, {"shop_id": shop_id, "code": code})
    else:
        tx.execute(SET_OWN, {"shop_id": shop_id, "code": code, "bill_class": bill_class, "made_by": made_by, "made_at": made_at})


def classed_by(tx: Tx, shop_id: int) -> str | None:
    """The digest of the classes by which the shop's entries were made."""
    row = tx.execute(CLASSED, {"shop_id": shop_id}).fetchone()
    return None if row is None else row[0]


def set_classed(tx: Tx, shop_id: int, digest: str, at: datetime) -> None:
    """Notes by which classes they were made."""
    tx.execute(SET_CLASSED, {"shop_id": shop_id, "digest": digest, "at": at})


def unclass(tx: Tx, shop_id: int) -> None:
    """Has the shop's entries made anew."""
    tx.execute(UNCLASS, {"shop_id": shop_id})


def unknown_codes(tx: Tx, shop_id: int, code: str) -> list[str]:
    """This code, if any line that is not known bears it."""
    return [found for (found,) in tx.execute(UNKNOWN_CODES, {"shop_id": shop_id, "code": code})]


def every_shop(tx: Tx) -> list[int]:
    """All shops."""
    return [shop_id for (shop_id,) in tx.execute(SHOPS)]


def _total(tx: Tx, shop_id: int, gone: Sequence[BillEntry], come: Sequence[BillEntry]) -> None:
    sums: dict[tuple[date, str, str], list[int]] = {}
    for sign, entries in ((-1, gone), (1, come)):
        for entry in entries:
            total = sums.setdefault((shanghai_day(entry.at), entry.bill_class, entry.code), [0, 0, 0])
            total[0] += sign
            total[1] += sign * entry.income
            total[2] += sign * entry.expense
    changed = [(place, total) for place, total in sums.items() if any(total)]
    if not changed:
        return
    slots = {
        "shop_id": shop_id,
        "days": [day for (day, _, _), _ in changed],
        "classes": [name for (_, name, _), _ in changed],
        "codes": [code for (_, _, code), _ in changed],
        "lines": [total[0] for _, total in changed],
        "incomes": [total[1] for _, total in changed],
        "expenses": [total[2] for _, total in changed],
    }
    tx.execute(ADD, slots)
    if gone:
        tx.execute(DROP_EMPTY, {"shop_id": shop_id, "days": sorted({day for (day, _, _), _ in changed})})
