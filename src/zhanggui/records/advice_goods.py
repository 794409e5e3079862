"""In which state goods came back before, and which orders' pictures of their buyers were seen with another order."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.records.db import Tx

FORGET = "delete from advice_goods where shop_id = %(shop_id)s"
COUNT = """
    insert into advice_goods (shop_id, sku, grade, pieces)
    select %(shop_id)s, return_pieces.goods, return_pieces.grade, sum(return_pieces.pieces)
    from returns join return_pieces on return_pieces.shop_id = returns.shop_id and return_pieces.return_no = returns.return_no
    where returns.shop_id = %(shop_id)s and returns.state = 'return_counted' and returns.made_at >= %(since)s and return_pieces.pieces > 0
    group by return_pieces.goods, return_pieces.grade
"""
EVERY = "select grade, sum(pieces)::bigint from advice_goods where shop_id = %(shop_id)s group by grade"
OF_SKUS = "select sku, grade, pieces from advice_goods where shop_id = %(shop_id)s and sku = any(%(skus)s)"
# both pictures are their buyers' own: what the shop itself keeps of its goods looks alike in many orders
SEEN_ELSEWHERE = """
    select distinct mine.order_no from evidence as mine
    join evidence_shows as said on said.shop_id = mine.shop_id and said.seq = mine.seq and %(buyers)s = any(said.shows)
    join photo_likenesses as alike on alike.shop_id = mine.shop_id and alike.digest = mine.content and alike.other_shop_id = mine.shop_id
    join evidence as theirs on theirs.shop_id = mine.shop_id and theirs.content = alike.other_digest and theirs.order_no <> mine.order_no
    join evidence_shows as told on told.shop_id = theirs.shop_id and told.seq = theirs.seq and %(buyers)s = any(told.shows)
    where mine.shop_id = %(shop_id)s and mine.order_no = any(%(order_nos)s)
"""
PIECES = """
    select evidence.order_no, evidence.name, evidence.note, evidence.media_type, evidence_shows.shows
    from evidence left join evidence_shows on evidence_shows.shop_id = evidence.shop_id and evidence_shows.seq = evidence.seq
    where evidence.shop_id = %(shop_id)s and evidence.order_no = any(%(order_nos)s)
    order by evidence.seq
"""


def count_goods(tx: Tx, shop_id: int, since: datetime) -> None:
    """Counts anew in which state goods came back since then."""
    tx.execute(FORGET, {"shop_id": shop_id})
    tx.execute(COUNT, {"shop_id": shop_id, "since": since})


def graded(tx: Tx, shop_id: int) -> dict[str, int]:
    """How many pieces of all goods came back in each state."""
    return dict(tx.execute(EVERY, {"shop_id": shop_id}).fetchall())


def graded_of(tx: Tx, shop_id: int, skus: Sequence[str]) -> dict[str, dict[str, int]]:
    """The same of each of these goods."""
    found: dict[str, dict[str, int]] = {}
    if skus:
        for sku, grade, pieces in tx.execute(OF_SKUS, {"shop_id": shop_id, "skus": list(skus)}):
            found.setdefault(sku, {})[grade] = pieces
    return found


def seen_elsewhere(tx: Tx, shop_id: int, order_nos: Sequence[str], buyers: str) -> set[str]:
    """Those of these orders with a picture of the buyer's that was handed in with another order of the shop, too."""
    slots = {"shop_id": shop_id, "order_nos": list(order_nos), "buyers": buyers}
    return {order_no for (order_no,) in tx.execute(SEEN_ELSEWHERE, slots)}


def pieces(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[tuple[str, str, str, str, list[str] | None]]:
    """What lies in the vault for these orders: order, name, note, sort of file, and what somebody said it shows."""
    return tx.execute(PIECES, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()
