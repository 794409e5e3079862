"""The orders that wait for one SKU, with the deadlines they have to leave by."""

from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis
from zhanggui.records.db import Tx


class WaitingOrder(msgspec.Struct, frozen=True):
    """An order that waits for pieces of a SKU, and its deadline to ship where one runs."""

    order_no: str
    pieces: int
    formed_at: datetime | None
    counts_from: str | None
    started_at: datetime | None
    due_at: datetime | None
    due_source: str | None
    rule: str | None
    basis: str | None
    at_risk: int | None

    def ship_by(self) -> Deadline | None:
        """The deadline to ship it by."""
        if self.due_at is None or self.started_at is None:
            return None
        return Deadline(
            subject=Subject(SubjectKind.ORDER, self.order_no),
            kind=DeadlineKind.SHIP_BY,
            state=DeadlineState.OPEN,
            counts_from=self.counts_from or "",
            started_at=self.started_at,
            due_at=self.due_at,
            due_source=DueSource(self.due_source or DueSource.RULEBOOK),
            rule=self.rule or "",
            basis=Basis(self.basis or Basis.ASSUMED),
            at_risk=Fen(self.at_risk or 0),
            order_no=self.order_no,
        )


OF_SKU = """
    select order_goods.order_no, quantity as pieces, orders.group_formed_at as formed_at, deadlines.counts_from, deadlines.started_at, deadlines.due_at,
        deadlines.due_source, deadlines.rule, deadlines.basis, deadlines.at_risk
    from order_goods
    left join orders on orders.shop_id = order_goods.shop_id and orders.order_no = order_goods.order_no
    left join deadlines on deadlines.shop_id = order_goods.shop_id and deadlines.subject_kind = 'order' and deadlines.subject_no = order_goods.order_no
        and deadlines.kind = 'ship_by'
    where order_goods.shop_id = %(shop_id)s and order_goods.sku = %(sku)s and order_goods.state = 'reserved'
    order by deadlines.due_at, order_goods.order_no
"""
# which of them are first only their deadlines tell: what else is known is joined to those alone
PAGE = """
    select listed.order_no, listed.pieces, orders.group_formed_at as formed_at, listed.counts_from, listed.started_at, listed.due_at,
        listed.due_source, listed.rule, listed.basis, listed.at_risk
    from (
        select order_goods.order_no, quantity as pieces, counts_from, started_at, due_at, due_source, rule, basis, at_risk
        from order_goods
        left join deadlines on deadlines.shop_id = order_goods.shop_id and deadlines.subject_kind = 'order' and deadlines.subject_no = order_goods.order_no
            and deadlines.kind = 'ship_by'
        where order_goods.shop_id = %(shop_id)s and order_goods.sku = %(sku)s and order_goods.state = 'reserved'
        order by deadlines.due_at, order_goods.order_no
        limit %(limit)s
    ) as listed
    left join orders on orders.shop_id = %(shop_id)s and orders.order_no = listed.order_no
    order by listed.due_at, listed.order_no
"""
# by the index on kind and band
SHORT = """
    select subject_no from deadlines
    where shop_id = %(shop_id)s and kind = 'restock' and band is not null
    order by band, score desc, subject_no desc
    limit %(limit)s
"""


def short_skus(tx: Tx, shop_id: int, limit: int) -> list[str]:
    """The SKUs of which more is promised than lies there, the most pressing first."""
    return [sku for (sku,) in tx.execute(SHORT, {"shop_id": shop_id, "limit": limit})]


def of_sku(tx: Tx, shop_id: int, sku: str) -> list[WaitingOrder]:
    """Every order that waits for this SKU, those first that have to leave first."""
    with tx.cursor(row_factory=class_row(WaitingOrder)) as cursor:
        return cursor.execute(OF_SKU, {"shop_id": shop_id, "sku": sku}).fetchall()


def some_of_sku(tx: Tx, shop_id: int, sku: str, limit: int) -> list[WaitingOrder]:
    """So many of the orders that wait for this SKU, those that have to leave first."""
    with tx.cursor(row_factory=class_row(WaitingOrder)) as cursor:
        return cursor.execute(PAGE, {"shop_id": shop_id, "sku": sku, "limit": limit}).fetchall()
