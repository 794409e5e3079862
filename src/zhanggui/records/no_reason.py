"""Products that the seven days without a reason are not for."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.records.db import Tx

OF_GOODS = "select goods_id, exception from no_reason_exceptions where shop_id = %(shop_id)s and goods_id = any(%(goods_ids)s)"
SET = """
    insert into no_reason_exceptions (shop_id, goods_id, exception, set_at, set_by) values (%(shop_id)s, %(goods_id)s, %(exception)s, %(at)s, %(by)s)
    on conflict (shop_id, goods_id) do update set exception = excluded.exception, set_at = excluded.set_at, set_by = excluded.set_by
"""
FORGET = "delete from no_reason_exceptions where shop_id = %(shop_id)s and goods_id = %(goods_id)s"


def of_goods(tx: Tx, shop_id: int, goods_ids: Sequence[str]) -> dict[str, str]:
    """The exception of each of these products that has one."""
    return dict(tx.execute(OF_GOODS, {"shop_id": shop_id, "goods_ids": list(goods_ids)}).fetchall()) if goods_ids else {}


def put(tx: Tx, shop_id: int, goods_id: str, exception: str | None, at: datetime, by: int | None) -> None:
    """Marks a product, or takes its mark away."""
    if exception is None:
        tx.execute(FORGET, {"shop_id": shop_id, "goods_id": goods_id})
    else:
        tx.execute(SET, {"shop_id": shop_id, "goods_id": goods_id, "exception": exception, "at": at, "by": by})
