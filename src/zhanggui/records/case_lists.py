"""After-sales cases as lists read them: a page of keys by index, then the rows."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import AftersaleFacts
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.each_shop import merged, of_numbers

FIRST = (datetime(9999, 1, 1, tzinfo=UTC), "", 0)


class CaseWanted(msgspec.Struct, frozen=True):
    """Which cases: in which shops, in which state, of which kind, after which (listed at, case number, shop)."""

    shop_ids: list[int]
    state: str | None
    kind: str | None
    after: tuple[datetime, str, int] | None
    limit: int


class ListedCase(msgspec.Struct, frozen=True):
    """A case and where lists put it."""

    shop_id: int
    case_no: str
    listed_at: datetime
    facts: str

    @property
    def case(self) -> AftersaleFacts:
        """The case itself."""
        return msgspec.json.decode(self.facts, type=AftersaleFacts)


# of one shop: one index scan, never longer than the page; the filter of a kind is narrow enough to be applied on the way
PAGE = """
    select shop_id, case_no, listed_at, facts::text as facts
    from aftersales
    where shop_id = %(shop_id)s
        and (listed_at, case_no) <= (%(after_at)s, %(after_no)s)
        and ((listed_at, case_no) < (%(after_at)s, %(after_no)s) or shop_id < %(after_shop)s)
        and (%(kind)s::text is null or kind = %(kind)s)
    order by listed_at desc, case_no desc
    limit %(limit)s
"""
PAGE_IN_STATE = """
    select shop_id, case_no, listed_at, facts::text as facts
    from aftersales
    where shop_id = %(shop_id)s and state = %(state)s
        and (listed_at, case_no) <= (%(after_at)s, %(after_no)s)
        and ((listed_at, case_no) < (%(after_at)s, %(after_no)s) or shop_id < %(after_shop)s)
        and (%(kind)s::text is null or kind = %(kind)s)
    order by listed_at desc, case_no desc
    limit %(limit)s
"""
BY_NUMBER = """
    select shop_id, case_no, listed_at, facts::text as facts
    from aftersales
    where shop_id = any(%(shop_ids)s) and (case_no = %(number)s or order_no = %(number)s)
    order by listed_at desc, case_no desc, shop_id desc
    limit %(limit)s
"""
MOST_URGENT = """
    select urgent.*
    from unnest(%(nos)s::text[]) as listed (case_no)
    cross join lateral (
        select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
            at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
        from deadlines
        where deadlines.shop_id = %(shop_id)s and subject_kind = 'aftersale' and subject_no = listed.case_no and band is not null
        order by due_at
        limit 1
    ) as urgent
"""


def page(tx: Tx, wanted: CaseWanted) -> list[ListedCase]:
    """A page of cases, newest first."""
    after_at, after_no, after_shop = wanted.after or FIRST
    slots = {
        "state": wanted.state,
        "kind": wanted.kind,
        "after_at": after_at,
        "after_no": after_no,
        "after_shop": after_shop,
        "limit": wanted.limit,
    }
    with tx.cursor(row_factory=class_row(ListedCase)) as cursor:
        statement = PAGE_IN_STATE if wanted.state else PAGE
        return merged(cursor, statement, slots, wanted.shop_ids, lambda row: (row.listed_at, row.case_no, row.shop_id), wanted.limit)


def by_number(tx: Tx, shop_ids: Sequence[int], number: str, limit: int) -> list[ListedCase]:
    """The cases with this number, or on the order with this number."""
    with tx.cursor(row_factory=class_row(ListedCase)) as cursor:
        return cursor.execute(BY_NUMBER, {"shop_ids": list(shop_ids), "number": number, "limit": limit}).fetchall()


def most_urgent(tx: Tx, cases: Sequence[tuple[int, str]]) -> dict[tuple[int, str], StoredDeadline]:
    """The running deadline of each case that is due first."""
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return {(row.shop_id, row.subject_no): row for row in of_numbers(cursor, MOST_URGENT, cases)}
