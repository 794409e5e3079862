"""Orders: one row per order number; the columns are those that lists, measures and learnt hours read."""

from datetime import UTC, datetime

from zhanggui.core.facts import FactKind, OrderFacts, OrderStage, RefundState, ShippingKind
from zhanggui.records.facts.table import Column, Table

FETCH = "select facts::text, as_of from orders where shop_id = %(shop_id)s and order_no = any(%(a)s)"
COPY_NEW = """
    copy orders (shop_id, order_no, stage, refund, listed_at, group_formed_at, ship_by, deliver_by, shipped_at, received_at, goods_id, tracking_no,
        teaches_hours, as_of, facts) from stdin
"""
REMOVE = "delete from orders where shop_id = %(shop_id)s and order_no = any(%(a)s)"
REFRESH = "update orders set as_of = %(as_of)s where shop_id = %(shop_id)s and order_no = any(%(a)s) and as_of < %(as_of)s"

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Where lists put what has no moment at all: at their very end."""

_PLAIN = (None, ShippingKind.SPOT)


def listed_at(facts: OrderFacts) -> datetime:
    """The moment lists put the order at: its group formed; else it was paid; else it was created."""
    return facts.group_formed_at or facts.paid_at or facts.created_at or UNDATED


def teaches_hours(facts: OrderFacts) -> bool:
    """Whether the promised hours of its product can be learnt from this order: it carries the platform's own field, and nothing special delays it."""
    return (
        facts.ship_by is not None
        and facts.group_formed_at is not None
        and facts.goods_id is not None
        and facts.shipping_kind in _PLAIN
        and facts.presale_ship_at is None
        and facts.booked_at is None
        and not facts.delay_allowed
    )


def _columns(facts: OrderFacts) -> tuple[Column, ...]:
    return (
        facts.order_no,
        facts.stage.value if facts.stage else OrderStage.UNKNOWN.value,
        facts.refund.value if facts.refund else RefundState.NONE.value,
        listed_at(facts),
        facts.group_formed_at,
        facts.ship_by,
        facts.deliver_by,
        facts.shipped_at,
        facts.received_at,
        facts.goods_id,
        facts.tracking_no,
        teaches_hours(facts),
    )


TABLE = Table(
    kind=FactKind.ORDER,
    facts=OrderFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.order_no,),
    columns=_columns,
)
