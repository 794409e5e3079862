"""Lines of orders, for sources that have several per order."""

from zhanggui.core.facts import FactKind, OrderLineFacts
from zhanggui.records.facts.table import Column, Table

FETCH = """
    select facts::text, as_of
    from order_lines
    join unnest(%(a)s::text[], %(b)s::text[]) as wanted (order_no, line_no) on order_lines.order_no = wanted.order_no and order_lines.line_no = wanted.line_no
    where order_lines.shop_id = %(shop_id)s
"""
COPY_NEW = "copy order_lines (shop_id, order_no, line_no, ship_by, as_of, facts) from stdin"
REMOVE = """
    delete from order_lines
    using unnest(%(a)s::text[], %(b)s::text[]) as wanted (order_no, line_no)
    where order_lines.shop_id = %(shop_id)s and order_lines.order_no = wanted.order_no and order_lines.line_no = wanted.line_no
"""
REFRESH = """
    update order_lines set as_of = %(as_of)s
    from unnest(%(a)s::text[], %(b)s::text[]) as wanted (order_no, line_no)
    where order_lines.shop_id = %(shop_id)s and order_lines.order_no = wanted.order_no and order_lines.line_no = wanted.line_no
        and as_of < %(as_of)s
"""


def _columns(facts: OrderLineFacts) -> tuple[Column, ...]:
    return (facts.order_no, facts.line_no, facts.ship_by)


TABLE = Table(
    kind=FactKind.ORDER_LINE,
    facts=OrderLineFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.order_no, facts.line_no),
    columns=_columns,
)
