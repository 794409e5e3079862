"""The Today list as pages read it: inside each band an index keeps the order, so a page costs the same however many deadlines stand behind it."""

from collections.abc import Sequence

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.each_shop import merged

FIRST = (float("inf"), "", "", 0)

After = tuple[float, str, str, int]
"""The place of the last row shown: score, subject number, kind, shop."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which deadlines: of which shops, in which band, of which kinds (empty: all), in whose hands, after which."""

    shop_ids: list[int]
    band: int
    kinds: list[str]
    assignee: int | None
    after: After | None
    limit: int


class HandTotal(msgspec.Struct, frozen=True):
    """What stands in one band in one person's hands."""

    band: int
    kind: str
    deadlines: int
    at_risk: int
    worth: int


PAGE = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and band = %(band)s
        and (score, subject_no, kind) <= (%(after_score)s, %(after_no)s, %(after_kind)s)
        and ((score, subject_no, kind) < (%(after_score)s, %(after_no)s, %(after_kind)s) or shop_id < %(after_shop)s)
    order by score desc, subject_no desc, kind desc
    limit %(limit)s
"""
PAGE_OF_KINDS = """
    select found.*
    from unnest(%(kinds)s::text[]) as wanted (kind)
    cross join lateral (
        select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
            at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
        from deadlines
        where deadlines.shop_id = %(shop_id)s and deadlines.kind = wanted.kind and band = %(band)s
            and (score, subject_no) <= (%(after_score)s, %(after_no)s)
            and ((score, subject_no, kind) < (%(after_score)s, %(after_no)s, %(after_kind)s)
                or ((score, subject_no, kind) = (%(after_score)s, %(after_no)s, %(after_kind)s) and shop_id < %(after_shop)s))
        order by score desc, subject_no desc
        limit %(limit)s
    ) as found
    order by found.score desc, found.subject_no desc, found.kind desc
    limit %(limit)s
"""
PAGE_OF_PERSON = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and assignee = %(assignee)s and band = %(band)s
        and (%(any_kind)s or kind = any(%(kinds)s))
        and (score, subject_no, kind) <= (%(after_score)s, %(after_no)s, %(after_kind)s)
        and ((score, subject_no, kind) < (%(after_score)s, %(after_no)s, %(after_kind)s) or shop_id < %(after_shop)s)
    order by score desc, subject_no desc, kind desc
    limit %(limit)s
"""
TOTALS_OF_PERSON = """
    select band, kind, count(*) as deadlines, sum(at_risk)::bigint as at_risk, sum(worth)::bigint as worth
    from deadlines
    where shop_id = any(%(shop_ids)s) and assignee = %(assignee)s and band is not null
    group by band, kind
"""


def page(tx: Tx, wanted: Wanted) -> list[StoredDeadline]:
    """The first deadlines of a band, or those after one of them."""
    after_score, after_no, after_kind, after_shop = wanted.after or FIRST
    slots = {
        "band": wanted.band,
        "kinds": wanted.kinds,
        "any_kind": not wanted.kinds,
        "assignee": wanted.assignee,
        "after_score": after_score,
        "after_no": after_no,
        "after_kind": after_kind,
        "after_shop": after_shop,
        "limit": wanted.limit,
    }
    statement = PAGE_OF_PERSON if wanted.assignee is not None else PAGE_OF_KINDS if wanted.kinds else PAGE
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return merged(cursor, statement, slots, wanted.shop_ids, place_of, wanted.limit)


def totals_of_person(tx: Tx, shop_ids: Sequence[int], assignee: int) -> list[HandTotal]:
    """What stands in one person's hands, which is never much."""
    with tx.cursor(row_factory=class_row(HandTotal)) as cursor:
        return cursor.execute(TOTALS_OF_PERSON, {"shop_ids": list(shop_ids), "assignee": assignee}).fetchall()


def place_of(row: StoredDeadline) -> After:
    """The place of a row in its band."""
    return row.score, row.subject_no, row.kind, row.shop_id
