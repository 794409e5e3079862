"""Parts of orders' payments."""

from zhanggui.core.facts import FactKind, PaymentFacts
from zhanggui.records.facts.table import Column, Table

FETCH = """
    select facts::text, as_of
    from payments
    join unnest(%(a)s::text[], %(b)s::text[]) as wanted (order_no, part_no) on payments.order_no = wanted.order_no and payments.part_no = wanted.part_no
    where payments.shop_id = %(shop_id)s
"""
COPY_NEW = "copy payments (shop_id, order_no, part_no, as_of, facts) from stdin"
REMOVE = """
    delete from payments
    using unnest(%(a)s::text[], %(b)s::text[]) as wanted (order_no, part_no)
    where payments.shop_id = %(shop_id)s and payments.order_no = wanted.order_no and payments.part_no = wanted.part_no
"""
REFRESH = """
    update payments set as_of = %(as_of)s
    from unnest(%(a)s::text[], %(b)s::text[]) as wanted (order_no, part_no)
    where payments.shop_id = %(shop_id)s and payments.order_no = wanted.order_no and payments.part_no = wanted.part_no
        and as_of < %(as_of)s
"""


def _columns(facts: PaymentFacts) -> tuple[Column, ...]:
    return (facts.order_no, facts.part_no)


TABLE = Table(
    kind=FactKind.PAYMENT,
    facts=PaymentFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.order_no, facts.part_no),
    columns=_columns,
)
