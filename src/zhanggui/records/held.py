"""How much of each kind of personal data a shop holds, and since when: counted up to a bound, so that no page walks through a million rows."""

from datetime import datetime

import msgspec

from zhanggui.records.db import Tx

MOST = 100_000

TALKS = """
    select count(*), min(at) from (select placed_at as at from conversation_messages where shop_id = %(shop_id)s and said <> '' limit %(most)s) as held
"""
MESSAGES = "select count(*), min(at) from (select at from messages where shop_id = %(shop_id)s limit %(most)s) as held"
NAMES = "select count(*), min(at) from (select last_at as at from threads where shop_id = %(shop_id)s and shown <> '' limit %(most)s) as held"
ORDERS = """
    select count(*), min(at) from (
        select listed_at as at from orders where shop_id = %(shop_id)s and facts ->> 'receiver_masked' is not null order by listed_at limit %(most)s
    ) as held
"""
NUMBERS = """
    select count(*), min(at) from (
        select brought_at as at from text_numbers where shop_id = %(shop_id)s
        union all select decided_at from texts where shop_id = %(shop_id)s and sealed is not null
        union all select made_at from waybills where shop_id = %(shop_id)s and print_data is not null
        limit %(most)s
    ) as held
"""
DIGESTS = """
    select count(*), min(at) from (
        select at from purchases where shop_id = %(shop_id)s and buyer is not null
        union all select last_at from threads where shop_id = %(shop_id)s and buyer is not null
        union all select placed_at from reviews where shop_id = %(shop_id)s and buyer is not null
        union all select at from costs where shop_id = %(shop_id)s and buyer is not null
        limit %(most)s
    ) as held
"""
REVIEWS = "select count(*), min(at) from (select placed_at as at from reviews where shop_id = %(shop_id)s order by placed_at limit %(most)s) as held"
EVIDENCE = """
    select count(*), min(at) from (
        select made_at as at from evidence where shop_id = %(shop_id)s
            and not exists (select 1 from redactions where redactions.shop_id = %(shop_id)s and redactions.seq = evidence.seq)
        limit %(most)s
    ) as held
"""
ROWS = "select count(*), min(at) from (select made_at as at from quarantine where shop_id = %(shop_id)s and cells::text <> '{}' limit %(most)s) as held"
NOTES = "select count(*), min(at) from (select made_at as at from notes where shop_id = %(shop_id)s and text <> '' limit %(most)s) as held"
REMARKS = """
    select count(*), min(at) from (
        select made_at as at from todo_marks where shop_id = %(shop_id)s and reason <> ''
        union all select made_at from returns where shop_id = %(shop_id)s and note <> ''
        union all select made_at from claims where shop_id = %(shop_id)s and note <> ''
        union all select made_at from complaints where shop_id = %(shop_id)s and note <> ''
        union all select at from costs where shop_id = %(shop_id)s and note <> ''
        union all select opened_at from guided_steps where shop_id = %(shop_id)s and note <> ''
        limit %(most)s
    ) as held
"""
SCANS = "select count(*), min(at) from (select at from scans where shop_id = %(shop_id)s limit %(most)s) as held"
JOURNAL = "select count(*), min(at) from (select at from journal where shop_id = %(shop_id)s order by at limit %(most)s) as held"
PEOPLE = "select count(*), min(made_at) from memberships where shop_id = %(shop_id)s and %(most)s > 0"

STATEMENTS = {
    "buyer_words": (TALKS, MESSAGES),
    "buyer_names": (ORDERS, NAMES),
    "buyer_places": (ORDERS,),
    "buyer_notes": (ORDERS,),
    "numbers": (NUMBERS,),
    "buyer_digests": (DIGESTS,),
    "reviews": (REVIEWS,),
    "evidence": (EVIDENCE,),
    "scans": (SCANS,),
    "refused_rows": (ROWS,),
    "notes": (NOTES,),
    "remarks": (REMARKS,),
    "journal": (JOURNAL,),
    "people": (PEOPLE,),
}
"""What is asked for each kind of the inventory; of the others nothing is counted."""

ERASURES = """
    select erasure_no, at, people.display_name as by_name, cause, orders, counts::text as counts, reason
    from erasures left join people on people.person_id = erasures.by_person
    where erasures.shop_id = %(shop_id)s order by at desc, erasure_no desc limit %(limit)s
"""


class ErasureRecord(msgspec.Struct, frozen=True):
    """That something was forgotten."""

    erasure_no: int
    at: datetime
    by_name: str | None
    cause: str
    orders: int
    counts: str
    reason: str


def held(tx: Tx, shop_id: int, kind: str) -> tuple[int, datetime | None] | None:
    """How many rows of a kind, and the moment of the oldest; None for a kind that is not counted. From MOST on there may be more."""
    if kind not in STATEMENTS:
        return None
    rows, oldest = 0, list[datetime]()
    for statement in STATEMENTS[kind]:
        found = tx.execute(statement, {"shop_id": shop_id, "most": MOST}).fetchone()
        rows += int(found[0]) if found else 0
        oldest += [found[1]] if found and found[1] is not None else []
    return rows, min(oldest, default=None)


def erasures(tx: Tx, shop_id: int, limit: int) -> list[ErasureRecord]:
    """What was forgotten, the latest first."""
    return [ErasureRecord(*row) for row in tx.execute(ERASURES, {"shop_id": shop_id, "limit": limit})]
