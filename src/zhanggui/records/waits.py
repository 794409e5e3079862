"""Who spoke when in the threads of some days, as the replay of a shift sees it."""

from datetime import datetime

from zhanggui.records.db import Tx

# overlapping pastes hold the same message under the same key
SPOKEN = """
    select thread_no, who, at from (
        select distinct on (thread_no, key) thread_no, who, at, placed_at, conversation_no, no from conversation_messages
        where shop_id = %(shop_id)s and placed_at >= %(since)s and placed_at < %(until)s and at is not null and who in ('buyer', 'rep')
        order by thread_no, key, conversation_no, no
    ) said
    order by thread_no, at, conversation_no, no
"""


def spoken(tx: Tx, shop_id: int, since: datetime, until: datetime) -> list[tuple[int, str, datetime]]:
    """Thread, speaker and moment of every message with a moment, in the order of thread and moment."""
    found = tx.execute(SPOKEN, {"shop_id": shop_id, "since": since, "until": until}).fetchall()
    return [(int(thread_no), str(who), at) for thread_no, who, at in found]
