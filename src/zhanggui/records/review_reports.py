"""Which review a complaint of the register reports, and on which ground. The course of it stands in the register."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.records.db import Tx, rows_of
from zhanggui.records.review_lists import Key

PUT = """
    insert into review_reports (shop_id, review_no, order_no, complaint_no, ground, words, reported_by, reported_at)
    values (%(shop_id)s, %(review_no)s, %(order_no)s, %(complaint_no)s, %(ground)s, %(words)s, %(by)s, %(now)s)
    on conflict (shop_id, review_no, order_no) do nothing
"""
OF_REVIEWS = """
    select told.review_no, told.order_no, told.complaint_no, told.ground, told.words, told.reported_at,
        complaints.state, complaints.stepped_at, complaints.filed_at
    from review_reports as told
    join complaints on complaints.shop_id = told.shop_id and complaints.complaint_no = told.complaint_no
    join unnest(%(review_nos)s::text[], %(order_nos)s::text[]) as wanted (review_no, order_no)
        on wanted.review_no = told.review_no and wanted.order_no = told.order_no
    where told.shop_id = %(shop_id)s
"""


class ReviewReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report, with where the register says it stands."""

    review_no: str
    order_no: str
    complaint_no: int
    ground: str
    words: list[str]
    reported_at: datetime
    state: str
    stepped_at: datetime
    filed_at: datetime | None


def put(tx: Tx, shop_id: int, key: Key, complaint_no: int, ground: str, words: Sequence[str], *, by: int | None, now: datetime) -> bool:
    """Notes what is reported; False where it was before."""
    slots = {"shop_id": shop_id, "review_no": key[0], "order_no": key[1], "complaint_no": complaint_no}
    return tx.execute(PUT, {**slots, "ground": ground, "words": list(words), "by": by, "now": now}).rowcount == 1


def of_reviews(tx: Tx, shop_id: int, keys: Sequence[Key]) -> dict[Key, ReviewReport]:
    """The reports of these reviews."""
    if not keys:
        return {}
    asked = {"shop_id": shop_id, "review_nos": [key[0] for key in keys], "order_nos": [key[1] for key in keys]}
    with tx.cursor(row_factory=rows_of(ReviewReport)) as cursor:
        return {(row.review_no, row.order_no): row for row in cursor.execute(OF_REVIEWS, asked)}
