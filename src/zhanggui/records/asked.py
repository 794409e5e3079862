"""What came of asking for reviews."""

from datetime import datetime

from zhanggui.core.notices.steps import NoticeState, NoticeStep
from zhanggui.records.db import Tx

# what the platform gave because the buyer did not is no answer to having been asked
OUTCOMES = """
    select asked.script, count(*)::bigint, count(given.score)::bigint, coalesce(sum(given.score), 0)::bigint
    from notices as asked
    left join lateral (
        select score from reviews
        where reviews.shop_id = %(shop_id)s and reviews.order_no = asked.order_no and reviews.score is not null and reviews.placed_at >= asked.moved_at
            and (reviews.facts ->> 'is_default') is distinct from 'true'
        order by placed_at, review_no
        limit 1
    ) as given on true
    where asked.shop_id = %(shop_id)s and asked.state = %(state)s and asked.step = %(step)s
        and asked.moved_at >= %(since)s and asked.moved_at < %(until)s
    group by asked.script
    order by asked.script
"""
COUNT = """
    select count(*)::bigint from notices
    where shop_id = %(shop_id)s and state = %(state)s and step = %(step)s and moved_at >= %(since)s and moved_at < %(until)s
"""


def outcomes(tx: Tx, shop_id: int, step: NoticeStep, state: NoticeState, since: datetime, until: datetime) -> list[tuple[str, int, int, int]]:
    """By script: how many were asked in that time, how many of them have reviewed since, and the sum of their stars."""
    slots = {"shop_id": shop_id, "step": step.value, "state": state.value, "since": since, "until": until}
    return tx.execute(OUTCOMES, slots).fetchall()


def count(tx: Tx, shop_id: int, step: NoticeStep, state: NoticeState, since: datetime, until: datetime) -> int:
    """How many were asked in that time."""
    row = tx.execute(COUNT, {"shop_id": shop_id, "step": step.value, "state": state.value, "since": since, "until": until}).fetchone()
    return int(row[0]) if row else 0
