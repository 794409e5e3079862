"""Lines of the shop's bill."""

from zhanggui.core.facts import BillLineFacts, FactKind
from zhanggui.records.facts.table import Column, Table

FETCH = "select facts::text, as_of from bill_lines where shop_id = %(shop_id)s and line_no = any(%(a)s)"
COPY_NEW = "copy bill_lines (shop_id, line_no, order_no, happened_at, income, expense, as_of, facts) from stdin"
REMOVE = "delete from bill_lines where shop_id = %(shop_id)s and line_no = any(%(a)s)"
REFRESH = "update bill_lines set as_of = %(as_of)s where shop_id = %(shop_id)s and line_no = any(%(a)s) and as_of < %(as_of)s"


def _columns(facts: BillLineFacts) -> tuple[Column, ...]:
    return (facts.line_no, facts.order_no, facts.happened_at, facts.income or 0, facts.expense or 0)


TABLE = Table(
    kind=FactKind.BILL_LINE,
    facts=BillLineFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.line_no,),
    columns=_columns,
)
