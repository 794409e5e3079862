"""Which orders papers are made for, and which were made before: the journal remembers every one."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class MadeBefore(msgspec.Struct, frozen=True):
    """How often a kind of paper was made for an order, and when last."""

    order_no: str
    times: int
    last_at: datetime


# those that must leave first come first; one without a term of its own goes by when it was listed
AT_STAGE = """
    select order_no from orders
    where shop_id = %(shop_id)s and stage = %(stage)s
    order by coalesce(facts ->> 'ship_by', '9999'), listed_at, order_no
    limit %(limit)s
"""
MADE_BEFORE = """
    select subject_no as order_no, count(*) as times, max(at) as last_at from journal
    where shop_id = %(shop_id)s and subject_kind = 'order' and subject_no = any(%(nos)s) and kind = 'papers_made' and data ->> 'paper' = %(paper)s
    group by subject_no
"""


def at_stage(tx: Tx, shop_id: int, stage: str, limit: int) -> list[str]:
    """The numbers of the shop's orders at a stage, the most urgent first."""
    return [row[0] for row in tx.execute(AT_STAGE, {"shop_id": shop_id, "stage": stage, "limit": limit})]


def made_before(tx: Tx, shop_id: int, paper: str, order_nos: Sequence[str]) -> dict[str, MadeBefore]:
    """How often that paper was made for each of these orders; those without one are left out."""
    with tx.cursor(row_factory=class_row(MadeBefore)) as cursor:
        rows = cursor.execute(MADE_BEFORE, {"shop_id": shop_id, "nos": list(order_nos), "paper": paper}).fetchall()
    return {row.order_no: row for row in rows}
