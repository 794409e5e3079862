"""The running to-dos for which nothing has been sent or announced, and which no person has taken out of the house's hands.

A proposal that no person has decided is in nobody's way once the house does its kind by itself: it lies there from before.
"""

from collections.abc import Sequence

from psycopg.rows import class_row

from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline

# bands 0 to 3 are those of time: what was put aside by hand, or only runs, calls for nothing. An act that a person stopped is never announced again.
# The round goes on by thing and kind: one thing may have two to-dos
UNSPOKEN_FOR = """
    select shop_id, subject_kind, subject_no, kind, state, counts_from, started_at, due_at, due_source, look_at, band, score, rule, basis,
        at_risk, worth, risk_rule, closed_at, because::text as because, order_no, assignee, data_as_of, made_at
    from deadlines
    where shop_id = %(shop_id)s and kind = any(%(kinds)s) and band between 0 and 3
        and (subject_no, kind) > (%(after)s, %(after_kind)s)
        and not exists (
            select 1 from acts
            where acts.shop_id = deadlines.shop_id and acts.subject_kind = deadlines.subject_kind and acts.subject_no = deadlines.subject_no
                and (acts.is_halted or acts.state not in ('withdrawn', 'stopped')) and acts.deadline_kind = deadlines.kind
                and not (acts.state = 'proposed' and acts.decided_by is null and acts.kind = any(%(alone)s))
        )
    order by subject_no, kind
    limit %(limit)s
"""
# what was proposed about a to-do that needs nothing any more; the act may be about a case and the to-do about its order
MOOT = """
    select act_no from acts
    where shop_id = %(shop_id)s and state = 'proposed' and deadline_kind is not null and not exists (
        select 1 from deadlines
        where deadlines.shop_id = %(shop_id)s and deadlines.kind = acts.deadline_kind and deadlines.band is not null
            and ((deadlines.subject_kind = acts.subject_kind and deadlines.subject_no = acts.subject_no) or deadlines.order_no = acts.order_no)
    )
    order by act_no
    limit %(limit)s
"""
PROPOSED = """
    select once from acts
    where shop_id = %(shop_id)s and subject_kind = %(subject_kind)s and subject_no = %(subject_no)s and deadline_kind = %(kind)s and state = 'proposed'
"""


def moot(tx: Tx, shop_id: int, limit: int) -> list[int]:
    """Proposed acts that nobody needs any more."""
    return [int(act_no) for (act_no,) in tx.execute(MOOT, {"shop_id": shop_id, "limit": limit})]


def unspoken_for(tx: Tx, shop_id: int, kinds: Sequence[str], alone: Sequence[str], after: tuple[str, str], limit: int) -> list[StoredDeadline]:
    """The next of these to-dos after one of them, by its thing and kind; acts of the kinds that go `alone` are in no to-do's way while only proposed."""
    slots = {"shop_id": shop_id, "kinds": list(kinds), "alone": list(alone), "after": after[0], "after_kind": after[1], "limit": limit}
    with tx.cursor(row_factory=class_row(StoredDeadline)) as cursor:
        return cursor.execute(UNSPOKEN_FOR, slots).fetchall()


def proposed(tx: Tx, shop_id: int, row: StoredDeadline) -> set[str]:
    """What is proposed about a to-do, by what may happen only once."""
    slots = {"shop_id": shop_id, "subject_kind": row.subject_kind, "subject_no": row.subject_no, "kind": row.kind}
    return {str(once) for (once,) in tx.execute(PROPOSED, slots)}
