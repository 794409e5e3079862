"""Reviews as the shop rating sees them."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from zhanggui.core.ratings.replay import ReviewSeen
from zhanggui.records.db import Tx

# page by page along the primary key, so that a shop of a million reviews is read once and never held whole
BETWEEN = """
    select review_no, order_no, created_at, score, encode(buyer, 'hex'), facts::text
    from reviews
    where shop_id = %(shop_id)s and (review_no, order_no) > (%(review_no)s, %(order_no)s)
        and (created_at is null or (created_at >= %(since)s and created_at <= %(until)s))
    order by review_no, order_no
    limit %(limit)s
"""


class _Written(msgspec.Struct):
    text: str | None = None
    is_default: bool | None = None


def between(tx: Tx, shop_id: int, since: datetime, until: datetime, page: int = 5_000) -> Iterator[ReviewSeen]:
    """The reviews given between these moments, both included, and those of which nobody told when. The buyer is who was read to have given it."""
    review_no = order_no = ""
    while True:
        asked = {"shop_id": shop_id, "review_no": review_no, "order_no": order_no, "since": since, "until": until, "limit": page}
        rows = tx.execute(BETWEEN, asked).fetchall()
        for review_no, order_no, at, score, buyer, facts in rows:
            written = msgspec.json.decode(facts, type=_Written)
            yield ReviewSeen(order_no, review_no, at, score, written.text, buyer, bool(written.is_default))
        if len(rows) < page:
            return
